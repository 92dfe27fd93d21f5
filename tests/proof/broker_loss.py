"""Losing the broker loses nothing: emptied, killed, gone for minutes, never there, every row is performed all the same.

Relay, Celery worker and Redis are real processes. Rows of two brands with a cheap handler that only writes a book: some are
due while the broker is emptied (FLUSHALL) and killed, so that messages are lost on their way; the others become due at the
moment it returns, and are the ones that have to be drained. Then the broker goes for good, and the relay is started with
none at all. The book is compared with what was asked for: missing is lost, twice is doubled. A row may be done twice only
where a lease says so, and handlers bear it; the figure is told. Beside it, the rate of real acts through the whole gate.

Seen to fall short when: the relay waited for the broker instead of doing the work.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from clients.outbox.models import OutboxRow
from tenants.brandref import BrandRef
from tenants.models import Pending
from tenants.pending import wake_relay
from tenants.walls.scope import durable
from tests.database import ACTIVE, brand_with
from tests.proof._programs import Programs, programs, wait_for
from tests.proof._scene import quiet, scene
from tests.stand_ins import COUNT, open_book
from tests.world import World

ROWS = {"small": 500, "full": 10_000}
AWAY = {"small": 4.0, "full": 300.0}
ACTS = {"small": 20, "full": 300}
DRAINED_WITHIN = 60.0


def run(scale: str) -> tuple[str, bool]:
    """Lost and back, gone, never there; then acts."""
    rows, away = ROWS[scale], AWAY[scale]
    world, brands = scene(level=6), [brand_with(slug) for slug in ACTIVE]
    open_book()
    with programs() as found, quiet():
        found.start_broker()
        found.start_worker()
        found.start_relay()
        wait_for(lambda: "who" in _warm(brands), "the first row is done")
        by_relay = _lose_broker(found, brands, rows // 10, away, waiting=rows)
        drained = _until_done(rows + rows // 10, "drained", 240)
        rate = _acts_a_second(world, ACTS[scale])
        found.kill("broker")
        found.stop("worker")
        gone = _sweep_alone(brands, "gone", rows // 5)
        found.stop("relay")
        found.start_relay(broker=False)
        never = _sweep_alone(brands, "never", rows // 5)
    asked = rows + rows // 10 + 2 * (rows // 5)
    done, distinct = _book("")
    lost, left = asked - distinct, Pending.objects.filter(kind=COUNT).count()
    figures = (
        f"{rows:,} rows waiting while the broker was emptied and away for {away:.0f} s, {rows // 10:,} due meanwhile "
        f"({by_relay:,} done by the relay): drained {drained:.1f} s after its return; gone: {gone:.0f} rows/s by the relay "
        f"alone, none set: {never:.0f} rows/s; lost {lost}, left {left}, done twice {done - distinct}; "
        f"real acts through the whole gate: {rate:.0f}/s"
    )
    return figures, lost == 0 and left == 0 and drained <= DRAINED_WITHIN and by_relay > 0


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
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM proof_book WHERE starts_with(key, 'warm') RETURNING who")
        return "who" if cursor.fetchone() else ""


def _lose_broker(found: Programs, brands: Sequence[BrandRef], meanwhile: int, away: float, *, waiting: int) -> int:
    """Emptied and killed in the middle of work; returns how many rows the relay did until the broker was back."""
    back = timezone.now() + timedelta(seconds=away + 1)
    _put(brands, "waiting", waiting, due_at=max(back, timezone.now() + timedelta(seconds=waiting / 2000)))
    _put(brands, "meanwhile-later", meanwhile - meanwhile // 2, due_at=timezone.now() + timedelta(seconds=away / 2))
    _put(brands, "meanwhile", meanwhile // 2)
    wait_for(lambda: _book("meanwhile")[0] > meanwhile // 10, "work has begun")
    found.empty_broker()
    found.kill("broker")
    time.sleep(max(0.0, (back - timezone.now()).total_seconds()))
    by_relay = _book("", "relay")[0]
    found.start_broker()
    return by_relay


def _until_done(asked: int, what: str, seconds: float) -> float:
    return wait_for(lambda: _book("")[1] >= asked, what, seconds)


def _sweep_alone(brands: Sequence[BrandRef], name: str, count: int) -> float:
    """Rows a second without broker and worker."""
    _put(brands, name, count)
    seconds = wait_for(lambda: _book(name)[1] >= count, f"{name}: {count} rows by the relay alone", 120)
    return count / seconds


def _acts_a_second(world: World, count: int) -> float:
    """Due together, each through mark, brake, last question, call and receipt; the machine is shared with everything else."""
    due = timezone.now() + timedelta(seconds=count * 0.06 + 1)
    for number in range(count):
        world.submitted(f"Acte {number}", not_before=due)
    time.sleep(max(0.0, (due - timezone.now()).total_seconds()))
    return count / wait_for(lambda: len(world.on_the_wall()) >= count, f"{count} acts are out", 120)
