"""Holidays, portfolios, and people who have left: every refusal beside its permission."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.custody.actions import (
    accept,
    close,
    end_stand_in,
    hand_portfolio,
    let_go_of_the_gone,
    pass_on,
    snooze,
    stand_in,
    take,
    wake,
)
from clients.custody.models import Offer, StandIn
from clients.custody.rules import Holder
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor, process_of
from tenants.models import Membership
from tenants.pointers import handed_work
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.custody.conftest import begin, standing
from tests.custody.test_passing import person, refused
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
def head(world: World) -> Actor:
    return world.actor(Role.AGENCY_MANAGER)


def mine(world: World, role: Role = Role.COMMUNITY_MANAGER, **facts: Any) -> Any:
    return begin(world, holder=person(world, role), **facts)


def absent(world: World, actor: Actor, deputy: Role, **changes: Any) -> StandIn:
    now = timezone.now()
    values: dict[str, Any] = {"deputy": world.people[deputy].pk, "since": now, "until": now + DAY}
    return stand_in(actor, **values | changes)


def test_the_deputy_has_what_they_hold_and_what_comes_until_they_are_back(world: World, head: Actor) -> None:
    held, offered = mine(world), begin(world, Side.BRAND)
    to = person(world, Role.COMMUNITY_MANAGER)
    pass_on(world.owner, conversation_id=offered.pk, to=to, note="x")
    absence = absent(world, world.cm, Role.AGENCY_MANAGER)
    world.run_outbox("custody.away")
    deputy = person(world, Role.AGENCY_MANAGER)
    assert standing(world, held).holder == deputy
    accept(head, conversation_id=offered.pk)
    assert standing(world, offered).holder == deputy
    late = begin(world, Side.BRAND)
    assert pass_on(world.owner, conversation_id=late.pk, to=to, note="x").to_person == deputy.person
    end_stand_in(world.cm, stand_in_id=absence.pk)
    world.run_outbox("custody.back")
    assert standing(world, held).holder == to
    assert standing(world, offered).holder == deputy  # accepted as their own
    assert pass_on(world.owner, conversation_id=begin(world, Side.BRAND).pk, to=to, note="x").to_person == to.person


def test_before_it_begins_a_deputy_stands_in_for_nobody(world: World, head: Actor) -> None:
    held, offered = mine(world), begin(world, Side.BRAND)
    absent(world, world.cm, Role.AGENCY_MANAGER, since=timezone.now() + DAY, until=timezone.now() + 2 * DAY)
    world.run_outbox("custody.away")
    pass_on(world.owner, conversation_id=offered.pk, to=person(world, Role.COMMUNITY_MANAGER), note="x")
    assert refused(accept, head, conversation_id=offered.pk) == "not_offered_to_you"
    assert standing(world, held).holder == person(world, Role.COMMUNITY_MANAGER)


def test_what_somebody_took_meanwhile_stays_theirs(world: World) -> None:
    held = mine(world)
    absence = absent(world, world.cm, Role.AGENCY_MANAGER)
    world.run_outbox("custody.away")
    take(world.actor(Role.AGENCY_OWNER), conversation_id=held.pk)
    end_stand_in(world.actor(Role.AGENCY_OWNER), stand_in_id=absence.pk)
    world.run_outbox("custody.back")
    assert standing(world, held).holder == person(world, Role.AGENCY_OWNER)


def test_who_stands_in_is_there_and_of_the_same_side(world: World, head: Actor) -> None:
    cm, now = world.cm, timezone.now()
    assert refused(absent, world, cm, Role.COMMUNITY_MANAGER) == "stand_in_for_oneself"
    assert refused(absent, world, cm, Role.BRAND_OWNER) == "person"
    assert refused(absent, world, cm, Role.ANALYST) == "may_not_receive"
    assert refused(absent, world, cm, Role.AGENCY_OWNER, until=now - DAY) == "time_past"
    assert refused(absent, world, cm, Role.AGENCY_OWNER, since=now + 2 * DAY) == "ends_before_it_begins"
    assert refused(absent, world, cm, Role.AGENCY_OWNER, until=now + 400 * DAY) == "too_far"
    assert refused(absent, world, cm, Role.AGENCY_OWNER, person=head.somebody) == "not_allowed"
    absence = absent(world, head, Role.AGENCY_OWNER, person=cm.somebody)
    assert refused(absent, world, cm, Role.AGENCY_MANAGER) == "already_away"
    assert refused(absent, world, head, Role.COMMUNITY_MANAGER) == "deputy_away"
    assert refused(absent, world, world.actor(Role.AGENCY_OWNER), Role.AGENCY_MANAGER) == "is_deputy"
    assert refused(end_stand_in, world.owner, stand_in_id=absence.pk) == "stand_in"
    end_stand_in(cm, stand_in_id=absence.pk)
    absent(world, cm, Role.AGENCY_MANAGER)


def test_a_portfolio_goes_only_to_who_has_read_the_briefing(world: World, head: Actor) -> None:
    one, two, theirs = mine(world), mine(world), mine(world, Role.AGENCY_MANAGER)
    held = {"from_person": world.cm.somebody, "note": "On leave."}
    assert (
        refused(hand_portfolio, head, to_person=world.people[Role.AGENCY_OWNER].pk, **held | {"note": " "})
        == "note_missing"
    )
    assert refused(hand_portfolio, world.owner, to_person=head.somebody, **held) == "person"
    assert refused(hand_portfolio, head, to_person=world.people[Role.ANALYST].pk, **held) == "may_not_receive"
    assert refused(hand_portfolio, head, to_person=world.cm.somebody, **held) == "hand_to_oneself"
    other = {"from_person": head.somebody, "to_person": world.cm.somebody, "note": "x"}
    assert refused(hand_portfolio, world.cm, **other) == "not_allowed"
    publish_briefing(actor=world.owner, after=1, sections={"tone": "Warm."}, calendar={})
    to = {"to_person": head.somebody}
    assert refused(hand_portfolio, world.cm, **held, **to) == "briefing_not_acknowledged"
    acknowledge_briefing(actor=head, number=2)
    done = hand_portfolio(world.cm, **held, **to)
    assert (done.moved, done.offered, done.kept) == (2, 0, 0)
    assert {standing(world, each).holder for each in (one, two, theirs)} == {person(world, Role.AGENCY_MANAGER)}


def test_what_the_receiver_may_not_read_stays_and_what_was_offered_comes_along(world: World, head: Actor) -> None:
    kept = mine(world, info_class=InfoClass.NAMED, named=[str(world.cm.somebody)])
    moved, offered = mine(world), begin(world, Side.BRAND)
    pass_on(world.owner, conversation_id=offered.pk, to=person(world, Role.COMMUNITY_MANAGER), note="x")
    done = hand_portfolio(head, from_person=world.cm.somebody, to_person=head.somebody, note="x")
    assert (done.moved, done.offered, done.kept) == (1, 1, 1)
    assert standing(world, kept).holder == person(world, Role.COMMUNITY_MANAGER)
    assert standing(world, moved).holder == person(world, Role.AGENCY_MANAGER)
    accept(head, conversation_id=offered.pk)


def test_what_somebody_held_who_has_left_is_their_sides(world: World) -> None:
    gone, stays = mine(world), mine(world, Role.AGENCY_MANAGER)
    house = process_of(world.brand, EntryPoint.WORKER, "worker")
    assert let_go_of_the_gone(house) == 0
    Membership.objects.filter(person=world.people[Role.COMMUNITY_MANAGER]).update(ended_at=timezone.now())
    assert refused(let_go_of_the_gone, world.owner) == "not_allowed"
    assert let_go_of_the_gone(house) == 1
    assert standing(world, gone).holder == Holder(Side.AGENCY)
    assert standing(world, stays).holder == person(world, Role.AGENCY_MANAGER)


def test_an_absence_of_another_brand_is_not_there(world: World, other: World) -> None:
    theirs = absent(other, other.cm, Role.AGENCY_MANAGER)
    assert refused(end_stand_in, world.cm, stand_in_id=theirs.pk) == "stand_in"
    with brand_scope(world.brand):
        assert not Offer.objects.exists() and not StandIn.objects.exists()


def test_what_waits_for_somebody_and_what_they_hold_stands_on_their_work_alone(world: World, other: World) -> None:
    def work(role: Role) -> list[str]:
        return [pointer.kind for pointer in handed_work(world.people[role].pk, [], 10)]

    one, to = begin(world), person(world, Role.BRAND_MANAGER)
    begin(other, holder=Holder(Side.AGENCY, other.people[Role.COMMUNITY_MANAGER].pk))
    pass_on(world.cm, conversation_id=one.pk, to=to, note="x")
    manager = world.actor(Role.BRAND_MANAGER)
    assert (work(Role.BRAND_MANAGER), work(Role.BRAND_OWNER)) == (["offered"], [])
    accept(manager, conversation_id=one.pk)
    assert work(Role.BRAND_MANAGER) == ["held"]
    snooze(manager, conversation_id=one.pk, until=timezone.now() + DAY)
    assert work(Role.BRAND_MANAGER) == []
    wake(manager, conversation_id=one.pk)
    assert (work(Role.BRAND_MANAGER), work(Role.COMMUNITY_MANAGER)) == (["held"], [])
    close(manager, conversation_id=one.pk)
    assert work(Role.BRAND_MANAGER) == []
    absent(world, world.actor(Role.AGENCY_OWNER), Role.COMMUNITY_MANAGER)
    two = mine(world, Role.AGENCY_OWNER)
    world.run_outbox("custody.away")
    assert (work(Role.AGENCY_OWNER), work(Role.COMMUNITY_MANAGER)) == ([], ["held"])
    assert standing(world, two).holder == person(world, Role.COMMUNITY_MANAGER)
