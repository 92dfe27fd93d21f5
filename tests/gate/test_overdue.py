"""After a stop nothing bursts: what should have left while it held waits for a person, asked meanwhile or not."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clients.gate.actions import approve_item, resume, stop
from clients.items.models import Item
from tests.world import World, at


def digest(item: Item) -> str:
    assert item.version is not None
    return item.version.digest


@pytest.mark.parametrize("asked_during_the_stop", [True, False])
@pytest.mark.parametrize("has_moment", [True, False])
def test_what_was_due_during_a_stop_waits_for_a_person(
    world: World, asked_during_the_stop: bool, has_moment: bool
) -> None:
    world.charter(6)
    with time_machine.travel(at("2026-11-23T10:00+01:00"), tick=False) as clock:
        moment = timezone.now() + timedelta(seconds=10) if has_moment else None
        item = world.submitted("Trop tard.", not_before=moment)
        assert world.state_of(item) == "cleared"
        hold = stop(world.owner)
        clock.shift(60)
        if asked_during_the_stop:
            world.run_outbox()
        resume(world.owner, hold_id=hold.pk)
        clock.shift(60)
        world.run_outbox()
        assert (world.state_of(item), world.on_the_wall()) == ("held", [])
        approve_item(world.approver, item_id=item.pk, seen_digest=digest(item))
        world.run_outbox()
        assert world.on_the_wall() == ["Trop tard."]


def test_what_is_due_only_after_the_stop_leaves_at_its_moment(world: World) -> None:
    world.charter(6)
    with time_machine.travel(at("2026-11-23T10:00+01:00"), tick=False) as clock:
        item = world.submitted("À midi.", not_before=timezone.now() + timedelta(hours=2))
        hold = stop(world.owner)
        clock.shift(60)
        resume(world.owner, hold_id=hold.pk)
        world.run_outbox()
        assert world.state_of(item) == "cleared"
        clock.shift(2 * 3600)
        world.run_outbox()
        assert world.on_the_wall() == ["À midi."]
