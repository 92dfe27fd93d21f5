"""Every write through an action leaves a line in its own transaction, and a refused one leaves none: all actions, one by one.

The list is found by looking: whatever in an `actions` module looks like an action must have a case here.
"""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

import clients
import reports
from clients.approvals.actions import propose_standing, set_policy
from clients.approvals.models import Notice
from clients.approvals.rules import Template
from clients.audit.models import Entry
from clients.audit.sealing import seal_batch
from clients.autonomy.vocabulary import ActionKind, EntryPoint
from clients.briefings.actions import propose_briefing
from clients.briefings.models import BriefingSection
from clients.briefings.queries import briefing_in_force
from clients.briefings.soundness import digest_now
from clients.channels.actions import connect_channel, connect_invited, invite_to_connect
from clients.channels.actions.inviting import seen_of
from clients.community.actions import add_member, begin_erasure, erase_member, hold_member
from clients.community.rules import About
from clients.crisis.actions import (
    call_next,
    declare_crisis,
    end_crisis,
    propose_crisis,
    write_crisis_note,
    write_review,
)
from clients.crisis.models import CrisisCall
from clients.custody.actions import close, merge, pass_on, stand_in, take_back, wait_for_member
from clients.custody.rules import Holder
from clients.disclosure.actions import allow_integration, make_link
from clients.disclosure.rules import InfoClass, Way
from clients.evidence.actions import add_checkpoint_address
from clients.gate.actions import approve_batch, begin_performing, stop
from clients.gate.models import Dispatch
from clients.items.actions import add_media, begin_series, read_import, write_note
from clients.items.models import Item, MediaClass
from clients.mandates.actions import offer_mandate, propose_charter, suspend_mandate
from clients.mandates.queries import version_in_force
from clients.mentions.models import Mention
from clients.people.actions import end_membership, invite_brand_person
from clients.people.actor import process_of
from clients.press.actions import begin_review, write_watch_note
from clients.press.models import ReviewEntry
from clients.sources.actions import add_source, pause_source
from clients.triage.actions import (
    dismiss_mention,
    hold_mention,
    merge_mention,
    rule_together,
    save_view,
)
from tenants.errors import RelaisError
from tenants.models import Agency
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.breakglass.opened import opened
from tests.conversations import acts as conversations
from tests.crm import acts as customers
from tests.custody.conftest import begin
from tests.insights import acts as insights
from tests.keys import acts as keys
from tests.moderation import acts as moderation
from tests.reports import acts as reported
from tests.triage.conftest import handed_before, said
from tests.webhooks import acts as webhooks
from tests.world import World

SECRET_TEXT = "Un texte que le journal ne doit jamais contenir"
Given = dict[str, Any]
OWNER, MANAGER, APPROVER, AUDITOR = Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER, Role.AUDITOR
CM, AGENCY_OWNER, CONTACT = Role.COMMUNITY_MANAGER, Role.AGENCY_OWNER, Role.DEPARTMENT_CONTACT


@dataclass(frozen=True)
class Case:
    """Who may, who may not, and what is given to the action in a world made ready for it."""

    given: Callable[[World], Given]
    may: Role = OWNER
    may_not: Role = AUDITOR


def seen(item: Item) -> Given:
    assert item.version is not None
    return {"item_id": item.pk, "seen_digest": item.version.digest}


def waiting(world: World) -> Given:
    return seen(world.submitted(SECRET_TEXT))


def charter_base(world: World) -> int:
    with brand_scope(world.brand):
        version = version_in_force(world.mandate)
    return version.number if version else 0


def proposal(world: World) -> Any:
    grants = [{"channel": "", "kind": "", "sensitivity": "routine", "level": 3}]
    return propose_charter(actor=world.owner, mandate_id=world.mandate.pk, base=charter_base(world), grants=grants)


def talk(world: World, *before: Callable[..., Any]) -> Given:
    """A conversation that the agency holds."""
    one = {"conversation_id": begin(world).pk}
    for act in before:
        act(world.cm, **one)
    return one


def offered(world: World) -> Given:
    one = talk(world)
    pass_on(world.cm, **one, to=Holder(Side.BRAND), note=SECRET_TEXT)
    return one


def taken_back(world: World) -> Given:
    one = talk(world)
    take_back(world.owner, **one)
    return one


def become_one(world: World) -> Given:
    one = talk(world)
    merge(world.cm, **one, into_id=talk(world)["conversation_id"])
    return one


def away(world: World) -> Given:
    since = timezone.now()
    return {"deputy": world.people[AGENCY_OWNER].pk, "since": since, "until": since + timedelta(days=1)}


def standing(world: World) -> Any:
    return propose_standing(world.cm, title="Horaires", template=Template("", "publish", "routine", (), "Ouvert {x}"))


