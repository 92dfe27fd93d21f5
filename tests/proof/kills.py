"""Exactly one effect whatever dies: workers and the database are killed with SIGKILL while acts of every class leave.

A number of items of each class are cleared; workers, processes of their own, send them. At random moments one of them
is killed and replaced, and now and then a backend of the database, which makes the server end all connections and recover;
on the full scale also the postmaster itself. The networks are other processes and survive: class A is the memory wall (in
the database), B, C and D are small fakes on loopback that keep their state, dawdle, and are left with half requests.
Afterwards everything public is counted against items and receipts. Beside them, on the same machine in the same run and
killed alike, two naive senders: one marks after the call, one before it.

The database is a cluster of this part's own, and not a careless one: with `synchronous_commit` off a server that dies
forgets marks that it had called committed. On the small scale class C waits for seconds instead of half a minute: its
constants are shortened to what these fakes can take; on the full scale they are the real ones.

Seen to fall short when: the database ran with `synchronous_commit` off (class C sent twice).
"""

import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from clients.channels import registry
from clients.channels.actions import connect_channel
from clients.channels.models import MemoryPost
from clients.channels.port import Idempotency
from clients.gate.actions import failing, sending
from clients.gate.models import Dispatch, Receipt
from clients.outbox.actions import perform
from clients.outbox.models import OutboxRow
from config.embedded.postgres import Cluster
from tenants.walls.scope import brand_scope
from tests.database import throwaway
from tests.proof._kill_networks import FakeConnector, ask, serving
from tests.proof._naive import judged, send_all
from tests.proof._scene import quiet, scene
from tests.world import World

NEEDS_DATABASE = False
ITEMS = {"small": 16, "full": 1000}
NAIVE = {"small": 250, "full": 2000}
PAUSE = {"small": 0.16, "full": 0.25}
"""Seconds between two kills, on average."""
LIMIT = {"small": 22.0, "full": 3600.0}
BACKENDS = {"small": 1, "full": 12}
POSTMASTERS = {"small": 0, "full": 4}
LETTERS = "BCD"
WORKERS = 3
ENDED = ("sent", "failed", "uncertain", "cancelled")


@dataclass(slots=True)
class Tally:
    workers: int = 0
    naive: int = 0
    backends: int = 0
    postmasters: int = 0
    classes: dict[str, dict[str, int]] = field(default_factory=dict)


def run(scale: str) -> tuple[str, bool]:
    """Clear, kill until everything has settled, count."""
    cluster = Cluster(Path(settings.BASE_DIR) / ".relais" / "kills")
    cluster.start()
    try:
        address = {"DATABASE_OWNER_URL": cluster.addresses("postgres").owner}
        with patch.dict(os.environ, address), throwaway(), quiet():
            return _run(scale, cluster)
    finally:
        connections.close_all()
        cluster.stop()


def _run(scale: str, cluster: Cluster) -> tuple[str, bool]:
    tally, texts = Tally(), [f"Texte {n}" for n in range(ITEMS[scale])]
    others = [f"Autre {n}" for n in range(NAIVE[scale])]
    with ExitStack() as stack:
        stack.enter_context(_short_waits()) if scale == "small" else None
        ports = {letter: stack.enter_context(serving()) for letter in (*LETTERS, "after", "before")}
        stack.enter_context(_connected({letter: ports[letter] for letter in LETTERS}))
        books = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        world = scene(level=6)
        channels = _submit(world, texts)
        naive = {
            name: _naive(ports[name], books / name, others, mark_first=name == "before") for name in ("after", "before")
        }
        settled = _kill_until_settled(world, cluster, naive, tally, scale)
        for letter, channel in channels.items():
            told = _on_the_wall(world) if letter == "A" else ask(ports[letter], "told")["texts"]
            tally.classes[letter] = _judge(world, channel, told, texts)
        beside = {name: judged(ask(ports[name], "told")["texts"], books / name) for name in naive}
    return _figures(tally, beside, len(texts), settled), settled and _clean(tally)


