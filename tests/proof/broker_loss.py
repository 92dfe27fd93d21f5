"""Losing the broker loses nothing: emptied, killed, gone for minutes, never there, every row is performed all the same.

Relay, Celery worker and broker are real processes, once with Redis and once with a RabbitMQ node of the proof's own. Rows of
two brands with a cheap handler that only writes a book: some are due while the broker is emptied and killed, so that messages
are lost on their way; the others become due at the moment it returns, with nothing in it, and are the ones that have to be
drained. Then the broker goes for good, and after the last round the relay is started with none at all. The book is compared
with what was asked for: missing is lost, twice is doubled. A row may be done twice only where a lease says so, and handlers
bear it; the figure is told. Beside it, the rate of real acts through the whole gate.

Seen to fall short when: the relay waited for the broker instead of doing the work.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from clients.outbox.models import OutboxRow
from tenants.brandref import BrandRef
from tenants.models import Pending
from tenants.pending import wake_relay
from tenants.walls.scope import durable
from tests.database import ACTIVE, brand_with
from tests.proof._brokers import OwnBroker, OwnRabbit, OwnRedis, rabbit_is_missing
from tests.proof._programs import Programs, programs, wait_for
from tests.proof._scene import quiet, scene
from tests.stand_ins import COUNT, open_book
from tests.world import World

ALONE = True
ROWS = {"small": 500, "full": 10_000}
AWAY = {"small": 10.0, "full": 300.0}
ACTS = {"small": 20, "full": 300}
DRAINED_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Round:
    """What came of one broker: rows done by the relay meanwhile, seconds to drain, rows a second without it, acts a second."""

    name: str
    by_relay: int
    drained: float
    gone: float
    acts: float

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.by_relay:,} done by the relay meanwhile, drained {self.drained:.1f} s after its new start, "
            f"gone: {self.gone:.0f} rows/s by the relay alone, real acts through the whole gate {self.acts:.0f}/s"
        )


def run(scale: str) -> tuple[str, bool]:
    """Lost and back, and gone, with each broker; then never there."""
    rows, why_not = ROWS[scale], rabbit_is_missing(scale)
    world, brands = scene(level=6), [brand_with(slug) for slug in ACTIVE]
    open_book()
    brokers: list[Callable[[Path], OwnBroker]] = [OwnRedis] if why_not else [OwnRedis, OwnRabbit]
    with quiet():
        rounds = [_round(broker, world, brands, scale) for broker in brokers]
        with programs() as found:
            found.start_relay(broker=False)
            never = _sweep_alone(brands, "never", rows // 5)
    asked = len(rounds) * (rows + rows // 10 + rows // 5) + rows // 5
    _out_of_the_book("warm")
    done, distinct = _book("")
    lost, left = asked - distinct, Pending.objects.filter(kind=COUNT).count()
    figures = (
        f"{rows:,} rows waiting while the broker was emptied and away for {AWAY[scale]:.0f} s, {rows // 10:,} due meanwhile; "
        f"{'; '.join(map(str, rounds))}; {f'RabbitMQ not run ({why_not}); ' if why_not else ''}"
        f"none set: {never:.0f} rows/s; lost {lost}, left {left}, done twice {done - distinct}"
    )
    enough = len(rounds) == 2 or scale == "small"
    in_time = all(each.drained <= DRAINED_WITHIN and each.by_relay > 0 for each in rounds)
    return figures, lost == 0 and left == 0 and in_time and enough


def _round(broker: Callable[[Path], OwnBroker], world: World, brands: Sequence[BrandRef], scale: str) -> Round:
    """One broker from its start to its end; the names of its rows begin with its own."""
    rows = ROWS[scale]
    with programs(broker) as found:
        name = found.broker.name
        found.start_broker()
        found.start_worker()
        found.start_relay()
        wait_for(lambda: "who" in _warm(brands), "the first row is done")
        by_relay = _lose_broker(found, brands, name, rows // 10, AWAY[scale], waiting=rows)
        started = time.monotonic()
        found.start_broker()
        wait_for(lambda: _book(name)[1] >= rows + rows // 10, "drained", 240)
        drained = time.monotonic() - started
        rate = _acts_a_second(world, name, ACTS[scale])
        found.kill("broker")
        found.stop("worker")
        gone = _sweep_alone(brands, f"{name}-gone", rows // 5)
        return Round(name, by_relay, drained, gone, rate)


def _put(brands: Sequence[BrandRef], name: str, count: int, due_at: datetime | None = None) -> None:
    """Rows of all brands, keyed by name and number."""
    moment = due_at or timezone.now()
    for place, brand in enumerate(brands):
        keys = [f"{name}-{n}" for n in range(place, count, len(brands))]
        with durable(brand):
            OutboxRow.objects.bulk_create(
                [OutboxRow(kind=COUNT, key=key, payload={"key": key}, due_at=moment) for key in keys], batch_size=1000
            )
    wake_relay()


def _book(name: str, who: str = "") -> tuple[int, int]:
    """(lines, different keys) whose key begins with the name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(DISTINCT key) FROM proof_book WHERE starts_with(key, %s) AND starts_with(who, %s)",
            (name, who),
        )
        lines, keys = cursor.fetchone()
    return lines, keys


def _warm(brands: Sequence[BrandRef]) -> str:
    """One row through all programs before anything is measured; it is taken out of the book again."""
    if not Pending.objects.filter(kind=COUNT).exists():
        _put(brands, "warm", 1)
    time.sleep(0.1)
    return "who" if _out_of_the_book("warm") else ""


def _out_of_the_book(name: str) -> bool:
    """Whether there was any. A second row to warm up with may be performed long after the first was seen."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM proof_book WHERE starts_with(key, %s) RETURNING who", (name,))
        return cursor.fetchone() is not None


def _lose_broker(
    found: Programs, brands: Sequence[BrandRef], name: str, meanwhile: int, away: float, *, waiting: int
) -> int:
    """Emptied and killed in the middle of work; returns how many rows the relay did until the broker was back."""
    back = timezone.now() + timedelta(seconds=away + 1)
    _put(brands, f"{name}-waiting", waiting, due_at=max(back, timezone.now() + timedelta(seconds=waiting / 2000)))
    half = timezone.now() + timedelta(seconds=away / 2)
    _put(brands, f"{name}-meanwhile-later", meanwhile - meanwhile // 2, due_at=half)
    _put(brands, f"{name}-meanwhile", meanwhile // 2)
    wait_for(lambda: _book(f"{name}-meanwhile")[0] > meanwhile // 10, "work has begun")
    found.empty_broker()
    found.kill("broker")
    time.sleep(max(0.0, (back - timezone.now()).total_seconds()))
    return _book(name, "relay")[0]


def _sweep_alone(brands: Sequence[BrandRef], name: str, count: int) -> float:
    """Rows a second without broker and worker."""
    _put(brands, name, count)
    seconds = wait_for(lambda: _book(name)[1] >= count, f"{name}: {count} rows by the relay alone", 120)
    return count / seconds


def _acts_a_second(world: World, name: str, count: int) -> float:
    """Due together, each through mark, brake, last question, call and receipt; the machine is shared with everything else."""
    due = timezone.now() + timedelta(seconds=count * 0.06 + 1)
    for number in range(count):
        world.submitted(f"Acte {name} {number}", not_before=due)
    before = len(world.on_the_wall())
    time.sleep(max(0.0, (due - timezone.now()).total_seconds()))
    return count / wait_for(lambda: len(world.on_the_wall()) >= before + count, f"{count} acts are out", 120)
