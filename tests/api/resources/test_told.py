"""What each kind of thing tells and lets be done, allowed and refused; fifty rows cost no more queries than five."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.approvals.models import VetoWindow
from clients.audit.models import Entry
from clients.audit.sealing import seal_batch
from clients.community.actions import add_member, erase_member
from clients.community.rules import About
from clients.custody.access import access_conversation, steps_open_to, words_beside
from clients.custody.actions import pass_on
from clients.custody.rules import Holder
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.gate.actions import approve_item
from clients.insights.actions import decide_insight, note_insight, release_insight
from clients.insights.rules import Decision
from clients.mentions.actions import take_in
from clients.mentions.models import Mention
from clients.mentions.raw import RawMention
from clients.triage.actions import take_up
from tenants.ids import uuid7
from tenants.models import Person
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope, hub_scope
from tests.api.calls import Api, allow, answered_by, api_of
from tests.world import World


def said(world: World, *texts: str, info_class: InfoClass = InfoClass.SHARED) -> list[UUID]:
    raws = [RawMention(f"{uuid7()}", text=text, author="Lucie", language="fr") for text in texts]
    take_in(world.brand, uuid7(), "hand", raws, all_kept=True, source_name="Au comptoir", info_class=info_class)
    with brand_scope(world.brand):
        return list(Mention.objects.filter(text__in=texts).order_by("found_at", "id").values_list("pk", flat=True))


def ids_in(answer: Any) -> list[str]:
    return [one["id"] for one in answer.json()["data"]]


def test_what_is_kept_more_strictly_than_the_policy_is_not_there(world: World, api: Api) -> None:
    (shared,) = said(world, "Bonjour")
    (named,) = said(world, "Entre nous", info_class=InfoClass.NAMED)
    (kept,) = said(world, "Pour la marque", info_class=InfoClass.BRAND)
    narrow = api_of(world, policy=allow(world, most=InfoClass.SHARED))
    assert set(ids_in(api.get("mentions"))) == {str(shared), str(named)}
    assert ids_in(narrow.get("mentions")) == [str(shared)]
    assert narrow.get(f"mentions/{named}").status_code == api.get(f"mentions/{kept}").status_code == 404
    with brand_scope(world.brand):
        line = Disclosure.objects.filter(info_class="named", object_kind="mentions.mention").get()
    assert line.object_ids == [str(named)]


def test_mentions_are_ruled_upon_by_who_may(world: World, api: Api) -> None:
    one, into = said(world, "Merci pour tout", "Un autre mot")
    reader = api_of(world, scopes=("mentions:read",))
    auditor = answered_by(world, api_of(world), Role.AUDITOR)
    told: dict[str, Any] = {"reason": "thanks"}
    assert reader.post(f"mentions/{one}/dismiss", told).json()["code"] == "scope_missing"
    assert auditor.post(f"mentions/{one}/dismiss", told).json()["code"] == "not_allowed"
    done = api.post(f"mentions/{one}/dismiss", told)
    assert (done.status_code, done.json()["outcome"]) == (200, "no_reply")
    assert api.post(f"mentions/{one}/dismiss", told).json()["code"] == "mention_not_in_this_state"
    assert api.post(f"mentions/{one}/undo").json()["state"] == "open"
    assert api.post(f"mentions/{one}/merge", {"into_id": str(into)}).json()["copy_of"] == str(into)
    assert ids_in(api.get("mentions?outcome=merged")) == [str(one)]


def test_conversations_go_from_hand_to_hand_and_steps_tell_what_was_meant_for_the_side(world: World, api: Api) -> None:
    (mention,) = said(world, "Êtes-vous ouverts dimanche ?")
    one = take_up(world.cm, mention_id=mention).pk
    pass_on(
        world.cm, conversation_id=one, to=Holder(Side.AGENCY, world.people[Role.AGENCY_MANAGER].pk), note="entre nous"
    )
    auditor = answered_by(world, api_of(world), Role.AUDITOR)
    assert auditor.post(f"conversations/{one}/take-back").json()["code"] == "not_allowed"
    taken = api.post(f"conversations/{one}/take-back", {"note": "Je m’en occupe."})
    assert (taken.json()["holder_side"], taken.json()["holder_person"]) == ("brand", str(world.owner.person_id))
    assert api.post(f"conversations/{one}/take-back").json()["code"] == "already_yours"
    offered = api.post(f"conversations/{one}/pass-on", {"to_side": "agency", "note": "À vous ?"})
    assert (offered.status_code, offered.json()["holder_side"]) == (200, "brand")
    assert [turn["text"] for turn in api.get(f"turns?conversation={one}").json()["data"]] == [
        "Êtes-vous ouverts dimanche ?"
    ]
    for role, program in ((Role.BRAND_OWNER, api), (Role.AUDITOR, auditor)):
        steps = list(reversed(program.get(f"custody-steps?conversation={one}").json()["data"]))
        with brand_scope(world.brand):
            actor = world.actor(role)
            told = [words_beside(actor, step) for step in steps_open_to(actor, access_conversation(actor, one))]
        assert [step["note"] for step in sorted(steps, key=lambda step: step["number"])] == told
        assert "entre nous" not in told and "Je m’en occupe." in told


def test_members_are_written_whole_and_only_as_they_were_read(world: World, api: Api) -> None:
    body = {
        "name": "Léa Martin",
        "email": "lea@example.org",
        "handles": [{"network": "mastodon", "handle": "@lea@s.example"}],
    }
    made = api.post("members", {**body, "info_class": "shared"}, Idempotency_Key="lea")
    again = api.post("members", {**body, "info_class": "shared"}, Idempotency_Key="lea")
    assert (made.status_code, made.content) == (201, again.content)
    at, tag = f"members/{made.json()['id']}", made["ETag"]
    assert api("PUT", at, {"name": "Léa"}).json()["code"] == "if_match_missing"
    changed = api("PUT", at, {"name": "Léa M."}, If_Match=tag)
    assert (changed.json()["name"], changed.json()["email"], changed.json()["handles"]) == ("Léa M.", "", [])
    assert api("PUT", at, {"name": "Zoé"}, If_Match=tag).status_code == 412
    assert api("PUT", at, {"name": "Zoé", "held_because": "x"}, If_Match=changed["ETag"]).status_code == 422
    add_member(world.owner, about=About("À part", handles=(("bluesky", "lea.example"),)), info_class=InfoClass.SHARED)
    assert len(api.get("members?handle=@lea.example").json()["data"]) == 1
    erase_member(world.owner, member_id=UUID(made.json()["id"]), basis="request")
    assert api.get(at).status_code == 404


def test_insights_are_noted_and_decided(world: World, api: Api) -> None:
    (mention,) = said(world, "Et le dimanche ?")
    made = api.post("insights", {"title": "Le dimanche", "mention_id": str(mention)}, Idempotency_Key="i-1")
    assert (made.status_code, made.json()["state"]) == (201, "noted")
    auditor = answered_by(world, api_of(world), Role.AUDITOR)
    at, word = f"insights/{made.json()['id']}", {"decision": "will_do", "why": "Oui."}
    assert auditor.post(f"{at}/decide", word).json()["code"] == "not_allowed"
    assert api.post(f"{at}/decide", word).json()["decision"] == "will_do"
    assert ids_in(api.get("insights?state=decided")) == [made.json()["id"]]


def test_receipts_charters_and_people(world: World, api: Api) -> None:
    items = [world.submitted(f"Texte {n}") for n in range(3)]
    for item in items:
        assert item.version is not None
        approve_item(world.owner, item_id=item.pk, seen_digest=item.version.digest)
    world.run_outbox("gate.send")
    (found,) = api.get(f"receipts?item={items[0].pk}").json()["data"]
    assert items[0].version is not None
    assert (found["digest"], found["basis"]) == (items[0].version.digest, "approval")
    first = api.get("receipts?limit=2").json()
    rest = api.get(f"receipts?limit=2&cursor={first['next']}").json()
    assert (len(first["data"]), len(rest["data"]), rest["next"]) == (2, 1, None)
    (charter,) = api.get("charters?state=in_force").json()["data"]
    assert {grant["sensitivity"] for grant in charter["grants"]} == {"routine", "sensitive", "crisis"}
    assert len(api.get("people?side=agency").json()["data"]) == 4
    assert api.get("channels?fields=name").json()["data"][0].keys() == {"id", "name"}


def test_the_log_and_its_proof_are_for_those_who_read_it(world: World, api: Api) -> None:
    world.submitted("Un.")
    approver = answered_by(world, api_of(world), Role.APPROVER)
    assert approver.get("audit-entries").json()["code"] == "not_allowed"
    (line,) = api.get("audit-entries?verb=item.submitted").json()["data"]
    assert "name" not in line["facts"]
    proof = f"audit-entries/{line['id']}/proof"
    assert api.get(proof).json()["code"] == "log_not_sealed"
    while seal_batch(world.brand).lines:
        pass
    assert line["id"] in api.get(proof).json()["line"]
    assert approver.get(proof).json()["code"] == "not_allowed"
    assert api.get(f"audit-entries/{uuid7()}/proof").status_code == 404
    newest = api.get("checkpoints?limit=1").json()["data"][0]
    assert api.get(f"checkpoints/{newest['size']}").json() == newest
    with brand_scope(world.brand):
        assert Entry.objects.filter(verb="disclosed", facts__kind="audit.entry").exists()


@pytest.mark.parametrize("name", ["mentions", "conversations", "turns", "custody-steps", "members", "insights"])
def test_as_many_queries_for_fifty_as_for_five(world: World, api: Api, name: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"{name}?limit=200").status_code == 200
        return len(queries)

    def more(many: int) -> None:
        for mention in said(world, *(f"Mot {uuid7()}" for _ in range(many))):
            if name in {"conversations", "turns", "custody-steps"}:
                take_up(world.cm, mention_id=mention)
            if name == "insights":
                note_insight(world.cm, title="Un mot", mention_id=mention)
            if name == "members":
                handles = (("mastodon", f"@{mention}@s.example"),)
                add_member(world.cm, about=About(f"M {mention}", handles=handles))

    more(5)
    asked()  # what a process learns once
    few = asked()
    more(45)
    assert asked() == few
    assert len(api.get(f"{name}?limit=200&fields=id").json()["data"]) >= 50


def test_refusals_are_worded_as_the_person_of_the_key_reads(world: World, api: Api) -> None:
    wordless = Api(world.brand, api.secret, api.key, language="")
    for language in ("en", "fr"):
        with hub_scope():
            Person.objects.filter(pk=world.people[Role.BRAND_OWNER].pk).update(language=language)
        alone = wordless.post("items", {}, Idempotency_Key="k")
        bulk = {"rows": [{"id": str(uuid7()), "digest": "ab" * 32}]}
        assert alone["Content-Language"] == language
        told = [
            Api(world.brand, api.secret, api.key, language=said).post("approvals/bulk/approve", bulk).json()["results"]
            for said in ("", language)
        ]
        assert told[0][0]["problem"]["detail"] == told[1][0]["problem"]["detail"]
    assert Api(world.brand, api.secret, api.key, language="en").get("items?x=1")["Content-Language"] == "en"


def test_windows_for_a_veto_and_what_was_released_are_told(world: World, api: Api) -> None:
    item = world.submitted("Les clémentines")
    assert item.version is not None
    with brand_scope(world.brand):
        VetoWindow.objects.create(item_id=item.pk, digest=item.version.digest, minutes=120)
    (window,) = api.get(f"veto-windows?item={item.pk}").json()["data"]
    assert (window["state"], window["minutes"], window["digest"]) == ("undelivered", 120, item.version.digest)
    assert api.get("veto-windows?state=open").json()["data"] == []
    (mention,) = said(world, "Ouvrez le dimanche !")
    insight = note_insight(world.cm, title="Le dimanche", text="Gardé", mention_id=mention)
    assert api.get("you-said-we-did").json()["data"] == []
    decide_insight(world.owner, insight_id=insight.pk, decision=Decision.WILL_DO, why="Entre nous")
    release_insight(world.owner, insight_id=insight.pk, said="Ouvrez le dimanche", did="C’est fait")
    (line,) = api.get("you-said-we-did").json()["data"]
    assert (line["you_said"], line["we_did"], line["insight"]) == ("Ouvrez le dimanche", "C’est fait", str(insight.pk))
    assert "Entre nous" not in str(line) and "Gardé" not in str(line)
