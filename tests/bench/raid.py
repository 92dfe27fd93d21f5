"""A raid: so many comments hidden with one press, and taken back with one. Seconds, CPU and statements of the press and the work.

One worker does it all, one thing after the other, so several do it sooner. The limit is the same number of plain inserts, each in
a transaction of its own: as little as anything may cost that leaves a trace. Statements of a thing must not grow with the raid.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from clients.channels.models import MemoryPost
from clients.moderation.actions import begin_raid, undo_raid
from clients.moderation.models import Act
from tenants.ids import uuid7
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.bench._tenancy import ratio
from tests.moderation.conftest import comment, publish_rules
from tests.proof._scene import due_rows, quiet, scene, work_off
from tests.world import World

SIZES = {"small": (5, 20), "full": (20, 200)}
HIDING, SHOWING = ("moderation.raid", "gate.send"), ("moderation.unraid", "gate.send")


@dataclass(slots=True)
class Cost:
    seconds: float = 0.0
    cpu: float = 0.0
    statements: int = 0

    def figures(self, things: int) -> dict[str, Any]:
        return {
            "seconds": round(self.seconds, 2),
            "cpu_seconds": round(self.cpu, 2),
            "statements": self.statements,
            "statements_a_thing": round(self.statements / things, 1),
        }


def run(scale: str) -> dict[str, Any]:
    """The same at two sizes, the smaller one first: it also warms up."""
    world = scene(level=6)
    publish_rules(world)
    with quiet():
        found = {things: _raid(world, things) for things in SIZES[scale]}
        bare = _bare(world, SIZES[scale][1])
    small, whole = (found[things] for things in SIZES[scale])
    things = SIZES[scale][1]
    hide, undo = (whole[name] for name in ("hide", "undo"))
    return {
        "name": f"a raid of {things} comments, hidden and shown again by one worker",
        "unit": "seconds for all of them",
        "ours": {name: cost.figures(things) for name, cost in whole.items()},
        "limit": {"as many bare inserts, each committed": bare.figures(things)},
        "ratios": {
            "hide_to_bare": ratio(hide.seconds, bare.seconds),
            "undo_to_bare": ratio(undo.seconds, bare.seconds),
            "statements_a_thing_to_small_raid": ratio(
                hide.statements / things, small["hide"].statements / SIZES[scale][0]
            ),
        },
    }


def _raid(world: World, things: int) -> dict[str, Cost]:
    """INVARIANT: all of them are hidden, and then all of them are there again."""
    wave = [comment(world, f"Vague {n}").pk for n in range(things)]
    manager = world.actor(Role.BRAND_MANAGER)
    costs = {name: Cost() for name in ("press", "hide", "undo press", "undo")}
    with _cost(costs["press"]):
        raid = begin_raid(manager, mention_ids=wave, rule="1")
    with _cost(costs["hide"]):
        _work(world, HIDING)
    assert _out(world, raid.pk, "hide") == things
    with _cost(costs["undo press"]):
        undo_raid(manager, raid_id=raid.pk)
    with _cost(costs["undo"]):
        _work(world, SHOWING)
    with brand_scope(world.brand):
        again = Act.objects.filter(case__mention__in=wave, kind="unhide", item__state="sent").count()
    assert again == things
    return costs


def _work(world: World, kinds: tuple[str, ...]) -> None:
    while rows := due_rows(world, *kinds):
        work_off(world, rows)


def _out(world: World, raid: Any, kind: str) -> int:
    with brand_scope(world.brand):
        return Act.objects.filter(raid=raid, kind=kind, item__state="sent").count()


def _bare(world: World, things: int) -> Cost:
    cost = Cost()
    with _cost(cost):
        for _ in range(things):
            with durable(world.brand):
                MemoryPost.objects.create(channel_id=world.wall.pk, key=str(uuid7()), kind="hide")
    return cost


@contextmanager
def _cost(into: Cost) -> Iterator[None]:
    def counted(execute: Callable[..., Any], *given: Any) -> Any:
        into.statements += 1
        return execute(*given)

    began, cpu = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(counted):
        yield
    into.seconds, into.cpu = time.perf_counter() - began, time.process_time() - cpu
