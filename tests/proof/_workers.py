"""Real processes for races: each has an interpreter and database connections of its own and does its share on call.

Unless said otherwise its share are rows of the outbox, which it performs as a worker does.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from django.db import connections

from tests.proof._scene import work_off
from tests.world import World

Share = Callable[[World, Sequence[Any]], None]


class Workers:
    """Started with `start(rows)`, which returns at once; `finish()` waits and returns the errors that escaped."""

    def __init__(self, pipes: Sequence[Connection]) -> None:
        self._pipes = pipes

    def start(self, rows: Sequence[Any]) -> None:
        """Deal the rows out."""
        for number, pipe in enumerate(self._pipes):
            pipe.send(list(rows[number :: len(self._pipes)]))

    def finish(self) -> list[BaseException]:
        return [error for pipe in self._pipes if (error := pipe.recv()) is not None]


@contextmanager
def worker_processes(world: World, count: int, share: Share = work_off) -> Iterator[Workers | None]:
    """`count` processes, or None for none. They are forked, so call this before any thread has begun."""
    if not count:
        yield None
        return
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    pairs = [fork.Pipe() for _ in range(count)]
    processes = [fork.Process(target=_work, args=(world, there, share), daemon=True) for _, there in pairs]
    for process in processes:
        process.start()
    try:
        yield Workers([here for here, _ in pairs])
    finally:
        for here, _ in pairs:
            here.send(None)
        for process in processes:
            process.join(timeout=10)


def _work(world: World, pipe: Connection, share: Share) -> None:
    while (rows := pipe.recv()) is not None:
        try:
            share(world, rows)
        except Exception as error:
            pipe.send(error)
        else:
            pipe.send(None)
    connections.close_all()