def post(world: World) -> Any:
    settings = {"host": "127.0.0.1", "port": 2525, "tls": "none", "from_address": "marque@maison.example"}
    account = {"user": "marque", "password": "geheim", "tls": "starttls"}
    return connect_channel(actor=world.owner, kind="email", name="Post", settings=settings | account)


def sealed_log(world: World) -> Given:
    world.draft()
    while seal_batch(world.brand).lines:
        pass
    return {}


def mailed(name: str) -> Given:
    return {"email": f"{name}-geheim@marque.example", "language": "fr"}


def asked_for(world: World) -> Given:
    channel = invite_to_connect(actor=world.owner, kind="memory", name="Lettre")
    return {"channel_id": channel.pk}


def connected_by_agency(world: World) -> Given:
    channel = connect_invited(actor=world.actor(AGENCY_OWNER), **asked_for(world))
    return {"channel_id": channel.pk, "seen": seen_of(channel)}


def call(world: World) -> Given:
    world.charter(6)
    phone = connect_channel(actor=world.owner, kind="phone", name="Téléphone")
    item = world.submitted(SECRET_TEXT, kind=ActionKind.PHONE_CALL, channels=(str(phone.pk),))
    with brand_scope(world.brand):
        return {"dispatch_id": Dispatch.objects.get(item=item).pk}


def begun(world: World) -> Given:
    given = call(world)
    begin_performing(world.cm, **given)
    return given | {"done": True}


def doubtful(world: World) -> Given:
    given = begun(world)
    with brand_scope(world.brand):
        Dispatch.objects.filter(pk=given["dispatch_id"]).update(state="uncertain")
    return given


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 4), "red").save(out, format="PNG")
    return out.getvalue()


def other_mandate(world: World, **state: Any) -> Given:
    agency = Agency.objects.create(slug="autre", name="Autre")
    return {"mandate_id": offer_mandate(actor=world.owner, agency_id=agency.pk, starts_on=date(2026, 1, 1)).pk}


def of_mandate(world: World) -> Given:
    return {"mandate_id": world.mandate.pk}


def suspended(world: World) -> Given:
    suspend_mandate(actor=world.owner, mandate_id=world.mandate.pk)
    return of_mandate(world)


def batch(world: World) -> Given:
    item = seen(world.submitted(SECRET_TEXT))
    return {"items": [(item["item_id"], item["seen_digest"])]}


def reask(world: World) -> Given:
    both = [world.people[r].pk for r in (APPROVER, MANAGER)]
    policy(world, needs=both)
    given = waiting(world)
    from clients.gate.actions import approve_item

    approve_item(world.approver, **given)
    return {"item_id": given["item_id"]}


def held(world: World) -> Given:
    stop(world.owner)
    return {"item_id": world.submitted(SECRET_TEXT, not_before=timezone.now() + timedelta(days=1)).pk}


def agreed_to(world: World) -> Given:
    found = propose_briefing(actor=world.cm, base=1, changes={"tone": SECRET_TEXT}).proposal
    assert found is not None
    return {"proposal_id": found.pk, "seen_digest": found.digest}


def policy(world: World, **changes: Any) -> Given:
    values = {"needs": [], "decide_minutes": 60, "on_lapse": "hold", "veto_minutes": 60} | changes
    set_policy(world.owner, **values)
    return values


def invited(world: World) -> Given:
    return {"invitation_id": invite_brand_person(actor=world.owner, email="neu@example.org", role=Role.APPROVER)}


def shown_the_door(world: World) -> Given:
    person = world.people[CM].pk
    end_membership(actor=world.owner, person_id=person)
    return {"person_id": person}


def recurring(world: World) -> Given:
    """Far enough ahead that none of its days is an item yet."""
    return {
        "content": world.content(SECRET_TEXT),
        "rule": "FREQ=DAILY",
        "first_day": timezone.localdate() + timedelta(days=40),
        "clock": time(9),
        "last_day": None,
        "most": 3,
    }


def series(world: World) -> Given:
    return {"series_id": begin_series(world.cm, **recurring(world)).pk}


def changed_series(world: World) -> Given:
    given = recurring(world)
    return series(world) | {"from_day": given.pop("first_day")} | given


def read_table(world: World) -> Given:
    table = f"date;time;channels;text\n2031-03-10;09:00;{world.wall.name};{SECRET_TEXT}\n"
    return {"data": table.encode(), "name": "plan.csv"}


def remark(world: World) -> Given:
    return {"note_id": write_note(world.owner, item_id=world.draft().pk, text=SECRET_TEXT).pk}


def kept_picture(world: World) -> Given:
    media = add_media(world.owner, data=picture(), declared="image/png")
    with brand_scope(world.brand):
        return {"mark_id": MediaClass.objects.get(media=media).pk}


