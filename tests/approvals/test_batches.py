"""Several items approved with one press: of equal risk, undone within seconds, and by nobody who has lost the right meanwhile."""

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from clients.approvals.models import Batch, Verdict
from clients.audit.models import Entry
from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.gate.actions import approve_batch, approve_item, undo_batch
from clients.items.actions import edit_item
from clients.items.models import Item
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.ids import uuid7
from tenants.models import Membership
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World, at

MONDAY = "2026-11-23T10:00+01:00"


def pair(item: Item) -> tuple[UUID, str]:
    assert item.version is not None
    return item.pk, item.version.digest


def test_a_batch_takes_effect_when_the_time_to_undo_is_over(world: World) -> None:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        items = [world.submitted(f"{n}.") for n in range(3)]
        batch = approve_batch(world.approver, items=[pair(i) for i in items])
        clock.shift(9)
        world.run_outbox("gate.batch")
        assert {world.state_of(i) for i in items} == {"waiting"}
        clock.shift(2)
        world.run_outbox("gate.batch")
        assert {world.state_of(i) for i in items} == {"cleared"}
        with pytest.raises(Conflict, match="too_late"):
            undo_batch(world.approver, batch_id=batch.pk)


def test_one_press_takes_all_back(world: World) -> None:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        items = [world.submitted(f"{n}.") for n in range(2)]
        batch = approve_batch(world.approver, items=[pair(i) for i in items])
        with pytest.raises(Missing):
            undo_batch(world.owner, batch_id=batch.pk)
        undo_batch(world.approver, batch_id=batch.pk)
        clock.shift(60)
        world.run_outbox("gate.batch")
        assert {world.state_of(i) for i in items} == {"waiting"}
        with brand_scope(world.brand):
            assert not Verdict.objects.exists()


def test_only_items_of_one_kind_and_sensitivity(world: World) -> None:
    plain = world.submitted("Un.")
    for change in ({"kind": ActionKind.SCHEDULE}, {"sensitivity": Sensitivity.SENSITIVE}):
        with pytest.raises(Invalid, match="batch_mixed_risk"):
            approve_batch(world.approver, items=[pair(plain), pair(world.submitted("Deux.", **change))])
    for size in (0, 51):
        with pytest.raises(Invalid, match="batch_size"):
            approve_batch(world.approver, items=[pair(plain)] * size)
    approve_batch(world.approver, items=[pair(plain), pair(world.submitted("Trois."))])
    with brand_scope(world.brand):
        assert Batch.objects.count() == 1


def test_what_is_stale_decided_ones_own_or_unknown_is_refused_at_the_press(world: World) -> None:
    good = world.submitted("Bon.")
    decided = world.submitted("Fait.")
    approve_item(world.approver, item_id=decided.pk, seen_digest=pair(decided)[1])
    mine = world.draft("À moi.", by=world.approver)
    from clients.gate.actions import submit_item

    submit_item(world.cm, item_id=mine.pk, seen_digest=pair(mine)[1])
    for bad, code in (
        ((good.pk, "another"), "stale_version"),
        (pair(decided), "already_decided"),
        (pair(mine), "own_item"),
        ((uuid7(), "x"), "item"),
    ):
        with pytest.raises((Conflict, Refused, Missing), match=code):
            approve_batch(world.approver, items=[pair(good), bad])
    for role in (Role.AGENCY_OWNER, Role.COMMUNITY_MANAGER, Role.AUDITOR):
        with pytest.raises(Refused):
            approve_batch(world.actor(role), items=[pair(good)])
    with brand_scope(world.brand):
        assert not Batch.objects.exists()


def test_what_changed_meanwhile_is_left_out_and_the_rest_goes_on(world: World) -> None:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        items = [world.submitted(f"{n}.") for n in range(3)]
        approve_batch(world.approver, items=[pair(i) for i in items])
        edit_item(world.cm, item_id=items[1].pk, seen_digest=pair(items[1])[1], content=world.content("Autre."))
        clock.shift(60)
        world.run_outbox("gate.batch")
        assert [world.state_of(i) for i in items] == ["cleared", "draft", "cleared"]
        with brand_scope(world.brand):
            assert Entry.objects.get(verb="batch.left_out").facts == {"item": str(items[1].pk), "code": "stale_version"}


@pytest.mark.parametrize("change", [{"role": "auditor"}, {"ended_at": timezone.now()}])
def test_who_lost_the_right_meanwhile_has_approved_nothing_for_good(world: World, change: dict[str, object]) -> None:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        item = world.submitted()
        batch = approve_batch(world.approver, items=[pair(item)])
        member = Membership.objects.filter(person=world.people[Role.APPROVER])
        before = member.values("role", "ended_at").get()
        member.update(**change)
        clock.shift(60)
        assert world.run_outbox("gate.batch") == 1
        member.update(**before)
        clock.shift(timedelta(days=1))
        assert world.run_outbox("gate.batch") == 0
        assert world.state_of(item) == "waiting"
        with brand_scope(world.brand):
            assert Batch.objects.get(pk=batch.pk).state == "undone"
            assert Entry.objects.filter(verb="batch.void").count() == 1
