"""What the outbox adds to an act, and how soon a worker is awake.

`outbox` is a row's whole way with a handler that does nothing: written with its mirror row, claimed, begun, ended, looked for
more. The limit writes and deletes the two rows bare. Processor time of both ends of the line. Waking: relay, worker and the
embedded broker as real processes; milliseconds from the commit of a row to its handler, one row at a time.
"""

import statistics
import time
from typing import Any

from django.db import connection
from django.utils import timezone

from clients.outbox import registry
from clients.outbox.actions import enqueue
from clients.outbox.models import OutboxRow
from clients.outbox.tasks import work_off
from tenants.ids import uuid7
from tenants.pending import claim, wake_relay
from tenants.walls.scope import BrandRef, durable
from tests.bench._measuring import interleaved
from tests.database import ACTIVE, brand_with
from tests.proof._programs import programs, wait_for
from tests.stand_ins import COUNT, open_book

ROUNDS = {"small": 60, "full": 600}
WAKES = {"small": 40, "full": 400}
WARM = 10
NOTHING = "bench.nothing"


def run(scale: str) -> dict[str, Any]:
    """Cost, then waking."""
    brand = brand_with(ACTIVE[0])
    registry._handlers[NOTHING] = lambda _brand, _payload: None
    contenders = {"outbox": lambda: _whole_way(brand), "limit": lambda: _bare(brand), "empty": lambda: _empty(brand)}
    interleaved(contenders, WARM)
    found = {name: series.figures() for name, series in interleaved(contenders, ROUNDS[scale]).items()}
    wakes = _wakes(brand, WAKES[scale])
    added = round(found["outbox"]["cpu_ms"], 2)
    return {
        "name": "queue: what the outbox adds to an act, and waking",
        "unit": "milliseconds",
        **found,
        "wake": {"median": round(statistics.median(wakes), 1), "p95": round(statistics.quantiles(wakes, n=20)[-1], 1)},
        "goals": {"adds_1_ms_cpu": added <= 1, "wakes_within_10_ms": statistics.median(wakes) <= 10},
        "notes": "empty: one transaction of the brand without a statement; the outbox needs three of them, an act of its own two",
    }


def _whole_way(brand: BrandRef) -> None:
    with durable(brand):
        enqueue(NOTHING, {}, key=str(uuid7()))
    for brand_id, row_id in claim(1).rows:
        work_off(brand_id, row_id, lambda: True)


def _bare(brand: BrandRef) -> None:
    with durable(brand):
        row = OutboxRow(kind=NOTHING, key=str(uuid7()), payload={})
        row.save(force_insert=True)
    with durable(brand):
        OutboxRow.objects.filter(pk=row.pk).update(done_at=timezone.now())


def _empty(brand: BrandRef) -> None:
    with durable(brand):
        pass


def _wakes(brand: BrandRef, count: int) -> list[float]:
    """One row after the other, with pauses in which everybody falls asleep."""
    open_book()
    with programs() as found:
        found.start_broker()
        found.start_worker(2)
        found.start_relay()
        took = [_wake(brand, f"wake {n}") for n in range(count + WARM)]
    return took[WARM:]


def _wake(brand: BrandRef, key: str) -> float:
    with durable(brand):
        OutboxRow.objects.create(kind=COUNT, key=key, payload={"key": key})
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        committed = cursor.fetchone()[0]
        wake_relay()
        wait_for(lambda: _at(key) is not None, f"{key} is done")
    time.sleep(0.05)
    return (_at(key) - committed).total_seconds() * 1000


def _at(key: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(at) FROM proof_book WHERE key = %s", [key])
        return cursor.fetchone()[0]