def section(world: World) -> Given:
    with brand_scope(world.brand):
        return {"section_id": BriefingSection.objects.get(section="tone").pk}


def link(world: World) -> Given:
    return {
        "kind": "items.item",
        "object_id": world.draft().pk,
        "digest": "d" * 64,
        "info_class": InfoClass.SHARED,
        "recipient": SECRET_TEXT,
        "until": timezone.now() + timedelta(days=1),
        "most_views": 1,
        "reason": SECRET_TEXT,
    }


def member(world: World) -> Given:
    return {"member_id": add_member(world.owner, about=About("Léa Zorglub", notes=SECRET_TEXT)).pk}


def altered_briefing(world: World) -> Given:
    """What an erasure left of the briefing in force."""
    propose_briefing(actor=world.owner, base=1, changes={"audience": "Léa Zorglub, voisins."})
    asked = erase_member(world.owner, member_id=member(world)["member_id"], basis="request")
    begin_erasure(process_of(world.brand, EntryPoint.WORKER, "worker"), erasure_id=asked.pk)
    with brand_scope(world.brand):
        version = briefing_in_force()
        assert version is not None
        return {"number": version.number, "seen_digest": digest_now(version)}


def shared_member(world: World) -> Given:
    return {"member_id": add_member(world.cm, about=About("Léa Zorglub", notes=SECRET_TEXT)).pk}


def held_member(world: World) -> Given:
    given = member(world)
    hold_member(world.owner, **given, because=SECRET_TEXT)
    return given


def system(world: World) -> Given:
    return {
        "name": "CRM",
        "system": "api",
        "purpose": SECRET_TEXT,
        "fields": {"items.item": ["title"]},
        "most_class": InfoClass.SHARED,
        "until": timezone.now() + timedelta(days=1),
    }


def proposed_crisis(world: World) -> Given:
    return {"crisis_id": propose_crisis(world.cm, text=SECRET_TEXT).pk, "text": SECRET_TEXT}


def crisis_in_force(world: World) -> Given:
    return {"crisis_id": declare_crisis(world.owner, text=SECRET_TEXT).pk}


def crisis_over(world: World) -> Given:
    given = crisis_in_force(world)
    end_crisis(world.owner, **given, text=SECRET_TEXT)
    return given


def reviewed(world: World) -> Given:
    given = crisis_over(world)
    write_review(world.cm, **given, text=SECRET_TEXT)
    return given


def crisis_note(world: World) -> Given:
    return {"note_id": write_crisis_note(world.owner, **crisis_in_force(world), text=SECRET_TEXT).pk}


def called(world: World) -> Given:
    crisis_id = crisis_in_force(world)["crisis_id"]
    call_next(process_of(world.brand, EntryPoint.WORKER, "crisis"), crisis_id=crisis_id)
    with brand_scope(world.brand):
        return {"call_id": CrisisCall.objects.get(state="called").pk}


OPENED: Given = {"info_class": InfoClass.SHARED, "reason": SECRET_TEXT}


def found_outside(world: World) -> Given:
    """A mention, and what it is said to be."""
    from clients.mentions.actions import take_in
    from clients.mentions.raw import RawMention

    take_in(world.brand, world.wall.pk, "mastodon", [RawMention("1", text=SECRET_TEXT)], all_kept=True)
    with brand_scope(world.brand):
        return {"mention_id": Mention.objects.get().pk, "kind": "praise"}


def heard(world: World) -> Given:
    return {"mention_id": said(world.brand, SECRET_TEXT).pk}


def handed_over(world: World) -> Given:
    return {"handing_id": handed_before(world, said(world.brand, SECRET_TEXT), SECRET_TEXT).pk}


def merged(world: World) -> Given:
    given = heard(world)
    merge_mention(world.cm, **given, into_id=heard(world)["mention_id"])
    return given


def settled(world: World) -> Given:
    given = heard(world)
    dismiss_mention(world.cm, **given, reason="other", words=SECRET_TEXT)
    return given


def settled_together(world: World) -> Given:
    made = rule_together(world.cm, mention_ids=[heard(world)["mention_id"]], step="wrong")
    return {"together": made[0].together}


def held_by_cm(world: World) -> Given:
    given = heard(world)
    hold_mention(world.cm, **given)
    return given


def days() -> Given:
    return {"since": timezone.now() - timedelta(days=1), "until": timezone.now() + timedelta(minutes=1)}


def review(world: World) -> Given:
    said(world.brand, SECRET_TEXT, kind="press")
    return {"review_id": begin_review(world.cm, **days()).pk}


def piece(world: World) -> Given:
    given = review(world)
    with brand_scope(world.brand):
        return given | {"entry_id": ReviewEntry.objects.get().pk}


