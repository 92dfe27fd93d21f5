"""Passing on: every refusal beside its permission, from one set-up; nothing moves before somebody accepts."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.custody.access import access_conversation, steps_open_to, words_beside
from clients.custody.actions import (
    accept,
    close,
    decline,
    give_back,
    lapse,
    let_go,
    lock,
    pass_on,
    take,
    take_back,
    unlock,
    withdraw,
)
from clients.custody.models import Conversation, Offer
from clients.custody.queries import readable_conversations
from clients.custody.rules import ACCEPT_AT_MOST, Holder, LapseTo
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor, process_of
from tenants.errors import Invalid, Missing, Refused, RelaisError
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.custody.conftest import begin, standing
from tests.world import World

BRAND, AGENCY = Holder(Side.BRAND), Holder(Side.AGENCY)


def person(world: World, role: Role) -> Holder:
    return Holder(world.actor(role).side or Side.BRAND, world.people[role].pk)


def refused(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(RelaisError) as error:
        act(*args, **kwargs)
    return error.value.code


def test_an_offer_moves_nothing_until_it_is_accepted(world: World) -> None:
    one = begin(world)
    offer = pass_on(world.cm, conversation_id=one.pk, to=person(world, Role.BRAND_MANAGER), note="A question of price.")
    assert standing(world, one).holder == AGENCY
    assert refused(accept, world.owner, conversation_id=one.pk) == "not_offered_to_you"
    assert refused(accept, world.cm, conversation_id=one.pk) == "not_offered_to_you"
    accept(world.actor(Role.BRAND_MANAGER), conversation_id=one.pk)
    assert standing(world, one).holder == person(world, Role.BRAND_MANAGER)
    assert refused(accept, world.actor(Role.BRAND_MANAGER), conversation_id=one.pk) == "nothing_offered"
    with brand_scope(world.brand):
        assert Offer.objects.get(pk=offer.pk).answer == "accepted"


def test_what_is_offered_to_a_side_is_the_acceptors_and_to_a_team_the_teams(world: World) -> None:
    one, two = begin(world), begin(world)
    pass_on(world.cm, conversation_id=one.pk, to=BRAND, note="Yours.")
    accept(world.owner, conversation_id=one.pk)
    assert standing(world, one).holder == person(world, Role.BRAND_OWNER)
    pass_on(world.cm, conversation_id=two.pk, to=Holder(Side.BRAND, None, "Shop"), note="Yours.")
    accept(world.owner, conversation_id=two.pk)
    assert standing(world, two).holder == Holder(Side.BRAND, None, "Shop")


def test_only_the_side_that_holds_passes_on_and_only_once_at_a_time(world: World) -> None:
    one = begin(world)
    assert refused(pass_on, world.owner, conversation_id=one.pk, to=AGENCY, note="x") == "held_by_other_side"
    assert refused(pass_on, world.cm, conversation_id=one.pk, to=AGENCY, note="x") == "pass_to_holder"
    assert refused(pass_on, world.actor(Role.ANALYST), conversation_id=one.pk, to=BRAND, note="x") == "not_allowed"
    pass_on(world.cm, conversation_id=one.pk, to=BRAND, note="x")
    assert (
        refused(pass_on, world.cm, conversation_id=one.pk, to=person(world, Role.APPROVER), note="x")
        == "already_offered"
    )
    assert refused(withdraw, world.owner, conversation_id=one.pk) == "held_by_other_side"
    withdraw(world.cm, conversation_id=one.pk)
    assert refused(withdraw, world.cm, conversation_id=one.pk) == "nothing_offered"
    pass_on(world.cm, conversation_id=one.pk, to=person(world, Role.APPROVER), note="x")


def test_a_note_a_moment_and_a_receiver_are_checked(world: World) -> None:
    one, now = begin(world), timezone.now()

    def bad(**changes: Any) -> tuple[str, str | None]:
        with pytest.raises((Invalid, Missing, Refused)) as error:
            pass_on(world.cm, **{"conversation_id": one.pk, "to": BRAND, "note": "x"} | changes)
        return error.value.code, error.value.field

    assert bad(note=" ") == ("note_missing", "note")
    assert bad(note="x" * 2001) == ("too_long", "note")
    assert bad(accept_by=now - timedelta(1)) == ("time_past", "accept_by")
    assert bad(accept_by=now + ACCEPT_AT_MOST + timedelta(1)) == ("too_far", "accept_by")
    assert bad(to=Holder(Side.BRAND, None, "x" * 81)) == ("too_long", "team")
    assert bad(to=Holder(Side.BRAND, world.people[Role.COMMUNITY_MANAGER].pk)) == ("person", None)
    assert bad(to=person(world, Role.AUDITOR)) == ("may_not_receive", None)
    assert bad(to=person(world, Role.ANALYST)) == ("may_not_receive", None)


def test_a_department_contact_sees_what_was_handed_to_them_and_nothing_else(world: World) -> None:
    one, beside = begin(world), begin(world)
    contact = world.actor(Role.DEPARTMENT_CONTACT)

    def sees(conversation: Conversation) -> bool:
        with brand_scope(world.brand):
            listed = readable_conversations(contact).filter(pk=conversation.pk).exists()
            try:
                access_conversation(contact, conversation.pk)
            except Missing:
                assert not listed
                return False
            assert listed
            return True

    assert not sees(one)
    pass_on(world.cm, conversation_id=one.pk, to=person(world, Role.DEPARTMENT_CONTACT), note="Who knows?")
    assert sees(one) and not sees(beside)
    accept(contact, conversation_id=one.pk)
    assert sees(one)
    assert refused(close, contact, conversation_id=one.pk) == "not_allowed"
    give_back(contact, conversation_id=one.pk, note="The oven is gas.")
    assert not sees(one)
    assert standing(world, one).holder == AGENCY


def test_a_department_contact_gives_back_only_what_is_in_their_hands(world: World) -> None:
    one, contact = begin(world), world.actor(Role.DEPARTMENT_CONTACT)
    pass_on(world.cm, conversation_id=one.pk, to=BRAND, note="x")
    accept(world.owner, conversation_id=one.pk)
    pass_on(world.owner, conversation_id=one.pk, to=person(world, Role.DEPARTMENT_CONTACT), note="Do you know?")
    assert refused(give_back, contact, conversation_id=one.pk) == "not_in_your_hands"
    accept(contact, conversation_id=one.pk)
    give_back(contact, conversation_id=one.pk)
    assert standing(world, one).holder == person(world, Role.BRAND_OWNER)


def test_what_the_brand_keeps_to_itself_is_passed_to_no_agency(world: World) -> None:
    one = begin(world, Side.BRAND, info_class=InfoClass.BRAND)
    assert refused(pass_on, world.owner, conversation_id=one.pk, to=AGENCY, note="x") == "may_not_receive"
    to = person(world, Role.COMMUNITY_MANAGER)
    assert refused(pass_on, world.owner, conversation_id=one.pk, to=to, note="x") == "may_not_receive"
    contact = person(world, Role.DEPARTMENT_CONTACT)
    assert refused(pass_on, world.owner, conversation_id=one.pk, to=contact, note="x") == "may_not_receive"
    assert refused(take_back, world.cm, conversation_id=one.pk) == "conversation"
    pass_on(world.owner, conversation_id=one.pk, to=person(world, Role.APPROVER), note="x")


def test_declining_needs_a_reason_and_leaves_it_where_it_was(world: World) -> None:
    one = begin(world)
    pass_on(world.cm, conversation_id=one.pk, to=BRAND, note="Yours?")
    assert refused(decline, world.owner, conversation_id=one.pk, reason=" ") == "note_missing"
    assert refused(decline, world.cm, conversation_id=one.pk, reason="No.") == "not_offered_to_you"
    assert decline(world.owner, conversation_id=one.pk, reason="It is yours.").note == "It is yours."
    assert standing(world, one).holder == AGENCY


@pytest.mark.parametrize(
    ("lapse_to", "after"), [(LapseTo.GIVER, AGENCY), (LapseTo.SIDE, Holder(Side.BRAND, None, "Shop"))]
)
def test_an_offer_that_nobody_answers_goes_where_it_was_said(world: World, lapse_to: LapseTo, after: Holder) -> None:
    one, due = begin(world), timezone.now() + timedelta(hours=1)
    to = Holder(Side.BRAND, None, "Shop")
    offer = pass_on(world.cm, conversation_id=one.pk, to=to, note="x", accept_by=due, lapse_to=lapse_to)
    assert refused(lapse, world.cm, offer_id=offer.pk) == "not_allowed"
    world.run_outbox("custody.lapse")
    assert standing(world, one).holder == AGENCY
    with brand_scope(world.brand):
        assert Offer.objects.filter(pk=offer.pk, closed_at=None).exists()
        Offer.objects.filter(pk=offer.pk).update(accept_by=timezone.now())
    lapse(process_of(world.brand, EntryPoint.WORKER, "worker"), offer_id=offer.pk)
    assert standing(world, one).holder == after
    assert refused(accept, world.owner, conversation_id=one.pk) == "nothing_offered"


def test_the_brand_takes_back_always_and_the_agency_what_it_held_and_is_not_locked(world: World) -> None:
    held, never = begin(world), begin(world, Side.BRAND)
    assert refused(take_back, world.cm, conversation_id=held.pk) == "already_yours"
    take_back(world.owner, conversation_id=held.pk, note="I know her.")
    assert standing(world, held).holder == person(world, Role.BRAND_OWNER)
    assert refused(take_back, world.owner, conversation_id=held.pk) == "already_yours"
    assert refused(lock, world.cm, conversation_id=held.pk) == "not_allowed"
    lock(world.owner, conversation_id=held.pk)
    assert refused(take_back, world.cm, conversation_id=held.pk) == "locked_by_brand"
    assert refused(take_back, world.cm, conversation_id=never.pk) == "never_held_it"
    unlock(world.owner, conversation_id=held.pk)
    take_back(world.cm, conversation_id=held.pk)
    assert standing(world, held).holder == person(world, Role.COMMUNITY_MANAGER)
    lock(world.owner, conversation_id=held.pk)
    take_back(world.owner, conversation_id=held.pk)


def test_taking_back_ends_what_was_offered(world: World) -> None:
    one = begin(world)
    offer = pass_on(world.cm, conversation_id=one.pk, to=person(world, Role.APPROVER), note="x")
    take_back(world.owner, conversation_id=one.pk)
    assert refused(accept, world.approver, conversation_id=one.pk) == "nothing_offered"
    with brand_scope(world.brand):
        assert Offer.objects.get(pk=offer.pk).answer == "withdrawn"


def test_it_is_given_back_once_to_who_gave_it(world: World) -> None:
    one = begin(world, holder=person(world, Role.COMMUNITY_MANAGER))
    assert refused(give_back, world.cm, conversation_id=one.pk) == "nothing_to_return"
    pass_on(world.cm, conversation_id=one.pk, to=BRAND, note="x")
    accept(world.owner, conversation_id=one.pk)
    assert refused(give_back, world.cm, conversation_id=one.pk) == "held_by_other_side"
    give_back(world.owner, conversation_id=one.pk)
    assert standing(world, one).holder == person(world, Role.COMMUNITY_MANAGER)
    assert refused(give_back, world.cm, conversation_id=one.pk) == "nothing_to_return"


def test_within_a_side_it_is_taken_and_let_go(world: World) -> None:
    one = begin(world)
    assert refused(take, world.owner, conversation_id=one.pk) == "held_by_other_side"
    take(world.cm, conversation_id=one.pk)
    assert standing(world, one).holder == person(world, Role.COMMUNITY_MANAGER)
    assert refused(let_go, world.owner, conversation_id=one.pk) == "held_by_other_side"
    let_go(world.actor(Role.AGENCY_MANAGER), conversation_id=one.pk, team="Evening")
    assert standing(world, one).holder == Holder(Side.AGENCY, None, "Evening")


def test_another_brands_conversation_is_not_there(world: World, other: World) -> None:
    theirs = begin(other)
    assert refused(take_back, world.owner, conversation_id=theirs.pk) == "conversation"
    assert refused(pass_on, world.cm, conversation_id=theirs.pk, to=BRAND, note="x") == "conversation"
    assert standing(other, theirs).holder == AGENCY


def test_a_process_takes_nothing(world: World) -> None:
    one = begin(world, Side.BRAND)
    house = process_of(world.brand, EntryPoint.WORKER, "worker")
    assert refused(take_back, house, conversation_id=one.pk) == "not_allowed"
    assert isinstance(standing(world, one).holder, Holder)


def test_words_beside_a_step_are_read_by_those_to_whom_they_were_written(world: World) -> None:
    one, head, contact = begin(world), world.actor(Role.AGENCY_MANAGER), world.actor(Role.DEPARTMENT_CONTACT)
    here: dict[str, Any] = {"conversation_id": one.pk}

    def read(actor: Actor) -> list[str]:
        with brand_scope(world.brand):
            found = access_conversation(actor, one.pk)
            return [words for step in steps_open_to(actor, found) if (words := words_beside(actor, step))]

    pass_on(world.cm, **here, to=person(world, Role.AGENCY_MANAGER), note="within the agency")
    accept(head, **here)
    pass_on(head, **here, to=BRAND, note="yours?")
    decline(world.owner, **here, reason="no")
    pass_on(head, **here, to=BRAND, note="yours!")
    accept(world.owner, **here)
    lock(world.owner, **here, note="they promised too much")
    pass_on(world.owner, **here, to=person(world, Role.APPROVER), note="within the brand")
    accept(world.approver, **here)
    pass_on(world.approver, **here, to=person(world, Role.DEPARTMENT_CONTACT), note="your advice?")
    between, within = ["yours?", "no", "yours!"], ["they promised too much", "within the brand", "your advice?"]
    assert [read(who) for who in (world.cm, head)] == [["within the agency", *between]] * 2
    assert [read(who) for who in (world.owner, world.actor(Role.AUDITOR))] == [[*between, *within]] * 2
    assert read(contact) == ["your advice?"]
    accept(contact, **here)
    with brand_scope(world.brand):
        assert [step.step for step in steps_open_to(contact, one)] == ["pass", "accept"]
    give_back(contact, **here, note="my advice")
    pass_on(world.approver, **here, to=AGENCY, note="please tell them")
    assert read(world.owner) == [*between, *within, "my advice", "please tell them"]
    assert read(world.cm) == ["within the agency", *between, "please tell them"]
