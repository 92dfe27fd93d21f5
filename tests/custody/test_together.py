"""Two conversations merged at the very moment at which an answer that speaks in both is leaving: neither waits for the other."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from clients.custody.actions import merge
from clients.custody.models import Conversation
from clients.custody.queries import held_where
from tenants.errors import RelaisError
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import BrandRef, durable
from tests.conftest import make_person
from tests.custody.conftest import begin
from tests.world import World, make_world

PATIENCE = 60.0
_WAITING = """
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Running(threading.Thread):
    """A thread with a connection of its own; what it met stands in `met`."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.act, self.met = act, ""
        self.start()

    def run(self) -> None:
        try:
            self.act()
        except RelaisError as refused:
            self.met = refused.code
        except Exception as error:  # a deadlock, say
            self.met = f"{type(error).__name__}: {error}"
        finally:
            connections.close_all()


def wait_until(waiting: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with connections[OWNER].cursor() as cursor:
            cursor.execute(_WAITING)
            if cursor.fetchone()[0] >= waiting:
                return
        time.sleep(0.02)
    raise AssertionError(f"never were {waiting} waiting for a lock")


def two(world: World) -> tuple[Conversation, Conversation]:
    """With one member on one channel; the one that a merge locks last lies first in the table."""
    first, second = begin(world, handle="@lea"), begin(world, handle="@lea")
    low, high = sorted((first, second), key=lambda one: one.pk)
    with durable(world.brand):  # written anew: now behind the other
        Conversation.objects.filter(pk=low.pk).update(priority=1, state="closed", closed_at=low.opened_at)
        Conversation.objects.filter(pk=low.pk).update(state="open", closed_at=None)
    return low, high


@pytest.mark.parametrize("merged", ["low", "high"])
def test_merging_two_while_an_answer_leaves_that_speaks_in_both(
    real_brands: tuple[BrandRef, BrandRef], merged: str
) -> None:
    world = make_world(real_brands[0], make_person, level=6)
    low, high = two(world)
    one, into = (low, high) if merged == "low" else (high, low)
    held, let_go = threading.Event(), threading.Event()

    def somebody_else() -> None:
        with durable(world.brand):
            Conversation.objects.select_for_update().get(pk=low.pk)
            held.set()
            let_go.wait(PATIENCE)

    def answer() -> None:
        with durable(world.brand):
            _, going = held_where({world.wall.pk: ""}, "", "@lea", lock=True)
            assert {found.conversation for found in going} <= {low.pk, high.pk}

    first = Running(somebody_else)
    assert held.wait(PATIENCE)
    merging = Running(lambda: merge(world.cm, conversation_id=one.pk, into_id=into.pk))
    try:
        wait_until(1)
        leaving = Running(answer)
        wait_until(2)
    finally:
        let_go.set()
    for thread in (first, merging, leaving):
        thread.join(PATIENCE)
    assert (first.met, merging.met, leaving.met) == ("", "", "")
    with durable(world.brand):
        assert Conversation.objects.get(pk=one.pk).merged_into_id == into.pk