def piece_beside(world: World) -> Given:
    given = review(world)
    return given | {"mention_id": said(world.brand, SECRET_TEXT, kind="press").pk}


def coming_up() -> Given:
    return {"day": timezone.localdate(), "subject": SECRET_TEXT, "text": SECRET_TEXT}


def press_rule(world: World) -> Given:
    return {"rhythm": "daily", "at": time(8), "weekday": 0, "readers": [], "held": True}


def watched(world: World, kind: str = "feed", **settings: str) -> Given:
    given = {"url": "http://127.0.0.1:9/feed"} if kind == "feed" else settings
    source = add_source(
        actor=world.owner, kind=kind, name=f"Source {kind}", settings=given, info_class=InfoClass.SHARED
    )
    return {"source_id": source.pk}


def proposed_mailbox(world: World) -> Given:
    box = {"host": "127.0.0.1", "port": "993", "tls": "implicit", "user": "ecoute", "folder": "INBOX"}
    return {"source_id": add_source(actor=world.actor(AGENCY_OWNER), kind="mailbox", name="Boîte", settings=box).pk}


def paused_source(world: World) -> Given:
    given = watched(world)
    pause_source(actor=world.owner, **given)
    return given


CASES: dict[str, Case] = {
    "add_source": Case(
        lambda w: {"kind": "feed", "name": SECRET_TEXT, "settings": {"url": "https://journal.example/feed"}},
        AGENCY_OWNER,
    ),
    "change_source": Case(
        lambda w: watched(w) | {"name": SECRET_TEXT, "settings": {"url": "https://journal.example/autre"}}, AGENCY_OWNER
    ),
    "agree_source": Case(proposed_mailbox, MANAGER, AGENCY_OWNER),
    "pause_source": Case(watched, AGENCY_OWNER),
    "resume_source": Case(paused_source, AGENCY_OWNER),
    "remove_source": Case(watched, AGENCY_OWNER),
    "accept_shape": Case(watched, AGENCY_OWNER),
    "classify_source": Case(lambda w: watched(w) | {"info_class": InfoClass.BRAND}, MANAGER),
    "give_secret": Case(lambda w: proposed_mailbox(w) | {"secrets": {"password": SECRET_TEXT}}, MANAGER, AGENCY_OWNER),
    "make_secret": Case(lambda w: watched(w, "webhook", keep="all"), MANAGER, AGENCY_OWNER),
    "invite_to_give": Case(proposed_mailbox, MANAGER, AGENCY_OWNER),
    "look_at_source": Case(watched, AGENCY_OWNER),
    "bring_table": Case(lambda w: watched(w, "table", keep="all") | {"data": f"text\n{SECRET_TEXT}".encode()}, CM),
    "bring_by_hand": Case(lambda w: watched(w, "hand", what="phone") | {"token": "1", "text": SECRET_TEXT}, CM),
    "hold_mention": Case(heard, CM),
    "let_mention_go": Case(held_by_cm, CM),
    "snooze_mention": Case(lambda w: heard(w) | {"until": timezone.now() + timedelta(days=1)}, CM),
    "dismiss_mention": Case(lambda w: heard(w) | {"reason": "other", "words": SECRET_TEXT}, CM),
    "mark_mention_wrong": Case(lambda w: heard(w) | {"words": SECRET_TEXT}, CM),
    "reopen_mention": Case(lambda w: settled(w) | {"words": SECRET_TEXT}, CM),
    "undo_ruling": Case(settled, CM),
    "merge_mention": Case(lambda w: heard(w) | {"into_id": heard(w)["mention_id"]}, CM),
    "split_mention": Case(merged, CM),
    "hand_mention": Case(lambda w: heard(w) | {"to_person": w.people[CONTACT].pk, "note": SECRET_TEXT}, CM),
    "close_handing": Case(lambda w: handed_over(w) | {"answer": SECRET_TEXT}, CONTACT),
    "begin_answer": Case(lambda w: heard(w) | {"content": w.content(SECRET_TEXT)}, CM),
    "rule_together": Case(lambda w: {"mention_ids": [heard(w)["mention_id"]], "step": "wrong"}, CM),
    "undo_together": Case(settled_together, CM),
    "save_view": Case(lambda w: {"name": SECRET_TEXT, "filters": {}}, CM, CONTACT),
    "drop_view": Case(lambda w: {"view_id": save_view(w.cm, name=SECRET_TEXT, filters={}).pk}, CM),
    "begin_review": Case(lambda w: days(), CM),
    "pick_piece": Case(piece_beside, CM),
    "drop_piece": Case(piece, CM),
    "move_piece": Case(lambda w: piece(w) | {"by": 1}, CM),
    "comment_piece": Case(lambda w: piece(w) | {"comment": SECRET_TEXT}, CM),
    "send_review": Case(lambda w: review(w) | {"readers": [w.people[APPROVER].pk]}, CM),
    "hand_out_review": Case(lambda w: review(w) | {"digest": "ab" * 32}, CM, CONTACT),
    "set_press_rule": Case(press_rule, MANAGER, AGENCY_OWNER),
    "write_watch_note": Case(lambda w: coming_up(), CM, OWNER),
    "drop_watch_note": Case(lambda w: {"note_id": write_watch_note(w.cm, **coming_up()).pk}, CM, OWNER),
    "begin_check": Case(sealed_log, AUDITOR, APPROVER),
    "send_checkpoint": Case(sealed_log, AUDITOR, APPROVER),
    "hand_out_log": Case(lambda w: {"way": Way.BUNDLE, "count": 3, "digest": "ab" * 32}, AUDITOR, APPROVER),
    "add_checkpoint_address": Case(lambda w: mailed("it"), OWNER, MANAGER),
    "remove_checkpoint_address": Case(
        lambda w: {"address_id": add_checkpoint_address(w.owner, **mailed("it")).pk}, OWNER, MANAGER
    ),
    "end_glass": Case(lambda w: {"opening_id": opened(w.brand, reason=SECRET_TEXT).pk}, MANAGER, AUDITOR),
    "write_note": Case(lambda w: {"item_id": w.draft().pk, "text": SECRET_TEXT}, CM),
    "classify_note": Case(lambda w: remark(w) | OPENED, OWNER, MANAGER),
    "classify_media": Case(lambda w: kept_picture(w) | OPENED, OWNER, MANAGER),
    "classify_section": Case(lambda w: section(w) | OPENED, OWNER, MANAGER),
    "make_link": Case(link, MANAGER, AGENCY_OWNER),
    "end_disclosure": Case(
        lambda w: {"disclosure_id": make_link(w.owner, **link(w)).link.disclosure_id}, MANAGER, AGENCY_OWNER
    ),
    "allow_integration": Case(system, OWNER, MANAGER),
    "end_integration": Case(lambda w: {"policy_id": allow_integration(w.owner, **system(w)).pk}, MANAGER, AGENCY_OWNER),
    "add_member": Case(lambda w: {"about": About(SECRET_TEXT[:20], notes=SECRET_TEXT)}, CM),
    "change_member": Case(lambda w: shared_member(w) | {"about": About("Zoé", notes=SECRET_TEXT)}, CM),
    "classify_member": Case(lambda w: member(w) | OPENED, OWNER, MANAGER),
    "hold_member": Case(lambda w: member(w) | {"because": SECRET_TEXT}, OWNER, MANAGER),
    "release_member": Case(held_member, OWNER, MANAGER),
    "note_naming": Case(lambda w: shared_member(w) | {"consent": "given", "how": SECRET_TEXT}, CM),
    "tell_member": Case(member, MANAGER, CM),
    "erase_member": Case(lambda w: member(w) | {"basis": "request"}, OWNER, MANAGER),
    "set_retention": Case(lambda w: {"kind": "queue", "days": 30, "on": True}, OWNER, MANAGER),
    "propose_crisis": Case(lambda w: {"text": SECRET_TEXT}, CM),
    "declare_crisis": Case(proposed_crisis, APPROVER, AGENCY_OWNER),
    "dismiss_crisis": Case(proposed_crisis, MANAGER, AGENCY_OWNER),
    "end_crisis": Case(lambda w: crisis_in_force(w) | {"text": SECRET_TEXT}, MANAGER, AGENCY_OWNER),
    "take_crisis": Case(crisis_in_force, CM),
    "pass_call": Case(called, CM),
    "write_crisis_note": Case(lambda w: crisis_in_force(w) | {"text": SECRET_TEXT}, CM),
    "classify_crisis_note": Case(lambda w: crisis_note(w) | OPENED, OWNER, MANAGER),
    "answer_own_acts": Case(lambda w: crisis_in_force(w) | {"answer": "hold"}, MANAGER, CM),
    "set_crisis_rule": Case(lambda w: {"after": 0, "by_itself": ["slow"], "call_minutes": 20}, MANAGER, AGENCY_OWNER),
    "write_review": Case(lambda w: crisis_over(w) | {"text": SECRET_TEXT}, CM),
    "finish_review": Case(reviewed, MANAGER, AGENCY_OWNER),
    "classify_review": Case(lambda w: crisis_over(w) | {"info_class": InfoClass.BRAND}, APPROVER),
    "create_item": Case(lambda w: {"content": w.content(SECRET_TEXT)}, CM),
    "edit_item": Case(lambda w: waiting(w) | {"content": w.content(SECRET_TEXT + "!"), "note": SECRET_TEXT}, CM),
    "add_media": Case(lambda w: {"data": picture(), "declared": "image/png"}, CM),
    "describe_media": Case(
        lambda w: {"digest": add_media(w.cm, data=picture(), declared="image/png").digest, "alt": SECRET_TEXT}, CM
    ),
    "reschedule_item": Case(
        lambda w: seen(w.draft(SECRET_TEXT)) | {"not_before": timezone.now() + timedelta(days=1)}, CM
    ),
    "begin_series": Case(recurring, CM),
    "change_series": Case(changed_series, CM),
    "skip_day": Case(lambda w: series(w) | {"day": recurring(w)["first_day"]}, CM),
    "stop_series": Case(series, CM),
    "read_import": Case(read_table, CM),
    "confirm_import": Case(lambda w: {"import_id": read_import(w.cm, **read_table(w)).pk}, CM),
    "submit_item": Case(lambda w: seen(w.draft(SECRET_TEXT)), CM, APPROVER),
    "withdraw_item": Case(lambda w: {"item_id": waiting(w)["item_id"]}, CM),
    "perform_item": Case(waiting, MANAGER, AGENCY_OWNER),
    "approve_item": Case(lambda w: waiting(w) | {"comment": SECRET_TEXT}, APPROVER, AGENCY_OWNER),
    "approve_with_edit": Case(
        lambda w: waiting(w) | {"content": w.content(SECRET_TEXT + "?"), "comment": SECRET_TEXT}, APPROVER, AGENCY_OWNER
    ),
    "refuse_item": Case(lambda w: waiting(w) | {"comment": SECRET_TEXT}, APPROVER, AGENCY_OWNER),
    "ask_change": Case(lambda w: waiting(w) | {"comment": SECRET_TEXT}, APPROVER, AGENCY_OWNER),
    "veto_item": Case(lambda w: waiting(w) | {"comment": SECRET_TEXT}, APPROVER, AGENCY_OWNER),
    "approve_batch": Case(batch, APPROVER, AGENCY_OWNER),
    "undo_batch": Case(lambda w: {"batch_id": approve_batch(w.approver, **batch(w)).pk}, APPROVER, AGENCY_OWNER),
    "stop": Case(lambda w: {"reason": SECRET_TEXT}, APPROVER, AGENCY_OWNER),
    "resume": Case(lambda w: {"hold_id": stop(w.owner).pk}, MANAGER, AGENCY_OWNER),
    "begin_performing": Case(call, CM),
    "confirm_performed": Case(lambda w: begun(w) | {"note": SECRET_TEXT}, CM),
    "resolve_uncertain": Case(lambda w: doubtful(w) | {"note": SECRET_TEXT}, CM),
    "set_policy": Case(policy, MANAGER, AGENCY_OWNER),
    "propose_standing": Case(
        lambda w: {"title": "H", "template": Template("", "publish", "routine", (), SECRET_TEXT)}, CM
    ),
    "sign_standing": Case(
        lambda w: {"standing_id": (s := standing(w)).pk, "seen_digest": s.digest}, APPROVER, AGENCY_OWNER
    ),
    "end_standing": Case(lambda w: {"standing_id": standing(w).pk}, APPROVER, AGENCY_OWNER),
    "publish_briefing": Case(
        lambda w: {"after": 1, "sections": {"tone": SECRET_TEXT}, "calendar": {}, "note": SECRET_TEXT}
    ),
    "propose_briefing": Case(lambda w: {"base": 1, "changes": {"tone": SECRET_TEXT}, "note": SECRET_TEXT}, CM),
    "agree_briefing": Case(agreed_to, OWNER, CM),
    "agree_again": Case(altered_briefing, OWNER, CM),
    "refuse_briefing": Case(lambda w: {"proposal_id": agreed_to(w)["proposal_id"], "reason": SECRET_TEXT}, MANAGER, CM),
    "withdraw_briefing": Case(lambda w: {"proposal_id": agreed_to(w)["proposal_id"]}, CM),
    "remind_readers": Case(lambda w: {}, MANAGER, CM),
    "acknowledge_briefing": Case(lambda w: {"number": 1}, APPROVER),
    "connect_channel": Case(lambda w: {"kind": "memory", "name": "Deux"}, MANAGER, AGENCY_OWNER),
    "rotate_secret": Case(
        lambda w: {"channel_id": post(w).pk, "secrets": {"password": SECRET_TEXT}}, MANAGER, AGENCY_OWNER
    ),
    "revoke_channel": Case(lambda w: {"channel_id": w.wall.pk}, MANAGER, AGENCY_OWNER),
    "mark_health": Case(lambda w: {"channel_id": w.wall.pk, "code": "tls_missing"}, MANAGER, AGENCY_OWNER),
    "check_channel": Case(lambda w: {"channel_id": w.wall.pk}, MANAGER, AGENCY_OWNER),
    "send_test": Case(lambda w: {"channel_id": post(w).pk}, MANAGER, AGENCY_OWNER),
    "invite_to_connect": Case(lambda w: {"kind": "email", "name": "Lettre"}, MANAGER, AGENCY_OWNER),
    "connect_invited": Case(asked_for, AGENCY_OWNER, OWNER),
    "confirm_channel": Case(connected_by_agency, MANAGER, AGENCY_OWNER),
    "propose_charter": Case(
        lambda w: (
            of_mandate(w)
            | {"base": charter_base(w), "note": SECRET_TEXT}
            | {"grants": [{"channel": "", "kind": "", "sensitivity": "routine", "level": 3}]}
        )
    ),
    "sign_charter": Case(lambda w: {"charter_id": (p := proposal(w)).pk, "digest": p.digest}, OWNER, AGENCY_OWNER),
    "decline_charter": Case(lambda w: {"charter_id": proposal(w).pk}, OWNER, AGENCY_OWNER),
    "withdraw_charter": Case(lambda w: {"charter_id": proposal(w).pk}),
    "lower_grant": Case(
        lambda w: of_mandate(w) | {"grant": {"channel": "", "kind": "", "sensitivity": "routine", "level": 1}},
        MANAGER,
        AGENCY_OWNER,
    ),
    "close_cell": Case(
        lambda w: of_mandate(w) | {"channel": "", "kind": "answer", "sensitivity": "routine"}, MANAGER, AGENCY_OWNER
    ),
    "offer_mandate": Case(
        lambda w: {"agency_id": Agency.objects.create(slug="autre", name="Autre").pk, "starts_on": date(2026, 1, 1)}
    ),
    "activate_mandate": Case(other_mandate, OWNER, AGENCY_OWNER),
    "suspend_mandate": Case(of_mandate, OWNER, AGENCY_OWNER),
    "resume_mandate": Case(suspended, OWNER, AGENCY_OWNER),
    "end_mandate": Case(of_mandate, OWNER, AGENCY_OWNER),
    "resign_mandate": Case(of_mandate, AGENCY_OWNER, OWNER),
    "invite_brand_person": Case(lambda w: {"email": "neu@example.org", "role": Role.APPROVER}, MANAGER, AGENCY_OWNER),
    "invite_agency_person": Case(
        lambda w: {"email": "neu@example.org", "role": CM, "holds_mandate": lambda agency: True}, AGENCY_OWNER
    ),
    "correct_kind": Case(found_outside, CM, AUDITOR),
    "switch_learning": Case(lambda w: {"on": False}, MANAGER, AGENCY_OWNER),
    "revoke_invitation": Case(invited, MANAGER, AGENCY_OWNER),
    "send_invitation_again": Case(invited, MANAGER, AGENCY_OWNER),
    "change_role": Case(lambda w: {"person_id": w.people[APPROVER].pk, "role": Role.AUDITOR}, OWNER, AGENCY_OWNER),
    "ask_second_factor": Case(lambda w: {"of": "deciders"}, OWNER, MANAGER),
    "let_return": Case(shown_the_door, OWNER, AGENCY_OWNER),
    "end_membership": Case(lambda w: {"person_id": w.people[APPROVER].pk}, OWNER, AGENCY_OWNER),
    "pass_on": Case(lambda w: talk(w) | {"to": Holder(Side.BRAND), "note": SECRET_TEXT}, CM),
    "accept": Case(offered),
    "decline": Case(lambda w: offered(w) | {"reason": SECRET_TEXT}),
    "withdraw": Case(offered, CM),
    "take_back": Case(lambda w: talk(w) | {"note": SECRET_TEXT}),
    "give_back": Case(taken_back),
    "lock": Case(taken_back, OWNER, CM),
    "unlock": Case(taken_back, OWNER, CM),
    "take": Case(talk, CM),
    "let_go": Case(talk, CM),
    "wait_for_member": Case(lambda w: talk(w) | {"note": SECRET_TEXT}, CM),
    "snooze": Case(lambda w: talk(w) | {"until": timezone.now() + timedelta(hours=1)}, CM),
    "wake": Case(lambda w: talk(w, wait_for_member), CM),
    "close": Case(talk, CM),
    "reopen": Case(lambda w: talk(w, close), CM),
    "merge": Case(lambda w: talk(w) | {"into_id": talk(w)["conversation_id"], "note": SECRET_TEXT}, CM),
    "part": Case(become_one, CM),
    "stand_in": Case(away, CM),
    "end_stand_in": Case(lambda w: {"stand_in_id": stand_in(w.cm, **away(w)).pk}, CM),
    "hand_portfolio": Case(
        lambda w: {"from_person": w.people[CM].pk, "to_person": w.people[AGENCY_OWNER].pk, "note": SECRET_TEXT},
        AGENCY_OWNER,
    ),
    "ask_held_again": Case(held, OWNER),
    "ask_approved_again": Case(reask, OWNER),
}
BY_THE_HOUSE = {
    "look_at_clocks",  # tests/service
    "lapse",  # these five: tests/custody
    "wake_when_due",
    "begin_absence",
    "end_absence",
    "let_go_of_the_gone",
    "call_contact",
    "date_clocks",
    "date_sources",
    "wake_mention",
    "answer_lost_or_sent",
    "draw_up_due",
    "call_next",
    "look_at_numbers",
    "date_looks",
    "learn_from_corrections",  # needs thirty of them: tests/mentions/test_learning.py
    "begin_erasure",
    "date_erasures",
    "erase_again",
    "finish_erasure",
    "tell_factor_taken",
    "run_retention",
    "date_retention",
    "ask_held_again",
    "ask_approved_again",
    "reseal_secrets",
    "rotate_log_key",
    "reseal_log_keys",
    "renew_seals",
    "open_glass",
    "tell_look",
    "fail_glass",
    "lapse_glass",
    "renew_tokens",
    "warn_of_end",
    "date_channels",
    "look_now",  # needs an act that nobody knows of: tests/gate/test_protocol.py
    "come_in",  # needs a session: tests/portal/test_coming.py
    "hear_hub",
    "forget_repeats",
    "forget_tallies",
    "finish_authorisation",  # needs a network: tests/channels/test_connecting.py
}
"""Called by a worker or a command, whoever is behind it: they move nothing that their actor could decide."""


