"""What came of an act: looked at a few times after its receipt, kept when it changed, and told when others changed it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.audit.models import Entry
from clients.channels.actions import connect_channel, revoke_channel
from clients.channels.delivery import Port
from clients.channels.port import Outbound, Seen, SendFailed, SentState
from clients.gate.actions.looking import AFTER
from clients.gate.models import Sighting
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from tenants.walls.scope import brand_scope, walls
from tests.gate.scripted import Network, network
from tests.world import World, at

MONDAY = "2026-11-23T10:00+01:00"
BLIND = SendFailed("line_down", permanent=False, maybe_sent=False)


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


@pytest.fixture
def item(world: World, there: Network) -> Item:
    sent = world.submitted("Une fois.", channels=(str(world.extra["channel"].pk),))
    world.run_outbox("gate.send")
    return sent


def looks(world: World, clock: Any) -> list[timedelta]:
    """Let all the time pass; when the network was asked, counted from the receipt."""
    start, moments = timezone.now(), []
    for _ in range(20):
        with brand_scope(world.brand):
            row = OutboxRow.objects.filter(kind="gate.look", done_at=None).first()
        if row is None:
            break
        clock.shift(max(row.due_at - timezone.now(), timedelta(0)))
        world.run_outbox("gate.look", rounds=1)
        moments.append(timezone.now() - start)
    return moments


def sightings(world: World) -> list[Sighting]:
    with brand_scope(world.brand):
        return list(Sighting.objects.order_by("at"))


def lines(world: World) -> list[str]:
    with brand_scope(world.brand):
        return list(Entry.objects.filter(verb__startswith="act.seen").values_list("verb", flat=True))


def test_a_post_is_looked_at_seven_times_and_nothing_new_leaves_no_row(
    world: World, there: Network, item: Item, clock: Any
) -> None:
    there.seen = Seen(SentState.PUBLISHED)
    assert looks(world, clock) == list(AFTER)
    assert (there.calls.count("look"), sightings(world), lines(world)) == (7, [], [])


def test_what_changed_is_kept_once(world: World, there: Network, item: Item, clock: Any) -> None:
    there.seen = Seen(SentState.PUBLISHED, replies=0, reactions=2)
    assert len(looks(world, clock)) == 7
    (one,) = sightings(world)
    assert (one.replies, one.reactions, one.shares) == (0, 2, None)


@pytest.mark.parametrize("state", [SentState.EDITED, SentState.GONE])
def test_what_others_did_to_a_post_is_told_once(
    world: World, there: Network, item: Item, clock: Any, state: SentState
) -> None:
    there.seen = Seen(state)
    looks(world, clock)
    assert ([s.state for s in sightings(world)], lines(world)) == ([str(state)], [f"act.seen_{state}"])


def test_a_look_that_fails_changes_nothing_and_the_next_one_follows(
    world: World, there: Network, item: Item, clock: Any
) -> None:
    there.finds = [BLIND] * 6
    there.seen = Seen(SentState.PUBLISHED, replies=1)
    assert looks(world, clock) == list(AFTER)
    assert len(sightings(world)) == 1


def test_nothing_is_looked_at_over_a_channel_that_has_ended(
    world: World, there: Network, item: Item, clock: Any
) -> None:
    revoke_channel(actor=world.owner, channel_id=world.extra["channel"].pk)
    assert len(looks(world, clock)) == 1
    assert "look" not in there.calls


def test_the_network_is_asked_outside_every_transaction(
    world: World, there: Network, item: Item, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    look = Port.look

    def watched(self: Port, outbound: Outbound) -> Seen:
        asked.append(walls().in_atomic_block)
        return look(self, outbound)

    monkeypatch.setattr(Port, "look", watched)
    looks(world, clock)
    assert asked == [False] * 7


def test_a_network_that_shows_nothing_is_not_asked(world: World, clock: Any) -> None:
    world.charter(6)
    world.submitted("Sur le mur.")
    world.run_outbox("gate.send")
    with brand_scope(world.brand):
        rows = OutboxRow.objects.filter(kind="gate.look").count()
    assert rows == (1 if world.wall.kind == "memory" and _memory_looks() else 0)


def _memory_looks() -> bool:
    from clients.channels.registry import connector_for

    return connector_for("memory").looks
