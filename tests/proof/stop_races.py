"""Stop means stop: after `stop` has returned, nothing in its scope reaches the wall, whatever was already running.

Each round clears a handful of items and lets workers send them while somebody of the brand stops: everything, a
channel, a kind, a person or an item. The network dawdles, so that a stop often falls between a worker's last question
and the outward call. What the wall holds of the scope when `stop` returns is all it ever holds, also after the resume;
what it does not cover must leave. Workers are threads, and on the full scale for every other round processes. Then 100
overdue items, half of them asked during the stop and half not, half with a moment and half without: the resume sends
none of them, and one yes sends one.

Seen to fall short when: `_leave` did not take the brake's shared lock; `stop` did not press; `_leave` did not ask
again; a brake on everything covered nothing; a dispatch was due at the moment of asking, so that a brake lifted
meanwhile did not count (a defect that this part found).
"""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from clients.approvals.words import HoldScope
from clients.autonomy.vocabulary import ActionKind
from clients.channels.actions import connect_channel
from clients.channels.memory.connector import MemoryConnector
from clients.channels.models import MemoryPost
from clients.channels.port import Outbound, Sent
from clients.gate.actions import approve_item, resume, stop, withdraw_item
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.proof._scene import at_once, code_of, digest, due_rows, failed_rows, posts, scene, surprises, work_off
from tests.proof._workers import worker_processes
from tests.world import World

RACES = {"small": 80, "full": 10_000}
AT_ONCE = 8
OVERDUE = 100
SLOWEST = 0.012
"""Seconds that the network may take; about as long as a worker needs for an item."""


@dataclass(slots=True)
class Tally:
    races: int = 0
    left_before: int = 0
    stayed: int = 0
    after_stop: int = 0
    uncovered_kept: int = 0
    errors: int = 0
    pace: float = (
        0.2  # seconds until about half of a round has left: follows the machine, so that stops fall in between
    )


def run(scale: str) -> tuple[str, bool]:
    """Races, then the overdue items."""
    world = scene(level=6)
    world.extra["walls"] = [world.wall, connect_channel(actor=world.owner, kind="memory", name="Le deuxième mur")]
    tally = Tally()
    with dawdling_network(), worker_processes(world, 2 if scale == "full" else 0) as processes:
        round_ = 0
        while tally.races < RACES[scale]:
            round_ += 1
            by_processes = processes if processes and round_ % 2 else None
            _race(world, tally, by_processes)
    burst, after_yes = _resume_with_overdue(world)
    errors = tally.errors + len(failed_rows(world))
    figures = (
        f"{tally.races:,} races ({tally.left_before:,} left before the stop returned, {tally.stayed:,} stayed), "
        f"{tally.after_stop} sent after it, {tally.uncovered_kept} kept that it did not cover, {errors} errors; "
        f"resume with {OVERDUE} overdue: {burst} sent, one yes: {after_yes} sent"
    )
    clean = not (tally.after_stop or tally.uncovered_kept or errors or burst)
    return figures, clean and after_yes == 1 and tally.left_before > 0 and tally.stayed > 0


@contextmanager
def dawdling_network() -> Iterator[None]:
    """The memory network takes its time, as networks do."""
    quick = MemoryConnector.send

    def slow(self: MemoryConnector, outbound: Outbound, until: float) -> Sent:
        time.sleep(random.random() * SLOWEST)
        return quick(self, outbound, until)

    with patch.object(MemoryConnector, "send", slow):
        yield


def _race(world: World, tally: Tally, processes: Any) -> None:
    items = [_cleared(world) for _ in range(AT_ONCE)]
    scope, value = _some_scope(items)
    covered = {str(item.pk) for item in items if _covers(scope, value, item)}
    rows = due_rows(world, "gate.send")
    seen: set[str] = set()

    def brake() -> Any:
        time.sleep(random.random() * 2 * tally.pace)
        hold = stop(world.approver, scope=scope, value=value)
        seen.update(_on_walls(world, items))
        return hold

    if processes:
        processes.start(rows)
        results = [brake(), *processes.finish()]
    else:
        results = at_once([brake, *(partial(work_off, world, [row]) for row in rows)])
    tally.errors += len(surprises(results))
    resume(world.owner, hold_id=results[0].pk)
    _settle(world)
    now = _on_walls(world, items)
    tally.races += len(covered)
    tally.left_before += len(covered & seen)
    tally.pace *= 0.9 if len(covered & seen) * 2 > len(covered) else 1.1
    tally.stayed += len(covered - now)
    tally.after_stop += len(covered & (now - seen))
    tally.uncovered_kept += len({str(item.pk) for item in items} - covered - now)
    for item in items:
        if str(item.pk) not in now:  # out of the way of later rounds
            code_of(partial(withdraw_item, world.cm, item_id=item.pk))


def _settle(world: World) -> None:
    """Let workers do everything that is due or was put off for seconds."""
    for _ in range(4):
        with brand_scope(world.brand):
            undone = OutboxRow.objects.filter(done_at=None, kind__startswith="gate.")
            undone.filter(due_at__lt=timezone.now() + timedelta(minutes=1)).update(due_at=timezone.now())
        work_off(world, due_rows(world, "gate.send", "gate.resume"))


def _cleared(world: World) -> Item:
    """An item that may leave at once; two channels, two kinds and two people, so that a scope covers some."""
    wall = random.choice(world.extra["walls"])
    by = world.actor(random.choice((Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER)))
    kind = random.choice((ActionKind.PUBLISH, ActionKind.ANSWER))
    item = world.submitted(f"Course {random.random()}", by, kind=kind, channels=(str(wall.pk),))
    assert item.state == "cleared"
    return item


def _some_scope(items: Sequence[Item]) -> tuple[HoldScope, str]:
    scope, item = random.choice(list(HoldScope)), random.choice(items)
    return scope, _value(scope, item)


def _value(scope: HoldScope, item: Item) -> str:
    assert item.version is not None
    return {
        HoldScope.ALL: "",
        HoldScope.CHANNEL: item.version.content["channels"][0],
        HoldScope.KIND: str(item.kind),
        HoldScope.PERSON: str(item.submitter_id),
        HoldScope.ITEM: str(item.pk),
    }[scope]


def _covers(scope: HoldScope, value: str, item: Item) -> bool:
    return _value(scope, item) == value


def _on_walls(world: World, items: Sequence[Item]) -> set[str]:
    """Those of the items that have reached a wall, whatever our own books say of them."""
    with brand_scope(world.brand):
        texts = set(MemoryPost.objects.filter(text__in=[item.title for item in items]).values_list("text", flat=True))
    return {str(item.pk) for item in items if item.title in texts}


def _resume_with_overdue(world: World) -> tuple[int, int]:
    """(sent by the resume, sent by one yes). Due during the stop: some asked then, some only after the resume."""
    soon = timezone.now() + timedelta(milliseconds=300)
    items = [world.submitted(f"Trop tard {n}", not_before=soon if n % 2 else None) for n in range(OVERDUE)]
    hold = stop(world.owner)
    while timezone.now() < soon:
        time.sleep(0.05)
    before = posts(world)
    work_off(world, due_rows(world, "gate.send")[: OVERDUE // 2])
    resume(world.owner, hold_id=hold.pk)
    _settle(world)
    burst = posts(world) - before
    code_of(partial(approve_item, world.approver, item_id=items[0].pk, seen_digest=digest(items[0])))
    _settle(world)
    return burst, posts(world) - before - burst
