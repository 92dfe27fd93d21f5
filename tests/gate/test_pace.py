"""A channel's pace: a gap between acts where the network wants one, and quiet for all of them when it asks for it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.channels.actions import connect_channel
from clients.channels.models import Channel
from clients.channels.port import SendFailed
from clients.gate.actions.pacing import keep_quiet
from clients.gate.models import Dispatch
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from clients.people.actor import process_of
from tenants.walls.scope import brand_scope, durable
from tests.gate.scripted import Network, network, work
from tests.world import World, at

MONDAY = "2026-11-23T10:00+01:00"


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(at(MONDAY), tick=False) as clock:
        yield clock


@pytest.fixture
def there(world: World, clock: Any) -> Iterator[Network]:
    world.charter(6)
    with network("A") as found:
        world.extra["channel"] = connect_channel(actor=world.owner, kind=found.kind, name="Réseau")
        yield found


def submitted(world: World, count: int) -> list[Item]:
    return [world.submitted(f"Texte {n}", channels=(str(world.extra["channel"].pk),)) for n in range(count)]


def channel_now(world: World) -> Channel:
    with brand_scope(world.brand):
        return Channel.objects.get(pk=world.extra["channel"].pk)


def dispatches(world: World) -> list[Dispatch]:
    with brand_scope(world.brand):
        return list(Dispatch.objects.order_by("created_at"))


def departures(world: World, there: Network, clock: Any, *, seconds: int) -> list[int]:
    """In which second each act left, while a worker looks every second."""
    left: list[int] = []
    for second in range(seconds):
        before = len(there.public)
        work(world.brand)
        left += [second] * (len(there.public) - before)
        clock.shift(1)
    return left


def test_acts_over_one_channel_leave_with_the_gap_that_the_network_wants(
    world: World, there: Network, clock: Any
) -> None:
    there.pace(3.0)
    items = submitted(world, 4)
    due = [d.due_at for d in dispatches(world)]
    assert departures(world, there, clock, seconds=12) == [0, 3, 6, 9]
    assert [d.due_at for d in dispatches(world)] == due
    assert [world.state_of(item) for item in items] == ["sent"] * 4
    turns = sorted(d.turn_at for d in dispatches(world) if d.turn_at)
    assert [(b - a).total_seconds() for a, b in pairwise(turns)] == [3.0] * 3


@pytest.mark.parametrize(
    ("written", "next_one"),
    [({}, 3), ({"parts": ("Deux", "Trois")}, 9), ({"first_comment": "Un lien"}, 6)],
)
def test_a_thread_takes_up_the_pace_of_all_its_posts(
    world: World, there: Network, clock: Any, written: dict[str, Any], next_one: int
) -> None:
    """The network counts posts, whoever counts acts: after a thread of three it is left alone for three gaps."""
    there.pace(3.0)
    there.declares = replace(there.declares, max_parts=3, first_comment=True)
    channels = (str(world.extra["channel"].pk),)
    world.submitted("Un", channels=channels, **written)
    world.submitted("Après", channels=channels)
    assert departures(world, there, clock, seconds=12) == [0, next_one]


def test_under_a_daily_cap_a_thread_is_one_act(world: World, there: Network, clock: Any) -> None:
    """A cap bounds what the agency decides alone: a thread is read, approved and receipted as one."""
    world.charter(6, daily_cap=2)
    there.declares = replace(there.declares, max_parts=3, first_comment=True)
    channels = (str(world.extra["channel"].pk),)
    thread = world.submitted("Un", channels=channels, parts=("Deux", "Trois"), first_comment="Un lien")
    second, third = (world.submitted(text, channels=channels) for text in ("Quatre", "Cinq"))
    departures(world, there, clock, seconds=2)
    assert [world.state_of(item) for item in (thread, second, third)] == ["sent", "sent", "waiting"]


def test_without_a_gap_there_are_no_turns(world: World, there: Network, clock: Any) -> None:
    submitted(world, 3)
    assert departures(world, there, clock, seconds=1) == [0, 0, 0]
    assert channel_now(world).next_turn_at is None


def test_after_a_standstill_acts_do_not_leave_all_at_once(world: World, there: Network, clock: Any) -> None:
    there.pace(3.0)
    submitted(world, 5)
    work(world.brand)
    clock.shift(3600)
    assert departures(world, there, clock, seconds=12) == [0, 3, 6, 9]


def test_a_channel_s_own_settings_do_not_lower_the_gap(world: World, there: Network, clock: Any) -> None:
    there.pace(3.0)
    with brand_scope(world.brand):
        Channel.objects.filter(pk=world.extra["channel"].pk).update(settings={"gap_seconds": 0})
    submitted(world, 2)
    assert departures(world, there, clock, seconds=5) == [0, 3]


def test_an_act_tried_again_takes_a_new_turn(world: World, there: Network, clock: Any) -> None:
    there.pace(3.0)
    there.plan = [SendFailed("line_down", permanent=False, maybe_sent=False)]
    submitted(world, 2)
    left = departures(world, there, clock, seconds=60)
    assert left[0] == 3
    assert len(left) == 2


# --- Quiet --------------------------------------------------------------------------------------------------------------


def busy(until: datetime | None, *, maybe_sent: bool = False) -> SendFailed:
    return SendFailed("too_many_requests", permanent=False, maybe_sent=maybe_sent, status=429, retry_at=until)


@pytest.mark.parametrize("maybe_sent", [True, False])
def test_when_a_network_asks_for_quiet_all_acts_over_the_channel_wait(
    world: World, there: Network, clock: Any, maybe_sent: bool
) -> None:
    until = timezone.now() + timedelta(minutes=5)
    there.plan = [busy(until, maybe_sent=maybe_sent)]
    submitted(world, 3)
    calls = departures(world, there, clock, seconds=1)
    assert (calls, there.calls) == ([0] if maybe_sent else [], ["send"])
    assert channel_now(world).quiet_until == until
    clock.shift(290)
    assert (work(world.brand), there.calls) == (0, ["send"])
    clock.shift(12)
    work(world.brand)
    assert len(there.public) == 3


def test_a_crash_does_not_lose_the_quiet(world: World, there: Network, clock: Any) -> None:
    """The worker dies after it has noted the failure and before the outbox knows when to come back."""
    there.plan = [busy(timezone.now() + timedelta(minutes=5))]
    submitted(world, 1)
    work(world.brand)
    with brand_scope(world.brand):
        OutboxRow.objects.filter(kind="gate.send").update(due_at=timezone.now())
    work(world.brand)
    assert there.calls == ["send"]
    clock.shift(303)
    work(world.brand)
    assert len(there.public) == 1


@pytest.mark.parametrize("asked", [-3600, 0])
def test_a_moment_that_has_passed_is_none(world: World, there: Network, clock: Any, asked: int) -> None:
    there.plan = [busy(timezone.now() + timedelta(seconds=asked))]
    submitted(world, 1)
    work(world.brand)
    assert channel_now(world).quiet_until is None
    clock.shift(21)
    work(world.brand)
    assert len(there.public) == 1


def test_a_moment_without_a_zone_is_taken_for_utc(world: World, there: Network, clock: Any) -> None:
    there.plan = [busy((timezone.now() + timedelta(minutes=5)).astimezone(UTC).replace(tzinfo=None))]
    submitted(world, 1)
    work(world.brand)
    assert channel_now(world).quiet_until == timezone.now() + timedelta(minutes=5)


def test_more_than_a_day_is_a_day_and_people_are_told(world: World, there: Network, clock: Any) -> None:
    there.plan = [busy(timezone.now() + timedelta(days=400))]
    submitted(world, 1)
    work(world.brand)
    channel = channel_now(world)
    assert channel.quiet_until == timezone.now() + timedelta(hours=24)
    assert (channel.state, channel.health) == ("broken", "quiet_too_long")


def test_a_shorter_quiet_does_not_end_a_longer_one(world: World, there: Network, clock: Any) -> None:
    """Two calls at once, of which the one with the shorter answer ends last."""
    long, short = timezone.now() + timedelta(hours=2), timezone.now() + timedelta(minutes=1)
    submitted(world, 1)
    worker = process_of(world.brand, EntryPoint.WORKER, "worker")
    for until in (long, short):
        with durable(world.brand):
            keep_quiet(worker, Dispatch.objects.get(), busy(until))
    assert channel_now(world).quiet_until == long


def test_a_moment_that_a_connector_has_bounded_to_a_day_is_told_too(world: World, there: Network, clock: Any) -> None:
    """Read from an answer a moment before the gate hears of it: less than a day ahead by then, and still absurd."""
    there.plan = [busy(timezone.now() + timedelta(days=1, seconds=-5))]
    submitted(world, 1)
    work(world.brand)
    assert channel_now(world).health == "quiet_too_long"