CASES |= {
    name: Case(*given)
    for part in (moderation, insights, conversations, keys, customers, webhooks, reported)
    for name, given in part.GIVEN.items()
}
BY_THE_HOUSE |= moderation.BY_THE_HOUSE | insights.BY_THE_HOUSE | conversations.BY_THE_HOUSE | keys.BY_THE_HOUSE
BY_THE_HOUSE |= customers.BY_THE_HOUSE | webhooks.BY_THE_HOUSE | reported.BY_THE_HOUSE


def actions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Everything public in the `actions` modules that takes an actor and otherwise named values only: so actions look."""
    for module in (
        *pkgutil.walk_packages(clients.__path__, "clients."),
        *pkgutil.walk_packages(reports.__path__, "reports."),
    ):
        if ".actions" not in module.name:
            continue
        for name, found in vars(import_module(module.name)).items():
            if inspect.isfunction(found) and found.__module__ == module.name and not name.startswith("_"):
                parameters = dict(inspect.signature(found).parameters)
                takes_actor = parameters.pop("actor", None) is not None
                if takes_actor and all(p.kind is p.KEYWORD_ONLY for p in parameters.values()):
                    yield name, found


ACTIONS = dict(actions())


def entries(world: World) -> int:
    with brand_scope(world.brand):
        return Entry.objects.count()


def test_every_action_has_its_case() -> None:
    assert set(ACTIONS) - BY_THE_HOUSE == set(CASES) - BY_THE_HOUSE


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_leaves_a_line_when_it_is_done_and_none_when_it_is_refused(
    world: World, name: str, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT, settings.ALLOW_PRIVATE_SMTP = str(tmp_path), True
    case, action = CASES[name], ACTIONS[name]
    given = case.given(world)
    before = entries(world)
    if name not in BY_THE_HOUSE:
        with pytest.raises(RelaisError):
            action(actor=world.actor(case.may_not), **given)
        assert entries(world) == before
    action(actor=world.actor(case.may), **given)
    assert entries(world) > before
    with brand_scope(world.brand):
        newest = list(Entry.objects.order_by("at", "id"))[before:]
        assert all(e.person_id == world.people[case.may].pk or e.person_id is None for e in newest)
        assert not [e for e in Entry.objects.all() if SECRET_TEXT in str(e.facts)]
        assert not [e for e in Entry.objects.all() if "geheim" in str(e.facts)]


def test_what_the_house_does_by_itself_leaves_lines_too(world: World) -> None:
    world.charter(4)
    item = world.submitted(SECRET_TEXT)
    from clients.gate.actions import notice_delivered

    with brand_scope(world.brand):
        notice = Notice.objects.filter(item_id=item.pk).first()
        assert notice is not None
    notice_delivered(world.brand, notice_id=notice.pk)
    with brand_scope(world.brand):
        lines = Entry.objects.filter(person_id=None, side="", via="worker")
        assert {"notice.delivered", "window.opened"} <= set(lines.values_list("verb", flat=True))
