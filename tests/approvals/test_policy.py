"""How the brand wants to be asked: who must say yes, by when, and what follows when nobody does."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.approvals.actions import set_policy
from clients.approvals.models import ApprovalPolicy, Notice, Verdict
from clients.approvals.queries import needed_who_cannot_answer, policy_in_force
from clients.audit.models import Entry
from clients.gate.actions import approve_item, resume, stop
from clients.items.models import Item
from tenants.errors import Conflict, Invalid, Refused
from tenants.ids import uuid7
from tenants.models import Membership
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World, at

GOOD: dict[str, Any] = {"needs": [], "decide_minutes": 60, "on_lapse": "hold", "veto_minutes": 30, "undo_seconds": 10}
MONDAY = "2026-11-23T10:00+01:00"


def digest(item: Item) -> str:
    assert item.version is not None
    return item.version.digest


def policy(world: World, **changes: Any) -> None:
    set_policy(world.owner, **GOOD | changes)


def approve(world: World, role: Role, item: Item) -> str:
    approve_item(world.actor(role), item_id=item.pk, seen_digest=digest(item))
    return world.state_of(item)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"decide_minutes": 0}, "out_of_range", "decide_minutes"),
        ({"decide_minutes": 20161}, "out_of_range", "decide_minutes"),
        ({"veto_minutes": 0}, "out_of_range", "veto_minutes"),
        ({"veto_minutes": 20161}, "out_of_range", "veto_minutes"),
        ({"undo_seconds": -1}, "out_of_range", "undo_seconds"),
        ({"undo_seconds": 61}, "out_of_range", "undo_seconds"),
        ({"on_lapse": "send"}, "unknown_lapse", "on_lapse"),
        ({"needs": [uuid7()]}, "not_an_approver", "needs"),
    ],
)
def test_a_bad_policy_names_its_field_and_changes_nothing(
    world: World, change: dict[str, Any], code: str, field: str
) -> None:
    policy(world)
    with pytest.raises(Invalid) as told:
        policy(world, **change)
    assert (told.value.code, told.value.field) == (code, field)
    with brand_scope(world.brand):
        assert policy_in_force().decide_minutes == 60


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.BRAND_OWNER, Role.BRAND_MANAGER)])
def test_only_heads_of_the_brand_set_it(world: World, role: Role) -> None:
    with pytest.raises(Refused):
        set_policy(world.actor(role), **GOOD)
    set_policy(world.actor(Role.BRAND_MANAGER), **GOOD)
    with brand_scope(world.brand):
        assert ApprovalPolicy.objects.count() == 1


def test_the_agency_cannot_be_among_those_who_must_say_yes(world: World) -> None:
    with pytest.raises(Invalid):
        policy(world, needs=[world.people[Role.AGENCY_OWNER].pk])
    policy(world, needs=[world.people[Role.APPROVER].pk])


def test_one_yes_is_enough_unless_the_brand_names_who_must_agree(world: World) -> None:
    assert approve(world, Role.APPROVER, world.submitted("Un.")) == "cleared"
    policy(world, needs=[world.people[r].pk for r in (Role.APPROVER, Role.BRAND_MANAGER)])
    item = world.submitted("Deux.")
    assert approve(world, Role.BRAND_OWNER, item) == "waiting"
    assert approve(world, Role.APPROVER, item) == "waiting"
    with pytest.raises(Conflict, match="already_said"):
        approve(world, Role.APPROVER, item)
    assert approve(world, Role.BRAND_MANAGER, item) == "cleared"


def test_a_new_policy_counts_the_yeses_that_are_there_and_clears_nothing_without_one(world: World) -> None:
    policy(world, needs=[world.people[r].pk for r in (Role.APPROVER, Role.BRAND_MANAGER)])
    item, other = world.submitted("Un."), world.submitted("Deux.")
    assert approve(world, Role.APPROVER, item) == "waiting"
    policy(world, needs=[world.people[Role.APPROVER].pk])
    world.charter(6)
    world.run_outbox("gate.ask_again")
    assert (world.state_of(item), world.state_of(other)) == ("cleared", "waiting")


def test_a_yes_that_can_never_come_is_told_and_a_new_policy_frees_the_item(world: World) -> None:
    policy(world, needs=[world.people[Role.APPROVER].pk])
    gone = world.people[Role.APPROVER].pk
    Membership.objects.filter(person_id=gone).update(ended_at=timezone.now())
    item = world.submitted()
    with brand_scope(world.brand):
        assert needed_who_cannot_answer() == [gone]
        assert Entry.objects.get(verb="approval.cannot_complete").facts == {"people": [str(gone)]}
    assert approve(world, Role.BRAND_MANAGER, item) == "waiting"
    policy(world, needs=[])
    world.run_outbox("gate.ask_again")
    assert world.state_of(item) == "cleared"


@pytest.mark.parametrize(("on_lapse", "state"), [("hold", "held"), ("skip", "expired")])
def test_nobody_answers_in_time(world: World, on_lapse: str, state: str) -> None:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        policy(world, on_lapse=on_lapse)
        item, answered = world.submitted("Un."), world.submitted("Deux.")
        approve(world, Role.APPROVER, answered)
        clock.shift(timedelta(minutes=59))
        world.run_outbox("gate.lapse")
        assert world.state_of(item) == "waiting"
        clock.shift(timedelta(minutes=1))
        world.run_outbox("gate.lapse")
        assert (world.state_of(item), world.state_of(answered)) == (state, "cleared")


def test_a_deadline_counts_working_hours(world: World) -> None:
    with time_machine.travel(at("2026-11-20T17:30+01:00"), tick=False):  # a Friday evening
        policy(world)
        item = world.submitted()
    with brand_scope(world.brand):
        decide_by = Item.objects.get(pk=item.pk).decide_by
    assert decide_by is not None
    assert decide_by > at("2026-11-23T00:00+01:00")


def test_what_lapsed_stays_for_a_person_whatever_brake_is_lifted_and_gets_a_new_deadline_then(world: World) -> None:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        policy(world, needs=[world.people[r].pk for r in (Role.APPROVER, Role.BRAND_MANAGER)])
        item = world.submitted(not_before=timezone.now() + timedelta(days=3))
        clock.shift(timedelta(minutes=61))
        world.run_outbox("gate.lapse")
        hold = stop(world.owner)
        resume(world.owner, hold_id=hold.pk)
        world.run_outbox("gate.resume")
        assert world.state_of(item) == "held"
        assert approve(world, Role.APPROVER, item) == "waiting"
        clock.shift(timedelta(minutes=61))
        world.run_outbox("gate.lapse")
        assert world.state_of(item) == "held"
        assert approve(world, Role.BRAND_MANAGER, item) == "cleared"


def test_a_request_is_mailed_once_to_each_who_may_say_yes(world: World) -> None:
    policy(world, needs=[world.people[r].pk for r in (Role.APPROVER, Role.BRAND_MANAGER)])
    item = world.submitted()
    approve(world, Role.APPROVER, item)
    with brand_scope(world.brand):
        told = list(Notice.objects.filter(item_id=item.pk).values_list("kind", "person_id"))
        assert sorted(told) == sorted(
            ("approval", world.people[r].pk) for r in (Role.APPROVER, Role.BRAND_MANAGER, Role.BRAND_OWNER)
        )
        assert Verdict.objects.count() == 1


def test_loosening_how_the_brand_is_asked_takes_a_fresh_proof(world: World) -> None:
    values = {"needs": [], "decide_minutes": None, "on_lapse": "hold", "veto_minutes": 1}
    with pytest.raises(Refused) as refused:
        set_policy(world.actor(Role.BRAND_MANAGER, stepped_up=False), **values)
    assert refused.value.code == "step_up_required"
    assert set_policy(world.actor(Role.BRAND_MANAGER), **values).veto_minutes == 1
