"""Small scale: workers as forked processes that take rows by themselves, so that no lease has to run out.

A lock of a worker's session stands for the lease: it ends with the worker. Everything below the outbox is the product's own.
"""

import multiprocessing
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection, connections
from django.utils import timezone

from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from config.embedded.postgres import Cluster
from tenants.walls.scope import brand_scope
from tests.proof._kill_database import kill_a_backend
from tests.world import World

WORKERS = 3
MOST_BACKENDS = 1

Jobs = dict[str, Callable[[], None]]


class Crew:
    """Processes that are replaced when they are killed. They are forked without an open connection."""

    def __init__(self, jobs: Jobs) -> None:
        self.fork, self.jobs = multiprocessing.get_context("fork"), jobs
        self.running = {name: self._begin(name) for name in jobs}

    def _begin(self, name: str) -> Any:
        connections.close_all()
        process = self.fork.Process(target=self.jobs[name], daemon=True)
        process.start()
        return process

    def kill_one(self) -> str:
        """Any of them at whatever it is doing; '' when it had ended by itself."""
        if not self.running:
            return ""
        name = random.choice(list(self.running))
        process = self.running[name]
        alive = process.is_alive()
        process.kill()
        process.join()
        if process.exitcode == -signal.SIGKILL:
            self.running[name] = self._begin(name)
        else:
            del self.running[name]
        return name if alive else ""

    def end(self) -> None:
        for process in self.running.values():
            process.kill()
            process.join()


class ForkedWorkers:
    """The crew, and the database under it."""

    def __init__(self, world: World, cluster: Cluster, naive: Jobs) -> None:
        self.cluster, self.killed, self.ended = cluster, Counter[str](), 0
        self.crew = Crew({f"worker {n}": lambda: _work(world) for n in range(WORKERS)} | naive)

    def strike(self) -> None:
        """One kill at random."""
        if random.random() < 0.08 and self.killed["database backends"] < MOST_BACKENDS:
            self.killed["database backends"] += kill_a_backend(self.cluster)
        elif name := self.crew.kill_one():
            self.killed["workers" if name.startswith("worker") else "naive senders"] += 1

    def tend(self) -> None:
        """Nothing of the crew ends by itself before its work is done."""

    def end(self) -> None:
        self.crew.end()


def _work(world: World) -> None:
    """A worker: takes any due row that nobody holds and performs it, for ever."""
    random.seed()
    while True:
        try:
            rows = _due(world)
            for row_id in random.sample(rows, min(len(rows), 4)):
                _perform_alone(world, row_id)
            if not rows:
                time.sleep(0.02)
        except Exception:
            connections.close_all()  # the database went away under it
            time.sleep(0.05)


def _due(world: World) -> list[Any]:
    with brand_scope(world.brand):
        due = OutboxRow.objects.filter(kind="gate.send", done_at=None, due_at__lte=timezone.now())
        return list(due.order_by("due_at").values_list("id", flat=True)[:40])


def _perform_alone(world: World, row_id: Any) -> None:
    key = row_id.int % 2**62
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", (key,))
        if not cursor.fetchone()[0]:
            return
    try:
        perform(world.brand, row_id)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", (key,))