@contextmanager
def _short_waits() -> Iterator[None]:
    """The fakes answer within milliseconds, and these workers begin a call within two seconds or not at all."""
    fresh = timedelta(seconds=2)
    with patch.multiple(failing, FRESH=fresh, LONGEST_CALL_SECONDS=1.0), patch.object(sending, "FRESH", fresh):
        yield


@contextmanager
def _connected(ports: dict[str, int]) -> Iterator[None]:
    """Each fake as a connector, known to the registry of this process and of all that are forked from it."""
    modules, folders = {}, {}
    for letter, port in ports.items():
        kind = f"fake_{letter.lower()}"
        package, module = ModuleType(f"kills.{kind}"), ModuleType(f"kills.{kind}.connector")
        module.CONNECTOR = FakeConnector(kind, Idempotency(letter), port)  # type: ignore[attr-defined]
        modules |= {package.__name__: package, module.__name__: module, "kills": ModuleType("kills")}
        folders[kind] = package.__name__
    with patch.dict(sys.modules, modules), patch.dict(registry.FOLDERS, folders):
        yield


def _submit(world: World, texts: list[str]) -> dict[str, Any]:
    """One item of each class for each text, the classes mixed."""
    channels = {"A": world.wall}
    for letter in LETTERS:
        channels[letter] = connect_channel(actor=world.owner, kind=f"fake_{letter.lower()}", name=f"Réseau {letter}")
    for text in texts:
        for channel in channels.values():
            world.submitted(text, channels=(str(channel.pk),))
    return channels


# --- Workers, and who kills them ---------------------------------------------------------------------------------------


def _work(world: World) -> None:
    """A worker: takes any due row that nobody holds and performs it, for ever. A lock of its session stands for the lease."""
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


def _naive(port: int, book: Path, texts: list[str], *, mark_first: bool) -> Callable[[], None]:
    return lambda: send_all(port, book, texts, mark_first=mark_first)


class Crew:
    """Processes that are replaced when they are killed. They are forked without an open connection."""

    def __init__(self, jobs: dict[str, Callable[[], None]]) -> None:
        self.fork, self.jobs = multiprocessing.get_context("fork"), jobs
        self.running = {name: self._begin(name) for name in jobs}

    def _begin(self, name: str) -> Any:
        connections.close_all()
        process = self.fork.Process(target=self.jobs[name], daemon=True)
        process.start()
        return process

    def kill_one(self) -> str:
        """Any of them at whatever it is doing; '' when it had ended by itself."""
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


def _kill_until_settled(
    world: World, cluster: Cluster, naive: dict[str, Callable[[], None]], tally: Tally, scale: str
) -> bool:
    """Whether every act has settled within the time. The last few are left in peace, so that there is an end."""
    looks = 0
    crew = Crew({f"worker {n}": lambda: _work(world) for n in range(WORKERS)} | naive)
    until, total = time.monotonic() + LIMIT[scale], 4 * ITEMS[scale]
    try:
        while time.monotonic() < until:
            time.sleep(random.random() * 2 * PAUSE[scale])
            looks += 1
            left = _left(world) if looks % 5 == 0 else total
            if left == 0:
                return True
            if 0 < left <= total // 20:
                continue
            _strike(crew, cluster, tally, scale)
        return _left(world) == 0
    finally:
        crew.end()


def _strike(crew: Crew, cluster: Cluster, tally: Tally, scale: str) -> None:
    if random.random() < 0.08 and tally.backends < BACKENDS[scale]:
        tally.backends += _kill_a_backend(cluster)
    elif random.random() < 0.02 and tally.postmasters < POSTMASTERS[scale]:
        _kill_the_postmaster(cluster)
        tally.postmasters += 1
    elif name := crew.kill_one():
        tally.naive += name in ("after", "before")
        tally.workers += name not in ("after", "before")


