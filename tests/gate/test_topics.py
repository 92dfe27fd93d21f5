"""Topics, embargoes, approved answers and a crisis at the gate: allowed and refused from one set-up, asked again at sending."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from clients.approvals.rules import answer_matching
from clients.autonomy.vocabulary import ActionKind, Reason, Sensitivity
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.briefings.entries import answers_of
from clients.briefings.models import BriefingVersion
from clients.briefings.queries import number_in_force
from clients.crisis.actions import declare_crisis, end_crisis
from clients.gate.actions import approve_item
from clients.gate.care import words_of
from clients.gate.models import DecisionRecord, Receipt
from clients.gate.replay import replay
from clients.items.content import Content, MediaRef
from clients.items.models import Item
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import SECTIONS, World


def brief(world: World, **sections: Any) -> BriefingVersion:
    """The next version in force, read by everybody who acts for the agency."""
    with brand_scope(world.brand):
        after = number_in_force()
    version = publish_briefing(actor=world.owner, after=after, sections=SECTIONS | sections, calendar={})
    for role in (Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER):
        acknowledge_briefing(actor=world.actor(role), number=version.number)
    return version


def trusted(world: World, sensitive: int = 2, crisis: int = 1) -> None:
    rows = {"routine": 6, "sensitive": sensitive, "crisis": crisis}
    world.sign(*({"channel": "", "kind": "", "sensitivity": s, "level": level} for s, level in rows.items()))


def said(world: World, item: Item) -> DecisionRecord:
    with brand_scope(world.brand):
        kept = DecisionRecord.objects.filter(item_id=item.pk).order_by("at", "id").last()
        assert kept is not None
        assert replay(kept).same
        return kept


TEXTS = [
    ("Les licenciements dans l’usine", True),
    ("On LICENCIE encore", True),
    ("Our layoffs, explained", True),
    ("Les fraises dès samedi", False),
    ("La licence du logiciel", False),
]


@pytest.mark.parametrize(("text", "touches"), TEXTS)
def test_a_sensitive_topic_raises_an_act_in_french_and_english(world: World, text: str, touches: bool) -> None:
    brief(world, sensitive_topics=["licencier; licenciement; layoff"])
    trusted(world)
    item = world.submitted(text)
    kept = said(world, item)
    assert (Reason.SENSITIVE_TOPIC in kept.reasons) is touches
    assert kept.question["sensitivity"] == ("sensitive" if touches else "routine")
    assert world.state_of(item) == ("waiting" if touches else "cleared")


def test_what_is_as_sensitive_already_is_not_raised(world: World) -> None:
    brief(world, sensitive_topics=["grève"])
    trusted(world, sensitive=5)
    item = world.submitted("La greve", sensitivity=Sensitivity.CRISIS)
    assert said(world, item).question["raised"] == []
    assert world.state_of(world.submitted("La grève")) == "cleared"  # the charter grants what is sensitive


@pytest.mark.parametrize("where", ["title", "variants"])
def test_every_word_that_is_seen_counts(world: World, where: str) -> None:
    brief(world, forbidden_topics=["procès"])
    trusted(world)
    values = {"title": "Procès", "variants": {str(world.wall.pk): "Ce PROCÈS"}}
    assert world.state_of(world.submitted("Bonjour", **{where: values[where]})) == "waiting"
    assert world.state_of(world.submitted("Bonsoir")) == "cleared"


def test_the_words_of_a_content_are_all_that_is_seen() -> None:
    content = Content(
        ActionKind.PUBLISH,
        ("c",),
        "text",
        title="title",
        link="https://link.example",
        variants={"c": "variant"},
        media=(MediaRef("d", "alt"),),
        parts=("part",),
        first_comment="comment",
    )
    seen = {"text", "title", "https://link.example", "variant", "alt", "part", "comment"}
    assert set(words_of(content)) == seen


@pytest.mark.parametrize(("then", "state"), [("approve", "waiting"), ("refuse", "refused")])
def test_a_forbidden_topic_needs_the_brand_or_is_refused(world: World, then: str, state: str) -> None:
    brief(world, forbidden_topics=[{"words": "Maison Rivale", "then": then, "exclusions": "musée"}])
    trusted(world)
    item = world.submitted("Mieux que maison rivale")
    assert world.state_of(item) == state
    assert Reason.FORBIDDEN_TOPIC in said(world, item).reasons
    assert world.state_of(world.submitted("Maison Rivale au musée")) == "cleared"
    assert world.state_of(world.submitted("Maison Rivale nous salue", by=world.owner)) == "cleared"


def test_an_embargo_is_asked_again_when_it_leaves(world: World) -> None:
    """Scheduled before there was an embargo, due while there is one; and what is due after its end leaves."""
    trusted(world)
    early = world.submitted("Le nouveau four", not_before=timezone.now() + timedelta(minutes=5))
    assert world.state_of(early) == "cleared"
    until = timezone.localtime() + timedelta(hours=3)
    brief(world, embargoes=[{"words": "nouveau four", "until": until.strftime("%Y-%m-%dT%H:%M")}])
    with brand_scope(world.brand):
        from clients.gate.models import Dispatch
        from clients.outbox.models import OutboxRow

        Dispatch.objects.update(due_at=timezone.now())
        OutboxRow.objects.filter(kind="gate.send").update(due_at=timezone.now())
    world.run_outbox("gate.send")
    assert world.state_of(early) == "waiting"
    assert Reason.EMBARGOED_TOPIC in said(world, early).reasons
    brief(world, embargoes=[{"words": "nouveau four", "until": "2020-01-01"}])
    assert world.state_of(world.submitted("Le nouveau four est là")) == "cleared"


def test_a_crisis_raises_everything_the_agency_does(world: World) -> None:
    trusted(world)
    before = world.submitted("Bonjour")
    declare_crisis(world.owner, text="Un incendie.")
    world.run_outbox("gate.send")
    assert world.state_of(before) == "waiting"
    assert said(world, before).question["raised"] == ["crisis_in_force"]
    assert said(world, before).question["sensitivity"] == "crisis"
    assert world.state_of(world.submitted("Nous y sommes", by=world.owner)) == "cleared"


ANSWERS = [
    ("Nous ouvrons à 8 h.", "cleared"),
    ("Bonjour Zoé, en Bretagne.", "cleared"),
    ("Bonjour Zoé, en Bretagne. Et bien plus.", "waiting"),
    ("Nous ouvrons à 9 h.", "waiting"),
]


@pytest.mark.parametrize(("text", "state"), ANSWERS)
def test_an_approved_answer_is_the_brands_yes_in_advance(world: World, text: str, state: str) -> None:
    brief(
        world,
        approved_answers=[
            {"key": "hours", "language": "fr", "question": "Quand ?", "answer": "Nous ouvrons à 8 h."},
            {"key": "from", "question": "D’où ?", "answer": "Bonjour {name}, en Bretagne."},
        ],
    )
    world.charter(3)
    item = world.submitted(text, kind=ActionKind.ANSWER, target="post-1")
    assert world.state_of(item) == state
    if state == "cleared":
        world.run_outbox("gate.send")
        with brand_scope(world.brand):
            receipt = Receipt.objects.get(item_id=item.pk)
        assert receipt.basis == "standing"
        assert said(world, item).question["standing"].startswith("answer:2:")


def test_acknowledging_in_ready_words_waits_for_nobody_and_in_others_for_the_brand(world: World) -> None:
    brief(world, approved_answers=[{"question": "Vu", "answer": "Bien reçu : réponse {quand}."}])
    world.charter(3)
    seen: dict[str, Any] = {"kind": ActionKind.ACKNOWLEDGE, "target": "post-1"}
    assert world.state_of(world.submitted("Bien reçu : réponse le 3 mars à 10:00.", **seen)) == "cleared"
    for text, more in (
        ("Bien reçu : réponse le 3 mars. Promis", {}),
        ("Bien reçu : réponse demain.", {"title": "Re: Vu"}),
    ):
        assert world.state_of(world.submitted(text, **seen, **more)) == "waiting"


def test_an_answer_of_an_older_version_a_longer_thread_or_another_act_is_not_covered(world: World) -> None:
    answers = [{"question": "Quand ?", "answer": "À 8 h."}]
    brief(world, approved_answers=answers)
    world.charter(3)
    target = {"kind": ActionKind.ANSWER, "target": "post-1"}
    assert world.state_of(world.submitted("À 8 h.", **target)) == "cleared"
    assert world.state_of(world.submitted("À 8 h.", kind=ActionKind.PUBLISH)) == "waiting"
    longer = Content(ActionKind.ANSWER, ("c",), "À 8 h.", first_comment="Ou jamais")
    ready = answers_of({"approved_answers": answers})
    assert answer_matching(ready, 2, longer, "c") == ""
    assert answer_matching(ready, 2, replace(longer, first_comment=""), "c") == "answer:2:1:"
    scheduled = world.submitted("À 8 h.", not_before=timezone.now() + timedelta(days=1), **target)
    brief(world)
    assert world.state_of(world.submitted("À 8 h.", **target)) == "waiting"
    assert world.state_of(scheduled) == "cleared"  # asked again when it is due


def test_a_version_that_no_action_wrote_permits_nothing(world: World) -> None:
    """Somebody with SQL adds a version with an answer of their own, and says that everybody has read it."""
    trusted(world)
    assert world.state_of(world.submitted("Bonjour")) == "cleared"
    with brand_scope(world.brand), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO briefings_briefingversion (id, number, sections, calendar, digest, note, written_by,"
            " written_by_name, agreed_by_brand_at, created_at, seal) SELECT gen_random_uuid(), 2, sections, calendar, digest,"
            " '', written_by, written_by_name, now(), now(), seal FROM briefings_briefingversion"
        )
        cursor.execute(
            "INSERT INTO briefings_acknowledgement (id, version_id, person_id, person_name, side, at) SELECT"
            " gen_random_uuid(), id, %s, '', 'agency', now() FROM briefings_briefingversion WHERE number = 2",
            [world.cm.person_id],
        )
    item = world.submitted("Bonsoir")
    assert world.state_of(item) == "waiting"
    assert Reason.BRIEFING_ALTERED in said(world, item).reasons


def test_what_was_approved_before_a_crisis_does_not_leave_in_it_and_asks_the_brand_again(world: World) -> None:
    """A yes from before was said without knowing; silence from before counts no more than that."""
    trusted(world, crisis=2)
    at = timezone.now() + timedelta(hours=2)
    item = world.submitted("Fêtons l’été !", not_before=at, sensitivity=Sensitivity.SENSITIVE)
    assert item.version is not None
    seen = {"item_id": item.pk, "seen_digest": item.version.digest}
    approve_item(world.approver, **seen)
    assert world.state_of(item) == "cleared"
    crisis = declare_crisis(world.owner, text="Un incendie.")
    with time_machine.travel(at + timedelta(minutes=1)):
        world.run_outbox("gate.send")
        assert (world.state_of(item), world.on_the_wall()) == ("waiting", [])
        assert said(world, item).question["yeses"] == []
        approve_item(world.approver, **seen)
        world.run_outbox("gate.send")
        assert world.on_the_wall() == ["Fêtons l’été !"]
    end_crisis(world.owner, crisis_id=crisis.pk, text="Éteint.")


def test_acknowledgements_stay_open_in_a_crisis_where_the_charter_says_so(world: World) -> None:
    rows = [("", "routine", 6), ("", "sensitive", 2), ("", "crisis", 1), ("acknowledge", "crisis", 5)]
    world.sign(*({"channel": "", "kind": k, "sensitivity": s, "level": level} for k, s, level in rows))
    declare_crisis(world.owner, text="Un incendie.")
    told = world.submitted("Nous avons lu, nous revenons vers vous.", kind=ActionKind.ACKNOWLEDGE, target="post-1")
    assert (world.state_of(told), world.state_of(world.submitted("Bonjour"))) == ("cleared", "waiting")
