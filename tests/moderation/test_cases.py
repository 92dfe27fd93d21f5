"""Cases: what may be asked for when, evidence, appeals, telling the member, raids and their undoing, going slow; two brands."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from clients.audit.erasing.holders import holders
from clients.audit.erasing.values import Sought
from clients.audit.models import Entry
from clients.autonomy.vocabulary import ActionKind, EntryPoint
from clients.channels.models import MemoryPost
from clients.community.actions.retaining import run_retention
from clients.conversations.actions import open_from_mention
from clients.custody.models import Turn
from clients.disclosure.rules import InfoClass
from clients.gate.models import Receipt
from clients.items.models import Item
from clients.mentions.models import Mention
from clients.moderation import actions as moderation
from clients.moderation.access import access_case, appeal_to_mail, open_evidence
from clients.moderation.models import Act, Appeal, Evidence, Raid
from clients.moderation.queries import appeals_for, calm_now, cases, evidence_naming, readable_cases
from clients.moderation.rules import UNDO_WITHIN
from clients.outbox.registry import Later
from clients.people.actor import Actor, process_of
from tenants.errors import Conflict, Invalid, Missing, Refused, RelaisError
from tenants.models import Membership
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.moderation.conftest import approve, case_of, comment, manager, state_of, work
from tests.proof._stage import picture
from tests.world import World


def refused(code: str, kind: type[RelaisError], act: Any) -> None:
    with pytest.raises(kind) as found:
        act()
    assert found.value.code == code


def hidden(world: World, text: str = "Vous êtes tous nuls.", **more: Any) -> Act:
    """By the brand, and it has left."""
    (act,) = moderation.ask_acts(manager(world), mention_id=comment(world, text).pk, acts=["hide"], rule="1", **more)
    work(world)
    follow(world)
    return act


def follow(world: World) -> None:
    """The followers have looked, however long they wait."""
    with brand_scope(world.brand):
        acts = list(Act.objects.values_list("pk", flat=True))
    for act in acts:
        with suppress(Later):
            moderation.follow_act(process_of(world.brand, EntryPoint.WORKER, "moderation"), act_id=act)


# --- Asking ------------------------------------------------------------------------------------------------------------


def test_a_hidden_comment_is_hidden_there_receipted_and_shown_again(world: World) -> None:
    act = hidden(world)
    case = case_of(world, act)
    assert (case.state, case.rule, case.rule_words) == ("hidden", "1", "On reste courtois.")
    again = moderation.show_again(manager(world), case_id=case.pk)
    work(world)
    follow(world)
    assert case_of(world, again).state == "visible"
    with brand_scope(world.brand):
        told = list(MemoryPost.objects.filter(target=case.target).order_by("at").values_list("kind", flat=True))
        receipts = Receipt.objects.filter(item_id__in=(act.item_id, again.item_id)).count()
        cited = Item.objects.select_related("version").get(pk=act.item_id).version
    assert told == ["hide", "unhide"]
    assert receipts == 2
    assert cited is not None and cited.content["rule"] == "1"


def test_what_makes_no_sense_is_not_asked_for(world: World) -> None:
    mention = comment(world)

    def ask(*acts: str, rule: str = "1", actor: Any = None) -> Any:
        return lambda: moderation.ask_acts(actor or manager(world), mention_id=mention.pk, acts=acts, rule=rule)

    refused("nothing_chosen", Invalid, ask())
    refused("unknown_rule", Invalid, ask("hide", rule="7"))
    refused("hide_first", Conflict, ask("delete"))
    refused("act_makes_no_sense", Conflict, ask("unhide"))
    refused("not_allowed", Refused, ask("hide", actor=world.actor(Role.AUDITOR)))
    refused("not_allowed", Refused, ask("hide", actor=world.approver))
    ask("hide")()
    refused("act_under_way", Conflict, ask("hide"))
    nowhere = comment(world, "Ailleurs", channel=None, remote_id="")
    refused(
        "nothing_to_moderate",
        Conflict,
        lambda: moderation.ask_acts(manager(world), mention_id=nowhere.pk, acts=["hide"], rule="1"),
    )
    mailbox = comment(world, "Sans identifiant", remote_id="", author_handle="")
    refused(
        "act_not_possible",
        Conflict,
        lambda: moderation.ask_acts(manager(world), mention_id=mailbox.pk, acts=["hide"], rule="1"),
    )


def test_no_sign_in_what_a_member_wrote_keeps_it_from_being_hidden(world: World) -> None:
    mention = comment(world, "Nul\u202e\u0007 !\n" + "très " * 200)
    (act,) = moderation.ask_acts(manager(world), mention_id=mention.pk, acts=["hide"], rule="1")
    assert state_of(world, act) == "cleared"
    assert case_of(world, act).title.startswith("Nul ! très")


def test_a_ban_is_aimed_at_the_member_and_waits(world: World) -> None:
    (ban,) = moderation.ask_acts(manager(world), mention_id=comment(world).pk, acts=["ban"], rule="1")
    assert state_of(world, ban) == "waiting"
    with brand_scope(world.brand):
        version = Item.objects.select_related("version").get(pk=ban.item_id).version
    assert version is not None
    assert (version.content["recipient"], version.content["target"]) == ("@zoe@social.example", "")


def test_another_brand_sees_none_of_it(world: World, other: World) -> None:
    case = case_of(world, hidden(world))
    theirs = manager(other)
    with brand_scope(other.brand):
        assert not cases(theirs).exists()
        refused("case", Missing, lambda: access_case(theirs, case.pk))
    refused("case", Missing, lambda: moderation.show_again(theirs, case_id=case.pk))


def test_a_case_about_what_the_brand_keeps_is_not_there_for_the_agency(world: World) -> None:
    kept = comment(world, "Confidentiel", info_class=InfoClass.BRAND)
    (act,) = moderation.ask_acts(manager(world), mention_id=kept.pk, acts=["hide"], rule="1", why="Un nom propre")
    with brand_scope(world.brand):
        item = Item.objects.select_related("version").get(pk=act.item_id)
        assert item.version is not None
        assert (item.title, item.version.content["title"], item.version.note) == ("", "", "")
        assert readable_cases(manager(world)).count() == 1
        assert not readable_cases(world.cm).exists()
        refused("case", Missing, lambda: access_case(world.cm, act.case_id))


def test_a_turn_of_a_conversation_is_moderated_as_the_mention_that_it_is(world: World) -> None:
    mention = comment(world)
    conversation = open_from_mention(world.cm, mention_id=mention.pk)
    with brand_scope(world.brand):
        turn = Turn.objects.get(conversation=conversation)
    moderation.ask_acts(manager(world), turn_id=turn.pk, acts=["hide"], rule="1")
    refused(
        "act_under_way",
        Conflict,
        lambda: moderation.ask_acts(manager(world), mention_id=mention.pk, acts=["hide"], rule="1"),
    )


# --- Evidence ----------------------------------------------------------------------------------------------------------


def test_evidence_is_sealed_for_the_brand_alone_and_reading_it_is_written_down(world: World) -> None:
    act = hidden(world, "Une insulte", picture=picture("insulte"), declared="image/png")
    with brand_scope(world.brand):
        evidence = Evidence.objects.get(case=act.case_id)
        assert b"insulte" not in bytes(evidence.sealed)
        _row, kept = open_evidence(manager(world), act.case_id, evidence.pk)
        assert (kept.text, kept.author, kept.mime, bool(kept.picture)) == (
            "Une insulte",
            "Zoé Malin",
            "image/png",
            True,
        )
        assert Entry.objects.filter(verb="read", subject_kind="moderation.evidence").count() == 1
        refused("evidence", Missing, lambda: open_evidence(world.cm, act.case_id, evidence.pk))
        Evidence.objects.filter(pk=evidence.pk).update(digest="0" * 64)
        with pytest.raises(ValueError, match="evidence_altered"):
            open_evidence(manager(world), act.case_id, evidence.pk)


def test_evidence_opens_nowhere_else(world: World) -> None:
    one, two = hidden(world, "Un"), hidden(world, "Deux")
    with brand_scope(world.brand):
        first, second = Evidence.objects.get(case=one.case_id), Evidence.objects.get(case=two.case_id)
        Evidence.objects.filter(pk=second.pk).update(sealed=first.sealed, digest=first.digest)
        refused("secret_unreadable", Conflict, lambda: open_evidence(manager(world), two.case_id, second.pk))


def test_evidence_goes_with_whoever_is_named_in_it_and_when_its_time_is_over(world: World) -> None:
    act = hidden(world)
    holder = next(h for h in holders() if h.model is Evidence)
    assert holder.whole
    with brand_scope(world.brand):
        evidence = Evidence.objects.get(case=act.case_id)
        assert evidence_naming(Sought(("Zoé Malin",))) == [evidence.pk]
        assert evidence_naming(Sought(("Paul Autre",))) == []
    worker = process_of(world.brand, EntryPoint.WORKER, "worker")
    run_retention(worker)
    with brand_scope(world.brand):
        assert Evidence.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(days=366)):
        assert run_retention(worker)["evidence"] == 1
    with brand_scope(world.brand):
        assert not Evidence.objects.exists()


# --- Appeals -----------------------------------------------------------------------------------------------------------


def test_an_appeal_is_answered_by_somebody_who_had_no_part_and_undone_by_showing_again(world: World) -> None:
    hide = hidden(world)
    case = case_of(world, hide)
    (delete,) = moderation.ask_acts(manager(world), mention_id=UUID(str(case.mention_id)), acts=["delete"], rule="1")
    approve(world, delete)
    owner = world.people[Role.BRAND_OWNER].pk

    def appeal_to(person: UUID) -> Any:
        return lambda: moderation.record_appeal(
            world.cm, case_id=case.pk, words="C’était de l’humour.", to_person=person
        )

    refused("own_act", Refused, appeal_to(world.people[Role.BRAND_MANAGER].pk))
    refused("own_act", Refused, appeal_to(world.people[Role.APPROVER].pk))
    refused("person", Missing, appeal_to(world.people[Role.AUDITOR].pk))
    appeal = appeal_to(owner)()
    refused("appeal_open", Conflict, appeal_to(owner))
    with brand_scope(world.brand):
        assert [one.pk for one in appeals_for(world.owner)] == [appeal.pk]
        assert not appeals_for(world.cm)

    def decide(actor: Any, verdict: str = "undone", answer: str = "Il a raison.") -> Any:
        return lambda: moderation.decide_appeal(actor, appeal_id=appeal.pk, verdict=verdict, answer=answer)

    refused("own_act", Refused, decide(manager(world)))
    refused("words_missing", Invalid, decide(world.owner, answer=" "))
    refused("unknown_choice", Invalid, decide(world.owner, verdict="perhaps"))
    decide(world.owner)()
    refused("appeal_closed", Conflict, decide(world.owner))
    work(world)
    follow(world)
    assert (state_of(world, delete), case_of(world, hide).state) == ("withdrawn", "visible")


def test_an_appeal_that_is_upheld_changes_nothing(world: World) -> None:
    hide = hidden(world)
    appeal = moderation.record_appeal(
        world.cm, case_id=hide.case_id, words="Non", to_person=world.people[Role.BRAND_OWNER].pk
    )
    done = moderation.decide_appeal(world.owner, appeal_id=appeal.pk, verdict="upheld", answer="La règle est claire.")
    work(world)
    assert (done.state, case_of(world, hide).state) == ("upheld", "hidden")


def test_an_appeal_goes_to_somebody_else_where_its_addressee_has_left_and_not_before(
    world: World, other: World
) -> None:
    hide = hidden(world)
    owner, agency = world.people[Role.BRAND_OWNER], world.people[Role.AGENCY_MANAGER]
    appeal = moderation.record_appeal(world.cm, case_id=hide.case_id, words="Non", to_person=owner.pk)

    def give_to(person: UUID, by: Any = None) -> Any:
        return lambda: moderation.give_appeal(by or world.cm, appeal_id=appeal.pk, to_person=person)

    refused("appeal_in_hand", Conflict, give_to(agency.pk))
    Membership.objects.filter(person=owner).update(ended_at=timezone.now())
    refused("not_allowed", Refused, give_to(agency.pk, world.actor(Role.AUDITOR)))
    refused("appeal", Missing, give_to(agency.pk, other.cm))
    refused("own_act", Refused, give_to(world.people[Role.BRAND_MANAGER].pk))
    refused("person", Missing, give_to(owner.pk))
    refused("person", Missing, give_to(world.people[Role.AUDITOR].pk))
    with brand_scope(world.brand):
        assert Appeal.objects.get(pk=appeal.pk).to_person == owner.pk
    give_to(agency.pk)()
    judge = world.actor(Role.AGENCY_MANAGER)
    with brand_scope(world.brand):
        assert [one.pk for one in appeals_for(judge)] == [appeal.pk]
        assert appeal_to_mail(appeal.pk)[1].person_id == agency.pk  # type: ignore[index]
    refused("appeal_in_hand", Conflict, give_to(world.people[Role.COMMUNITY_MANAGER].pk))
    moderation.decide_appeal(judge, appeal_id=appeal.pk, verdict="upheld", answer="La règle est claire.")
    refused("appeal_closed", Conflict, give_to(agency.pk))


# --- Telling -----------------------------------------------------------------------------------------------------------


def test_the_member_is_told_by_an_item_that_goes_through_the_gate(world: World) -> None:
    hide = hidden(world)
    item = moderation.begin_telling(world.cm, case_id=hide.case_id, text="Règle 1 : on reste courtois.")
    assert (item.kind, item.state) == (ActionKind.DIRECT_MESSAGE, "draft")
    with brand_scope(world.brand):
        version = Item.objects.select_related("version").get(pk=item.pk).version
    assert version is not None and version.content["recipient"] == "@zoe@social.example"
    refused("words_missing", Invalid, lambda: moderation.begin_telling(world.cm, case_id=hide.case_id, text=" "))


# --- Raids -------------------------------------------------------------------------------------------------------------


def test_a_raid_is_hidden_with_one_press_and_taken_back_with_one(world: World) -> None:
    ids = [comment(world, f"Raid {n}").pk for n in range(6)]
    raid = moderation.begin_raid(manager(world), mention_ids=ids, rule="1", why="Une vague")
    world.run_outbox("moderation.raid")
    with brand_scope(world.brand):
        acts = list(Act.objects.filter(raid=raid))
    assert len({act.item_id for act in acts}) == 6
    with brand_scope(world.brand):
        waiting = acts[0]
    world.run_outbox("gate.send")
    follow(world)
    assert {case_of(world, act).state for act in acts} == {"hidden"}
    with brand_scope(world.brand):
        assert Receipt.objects.filter(item_id__in=[act.item_id for act in acts]).count() == 6
    assert waiting in acts
    moderation.undo_raid(world.owner, raid_id=raid.pk)
    refused("raid_too_late", Conflict, lambda: moderation.undo_raid(world.owner, raid_id=raid.pk))
    work(world)
    follow(world)
    assert {case_of(world, act).state for act in acts} == {"visible"}
    with brand_scope(world.brand):
        assert Receipt.objects.filter(kind="unhide").count() == 6


def test_a_raid_undone_before_it_left_never_leaves_and_one_thing_out_of_reach_stops_no_other(world: World) -> None:
    there, gone = comment(world, "Ici"), comment(world, "Sans adresse", remote_id="", author_handle="")
    raid = moderation.begin_raid(world.cm, mention_ids=[there.pk, gone.pk], rule="1")
    world.run_outbox("moderation.raid")
    with brand_scope(world.brand):
        act = Act.objects.get(raid=raid)
        assert Entry.objects.filter(verb="moderation.left_out").count() == 1
    assert state_of(world, act) == "waiting"
    moderation.undo_raid(world.cm, raid_id=raid.pk)
    world.run_outbox("moderation.unraid")
    assert state_of(world, act) == "withdrawn"
    late = moderation.begin_raid(world.cm, mention_ids=[there.pk], rule="1")
    moderation.undo_raid(world.cm, raid_id=late.pk)
    world.run_outbox("moderation.raid")
    with brand_scope(world.brand):
        assert not Act.objects.filter(raid=late).exists()


def test_a_raid_has_its_limits(world: World, other: World) -> None:
    def begin(ids: list[UUID]) -> Any:
        return lambda: moderation.begin_raid(world.cm, mention_ids=ids, rule="1")

    refused("nothing_chosen", Invalid, begin([]))
    refused("too_many_chosen", Invalid, begin([UUID(int=n) for n in range(201)]))
    refused("mention", Missing, begin([comment(other).pk]))
    raid = begin([comment(world).pk])()
    with time_machine.travel(timezone.now() + UNDO_WITHIN + timedelta(seconds=1)):
        refused("raid_too_late", Conflict, lambda: moderation.undo_raid(world.cm, raid_id=raid.pk))
    with brand_scope(world.brand):
        assert Raid.objects.get().undone_at is None


def test_what_the_brand_hid_is_no_agencys_to_take_back(world: World) -> None:
    theirs = moderation.begin_raid(manager(world), mention_ids=[comment(world, "À la marque").pk], rule="1")
    ours = moderation.begin_raid(world.cm, mention_ids=[comment(world, "À l’agence").pk], rule="1")
    world.run_outbox("moderation.raid")
    with brand_scope(world.brand):
        of_brand, of_agency = Act.objects.get(raid=theirs), Act.objects.get(raid=ours)
    refused("not_allowed", Refused, lambda: moderation.undo_raid(world.cm, raid_id=theirs.pk))
    moderation.undo_raid(world.cm, raid_id=ours.pk)
    world.run_outbox("moderation.unraid")
    cm = world.people[Role.COMMUNITY_MANAGER].pk
    moderation.show_one(world.brand, act_id=of_brand.pk, person_id=cm)
    assert (state_of(world, of_brand), state_of(world, of_agency)) == ("cleared", "withdrawn")
    moderation.undo_raid(world.owner, raid_id=theirs.pk)
    world.run_outbox("moderation.unraid")
    assert state_of(world, of_brand) == "withdrawn"


def test_a_thing_that_went_out_of_sight_is_not_shown_again_by_whoever_no_longer_reads_it(world: World) -> None:
    seen, kept = comment(world, "Vue"), comment(world, "Gardée")
    raid = moderation.begin_raid(world.cm, mention_ids=[seen.pk, kept.pk], rule="1")
    world.run_outbox("moderation.raid")
    with brand_scope(world.brand):
        Mention.objects.filter(pk=kept.pk).update(info_class=InfoClass.BRAND)
        acts = {act.case.mention_id: act for act in Act.objects.filter(raid=raid).select_related("case")}
    moderation.undo_raid(world.cm, raid_id=raid.pk)
    world.run_outbox("moderation.unraid")
    assert [state_of(world, acts[one.pk]) for one in (seen, kept)] == ["withdrawn", "waiting"]
    with brand_scope(world.brand):
        assert Entry.objects.get(verb="moderation.left_out").facts["code"] == "case"


def test_an_appeal_gives_an_agency_no_hand_on_what_the_brand_brought(world: World) -> None:
    judge = world.people[Role.AGENCY_MANAGER].pk

    def undo(asker: Actor, text: str) -> Any:
        (act,) = moderation.ask_acts(asker, mention_id=comment(world, text).pk, acts=["hide"], rule="1")
        appeal = moderation.record_appeal(world.cm, case_id=act.case_id, words="Non", to_person=judge)
        given = {"appeal_id": appeal.pk, "verdict": "undone", "answer": "Vu."}
        return act, lambda: moderation.decide_appeal(world.actor(Role.AGENCY_MANAGER), **given)

    theirs, decide = undo(manager(world), "À la marque")
    refused("other_sides_item", Refused, decide)
    ours, decide = undo(world.cm, "À l’agence")
    decide()
    assert (state_of(world, theirs), state_of(world, ours)) == ("cleared", "withdrawn")


# --- Letting be --------------------------------------------------------------------------------------------------------


def test_going_slow_is_recorded_with_a_reason_and_an_end(world: World, other: World) -> None:
    mention = comment(world)
    end = timezone.now() + timedelta(days=1)

    def decide(**more: Any) -> Any:
        given: dict[str, Any] = {
            "kind": "let_talk",
            "reason": "Ils s’en sortent bien.",
            "until": end,
            "mention_id": mention.pk,
        } | more
        return lambda: moderation.decide_calm(world.cm, **given)

    refused("words_missing", Invalid, decide(reason=" "))
    refused("time_past", Invalid, decide(until=timezone.now()))
    refused("not_a_moment", Invalid, decide(until=None))
    refused("too_far", Invalid, decide(until=end + timedelta(days=181)))
    refused("unknown_choice", Invalid, decide(kind="shout"))
    refused("mention", Missing, decide(mention_id=comment(other).pk))
    calm = decide()()
    with brand_scope(world.brand):
        assert [one.pk for one in calm_now(mention=mention)] == [calm.pk]
        with time_machine.travel(end + timedelta(seconds=1)):
            assert calm_now(mention=mention) == []
    moderation.end_calm(world.cm, calm_id=calm.pk)
    refused("calm", Missing, lambda: moderation.end_calm(world.cm, calm_id=calm.pk))
    with brand_scope(world.brand):
        assert calm_now(mention=mention) == []