def _kill_a_backend(cluster: Cluster) -> int:
    """A server process dies: the postmaster ends all the others and recovers from the log."""
    _await(cluster)
    with psycopg.connect(cluster.addresses("postgres").owner, autocommit=True) as admin:
        rows = admin.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchall()
    if not rows:
        return 0
    os.kill(random.choice(rows)[0], signal.SIGKILL)
    _await(cluster)
    return 1


def _kill_the_postmaster(cluster: Cluster) -> None:
    """Its children notice and end. Its pid file goes too: a dead process that nobody buries would look alive for ever."""
    file = cluster.data / "postmaster.pid"
    os.kill(int(file.read_text().split("\n")[0]), signal.SIGKILL)
    connections.close_all()
    time.sleep(1.0)
    file.unlink(missing_ok=True)
    until = time.monotonic() + 60
    while not cluster.answers() and time.monotonic() < until:
        try:
            cluster.start()
        except RuntimeError:  # a child still holds the shared memory
            time.sleep(0.5)


def _await(cluster: Cluster) -> None:
    """Until the server answers again; at first it may not have noticed yet."""
    connections.close_all()
    time.sleep(0.3)
    until = time.monotonic() + 60
    while not cluster.answers() and time.monotonic() < until:
        time.sleep(0.1)


# --- Counting ----------------------------------------------------------------------------------------------------------


def _left(world: World) -> int:
    """How many acts have not settled. 0 is said only by a database that answers."""
    try:
        with brand_scope(world.brand):
            return Dispatch.objects.exclude(state__in=ENDED).count()
    except Exception:
        connections.close_all()
        return -1
    finally:
        connections.close_all()


def _on_the_wall(world: World) -> list[str]:
    with brand_scope(world.brand):
        return list(MemoryPost.objects.values_list("text", flat=True))


def _judge(world: World, channel: Any, told: list[str], texts: list[str]) -> dict[str, int]:
    """Laid side by side: what is public, what our books say of it, and which receipts there are."""
    with brand_scope(world.brand):
        dispatches = list(Dispatch.objects.filter(channel_id=channel.pk).select_related("version"))
        receipts = Receipt.objects.filter(channel_id=channel.pk).count()
    states = {d.version.exact_content().text: d.state for d in dispatches if d.state != "cancelled"}
    public = set(told)
    return {
        "public": len(public),
        "twice": len(told) - len(public),
        "doubts": sum(state == "uncertain" for state in states.values()),
        "lost": sum(text not in public and states.get(text) != "uncertain" for text in texts),
        "wrong": sum((states.get(text) == "sent") > (text in public) for text in texts)
        + sum(text in public and states.get(text) not in ("sent", "uncertain") for text in texts),
        "unreceipted": sum(state == "sent" for state in states.values()) - receipts,
    }


def _clean(tally: Tally) -> bool:
    wrong = ("twice", "lost", "wrong", "unreceipted")
    none_wrong = not any(found[name] for found in tally.classes.values() for name in wrong)
    certain = not any(tally.classes[letter]["doubts"] for letter in "ABC")
    return none_wrong and certain and tally.workers > 0


def _figures(tally: Tally, beside: dict[str, dict[str, Any]], items: int, settled: bool) -> str:
    each = "; ".join(
        f"class {letter}: {found['twice']} twice, {found['lost']} lost, {found['doubts']} doubts, "
        f"{found['wrong'] + abs(found['unreceipted'])} receipts wrong"
        for letter, found in tally.classes.items()
    )
    naive = "; ".join(
        f"naive, marks {name}: {found['twice']} twice, {found['lost']} lost of {found['items']:,}"
        for name, found in beside.items()
    )
    return (
        f"{tally.workers} workers, {tally.naive} naive senders, {tally.backends} database backends and "
        f"{tally.postmasters} postmasters killed over {items:,} items a class (A: memory wall, B, C, D: fakes); "
        f"{each}; {naive}{'' if settled else '; not all settled in time'}"
    )
