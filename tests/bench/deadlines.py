"""What the relay asks all day: what is due among many deadlines, brands in turn; and how promptly one fires.

The shared table is filled with rows of 1,000 brands within a month. Asked: nothing due, one row due, and one brand with
10,000 due rows in front of fifty others (`flood`), also when that brand has its share already (`flood_at_share`). Peers: the
same question to the same table without its indexes; to each brand's own outbox, schema by schema; a loop that looks each
second. Firing: rows due at random moments; how late the claim that hands each out is done, with the relay's own sleep.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, connections
from django.utils import timezone

from tenants.models import Brand
from tenants.pending import CLAIM_EARLIEST, NEXT, WINDOW, Listener, Row, claim, give_back
from tenants.vocabulary import BrandState
from tenants.walls.backend.base import OWNER
from tests.bench._tenancy import brands_until

SIZES = {"small": (10_000, 100_000), "full": (10_000, 100_000, 1_000_000)}
SCHEMAS = {"small": 20, "full": 200}
ROUNDS = 30
FIRED = {"small": 60, "full": 600}
SECONDS = {"small": 5, "full": 50}
FLOOD = 10_000
SHARE = 2
AHEAD = 32

FILL = """
    INSERT INTO tenants_pending (brand_id, row_id, kind, due_at, attempts)
    SELECT md5('brand' || n %% 1000)::uuid, gen_random_uuid(), 'bench',
           now() + interval '1 hour' + random() * interval '30 days', 0
    FROM generate_series(1, %s) n
"""
OVERDUE = """
    INSERT INTO tenants_pending (brand_id, row_id, kind, due_at, attempts)
    SELECT md5(%s || CASE WHEN %s THEN n::text ELSE '0' END)::uuid, gen_random_uuid(), 'bench', now() - %s * interval '1 s', 0
    FROM generate_series(1, %s) n
"""
PEER = (
    "SELECT brand_id, row_id FROM {} WHERE due_at <= now() AND (leased_until IS NULL OR leased_until < now()) LIMIT 32"
)


def run(scale: str) -> dict[str, Any]:
    """Every size, then the peers and the firing at the last one."""
    sizes = {}
    for size in SIZES[scale]:
        _owner("DELETE FROM tenants_pending")
        _owner(FILL, size)
        _owner("VACUUM ANALYZE tenants_pending")
        sizes[size] = _asked()
    small, large = (sizes[size]["nothing_due"]["least"] for size in (SIZES[scale][0], SIZES[scale][-1]))
    return {
        "name": "deadlines: what is due, and how late it fires",
        "unit": "milliseconds",
        "ours": sizes,
        "peers": _peers(SCHEMAS[scale]),
        "firing": {
            "ours": _late(FIRED[scale], SECONDS[scale], lambda listener, at: listener.sleep_until_due(at)),
            "look_each_second": _late(FIRED[scale], SECONDS[scale], lambda _listener, _at: time.sleep(1)),
        },
        "plan": _plan(),
        "goals": {"flat": large <= 2 * small},
        "notes": f"1,000 brands, share {SHARE}, at most {AHEAD} rows in hands; medians of {ROUNDS} rounds, through Django",
    }


def _asked() -> dict[str, dict[str, float]]:
    """Medians; what is claimed is put back outside the measured time."""
    found = {"nothing_due": _median(_claim), "next_moment": _median(_next)}
    _owner(OVERDUE, "one", True, 1, 1)
    found["one_due"] = _median(_claim)
    _owner(OVERDUE, "other", True, 1, 50)
    _owner(OVERDUE, "flood", False, 60, FLOOD)
    _owner("ANALYZE tenants_pending")
    found["flood"] = _median(_claim)
    _owner("DELETE FROM tenants_pending WHERE brand_id <> md5('flood0')::uuid AND due_at < now()")
    assert len(_claim()) == SHARE  # and keeps them
    found["flood_at_share"] = _median(_claim, put_back=False)
    _owner("DELETE FROM tenants_pending WHERE due_at < now()")
    return found


def _claim() -> list[Row]:
    return claim(share=SHARE, ahead=AHEAD).rows


def _next() -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [timezone.now()])
        cursor.fetchone()
    return []


def _median(ask: Callable[[], list[Row]], *, put_back: bool = True) -> dict[str, float]:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        rows = ask()
        took.append((time.perf_counter() - began) * 1000)
        if rows and put_back:
            give_back(rows)
    return {"median": round(statistics.median(took), 3), "least": round(min(took), 3)}


def _peers(schemas: int) -> dict[str, dict[str, float]]:
    """The same question without an index, and to each brand by itself."""
    _owner("CREATE UNLOGGED TABLE bench_unindexed AS SELECT * FROM tenants_pending")
    _owner("ANALYZE bench_unindexed")
    brands_until(schemas)
    names = list(Brand.objects.exclude(state=BrandState.GONE).values_list("schema_name", flat=True))[:schemas]
    question = "SELECT id FROM {} WHERE due_at <= now() AND done_at IS NULL LIMIT 32"

    def each() -> list[Row]:
        for name in names:
            _owner(question.format(f'"{name}".outbox_outboxrow'))
        return []

    return {
        "unindexed": _median(lambda: _owner(PEER.format("bench_unindexed"))),
        f"each_of_{len(names)}_schemas": _median(each),
    }


def _plan() -> list[str]:
    """Which indexes the claim uses."""
    facts = {"limit": 32, "share": SHARE, "ahead": AHEAD, "lease": 30, "window": WINDOW, "hold": 30}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, TIMING OFF) " + CLAIM_EARLIEST, facts)
        return [
            line.strip()
            for (line,) in cursor.fetchall()
            if "Scan using" in line or "Seq Scan" in line or "Time" in line
        ]


def _late(count: int, seconds: float, sleep: Callable[[Listener, datetime], None]) -> dict[str, float]:
    """Milliseconds from due to claimed, for rows due at random moments of so many seconds; brands enough for nobody to wait."""
    first = timezone.now() + timedelta(seconds=1)
    dues = {uuid4(): first + timedelta(seconds=random.random() * seconds) for _ in range(count)}
    for row_id, due in dues.items():
        _owner(
            "INSERT INTO tenants_pending (brand_id, row_id, kind, due_at, attempts) VALUES (%s, %s, 'bench', %s, 0)",
            uuid4(),
            row_id,
            due,
        )
    late: list[float] = []
    with Listener() as listener:
        while len(late) < count:
            found = claim(share=SHARE, ahead=count * 2, lease=timedelta(hours=1))  # nobody performs: none comes back
            now = timezone.now()
            late += [(now - dues[row_id]).total_seconds() * 1000 for _, row_id in found.rows]
            sleep(listener, found.at)
    _owner("DELETE FROM tenants_pending WHERE row_id = ANY(%s)", list(dues))
    percents = statistics.quantiles(late, n=100)
    return {"p50": round(percents[49], 2), "p99": round(percents[98], 2)}


def _owner(statement: str, *values: Any) -> list[Row]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []
