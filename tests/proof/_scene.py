"""Where the proofs play: a world with real commits, many callers at once, and counting what the outside has received."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connections
from django.utils import timezone

from clients.channels.models import MemoryPost
from clients.items.models import Item
from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from tenants.errors import RelaisError
from tenants.walls.scope import brand_scope
from tests.conftest import make_person
from tests.database import brand_with
from tests.world import World, make_world

T = TypeVar("T")
Act = Callable[[], T]


def scene(level: int = 2, slug: str = "maison-a") -> World:
    """A world in one of the brands of the throw-away database."""
    return make_world(brand_with(slug), make_person, level=level)


def digest(item: Item) -> str:
    """The digest of the content that the item was read with."""
    assert item.version is not None
    return item.version.digest


def at_once(acts: Sequence[Act[Any]]) -> list[Any]:
    """Start all acts together, each in a thread with a connection of its own; the result of each, or the error it met."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Act[Any]) -> None:
        gate.wait()
        try:
            results[place] = act()
        except Exception as error:  # handed to the caller, who judges it
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def surprises(results: Sequence[Any]) -> list[BaseException]:
    """Errors that are no answer of the house: whoever meets one has found a defect."""
    return [r for r in results if isinstance(r, BaseException) and not isinstance(r, RelaisError)]


@contextmanager
def quiet() -> Iterator[None]:
    """Refusals that a proof provokes are not worth a log line each."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def code_of(act: Act[Any]) -> str:
    """'' when the act succeeds, else the code of the house's refusal. Any other error is let through."""
    try:
        act()
    except RelaisError as refused:
        return refused.code
    return ""


def posts(world: World) -> int:
    """How many acts the outside has received, over every memory channel of the brand."""
    with brand_scope(world.brand):
        return MemoryPost.objects.count()


def due_rows(world: World, *kinds: str) -> list[Any]:
    """The outbox rows that a relay would hand out now."""
    with brand_scope(world.brand):
        due = OutboxRow.objects.filter(done_at=None, due_at__lte=timezone.now()).order_by("due_at", "id")
        return list((due.filter(kind__in=kinds) if kinds else due).values_list("id", flat=True))


def work_off(world: World, rows: Sequence[Any]) -> None:
    """Perform rows as a worker does: errors stay on the row."""
    for row in rows:
        perform(world.brand, row)


def failed_rows(world: World) -> list[str]:
    """Kinds and errors of rows whose handler met an unexpected error: none should be left after a proof."""
    with brand_scope(world.brand):
        return [
            f"{kind}: {error}"
            for kind, error in OutboxRow.objects.exclude(last_error="").values_list("kind", "last_error")
        ]
