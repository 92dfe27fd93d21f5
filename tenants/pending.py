"""What is due, over all brands: one indexed table without content, one scan, one sleep until the next moment.

Rows are written by a trigger from each brand's outbox (see `tenants.models.Pending`); here they are only claimed. Brands are
served in turn: nobody gets a second row before everybody with something due has one, and no brand more than its share of
the workers. Two relays that claim at the same moment may each give a brand its share.
"""

from datetime import datetime, timedelta
from types import TracebackType
from typing import NamedTuple, Self
from uuid import UUID

from django.conf import settings
from django.db import connection

from tenants.models import Pending
from tenants.pooler import listening_connection

CHANNEL = "relais_pending"
LEASE = timedelta(seconds=30)
"""A claimed row that no worker has begun by then is handed out again: its message may be lost. A begun row is leased for 90
seconds by the trigger that sees it begin (sql/hub.sql): longer than the longest outward call."""

LONGEST_LEASE = timedelta(minutes=5)
"""No lease is given for so long: one that ends later was given while the database's clock was ahead, and is over."""

AHEAD = 8
"""Rows in all hands at once, for each worker: enough that none is idle, few enough that none waits out its lease."""

WINDOW = 256
"""How many of the earliest rows the claim looks at first. Only when these do not suffice it asks brand by brand."""

HOLD = timedelta(seconds=30)
"""A begun row counts as work under way for so long: the two longest outward calls. After that its worker is probably dead, and
must not keep its brand from going on; the row itself still waits for its lease."""

PAUSE = 0.02
"""Seconds of sleep at least: a due row that an open transaction holds would otherwise be asked for without a breath."""

CROWDED = 0.1
"""Seconds of sleep at most while the workers have all that they may have: the end of a row wakes only for its own brand."""

SWEEP = 5.0
"""Seconds of sleep at most: what a lost notification can cost."""

# GREATEST(due_at, leased_until), which passes over what is NULL, is the moment a row is ready: so it stands in the indexes.
EARLIEST = """
    near AS MATERIALIZED (
        SELECT brand_id, row_id, GREATEST(due_at, leased_until) AS ready FROM tenants_pending
        WHERE GREATEST(due_at, leased_until) <= now()
        ORDER BY GREATEST(due_at, leased_until) LIMIT %(window)s)
"""
# Brand ids are read off the index one by one, so this costs what the number of brands costs, however many rows wait.
OF_EACH_BRAND = """
    brands AS (
        (SELECT brand_id FROM tenants_pending ORDER BY brand_id LIMIT 1)
        UNION ALL
        SELECT (SELECT p.brand_id FROM tenants_pending p WHERE p.brand_id > b.brand_id ORDER BY p.brand_id LIMIT 1)
        FROM brands b WHERE b.brand_id IS NOT NULL),
    near AS MATERIALIZED (
        SELECT b.brand_id, first.row_id, first.ready FROM brands b CROSS JOIN LATERAL (
            SELECT p.row_id, GREATEST(due_at, leased_until) AS ready FROM tenants_pending p
            WHERE p.brand_id = b.brand_id AND GREATEST(due_at, leased_until) <= now()
            ORDER BY GREATEST(due_at, leased_until) LIMIT %(share)s) first)
"""
# MATERIALIZED: a plan that joins by asking the inner query again would lock, and claim, more than the limit.
CLAIM = """
    WITH RECURSIVE {near},
    busy AS MATERIALIZED (
        SELECT brand_id, count(*) AS hands FROM tenants_pending
        WHERE leased_until > now() AND (begun_at IS NULL OR begun_at > now() - make_interval(secs => %(hold)s))
        GROUP BY brand_id),
    room AS MATERIALIZED (SELECT %(ahead)s - COALESCE(sum(hands), 0) AS free FROM busy),
    ranked AS (
        SELECT brand_id, row_id, ready,
               COALESCE(hands, 0) + row_number() OVER (PARTITION BY brand_id ORDER BY ready) AS turn
        FROM near LEFT JOIN busy USING (brand_id)),
    chosen AS MATERIALIZED (
        SELECT p.brand_id, p.row_id, turn, ready FROM ranked JOIN tenants_pending p USING (brand_id, row_id)
        WHERE turn <= %(share)s AND GREATEST(due_at, leased_until) <= now() ORDER BY turn, ready
        LIMIT (SELECT GREATEST(LEAST(%(limit)s, free), 0)::bigint FROM room) FOR UPDATE OF p SKIP LOCKED),
    claimed AS (
        UPDATE tenants_pending p
        SET leased_until = now() + make_interval(secs => %(lease)s), attempts = p.attempts + 1 FROM chosen
        WHERE p.brand_id = chosen.brand_id AND p.row_id = chosen.row_id
        RETURNING p.brand_id, p.row_id, turn, ready)
    SELECT now(), (SELECT free FROM room), (SELECT count(*) FROM near), brand_id, row_id
    FROM (SELECT) one LEFT JOIN claimed ON true ORDER BY turn, ready
"""
CLAIM_EARLIEST = CLAIM.replace("{near}", EARLIEST)
CLAIM_OF_EACH_BRAND = CLAIM.replace("{near}", OF_EACH_BRAND)

NEXT = """
    SELECT extract(epoch FROM min(GREATEST(due_at, leased_until)) - now()) FROM tenants_pending
    WHERE GREATEST(due_at, leased_until) > %s
"""
# Notifies only where the brand has something for the worker that is free now, or for a moment that a sleeper would miss.
WAKE_FOR = """
    SELECT pg_notify('relais_pending', '') FROM (
        SELECT FROM tenants_pending WHERE brand_id = %s AND GREATEST(due_at, leased_until) <= now() + make_interval(secs => %s)
        LIMIT 1) waiting
"""

UNBEGUN = """
    UPDATE tenants_pending SET leased_until = NULL
    WHERE row_id = ANY(%s) AND leased_until <= now() + make_interval(secs => %s)
"""
ENDLESS = """
    UPDATE tenants_pending SET leased_until = NULL WHERE leased_until > now() + make_interval(secs => %s)
"""
ANY_READY = "SELECT EXISTS (SELECT FROM tenants_pending WHERE GREATEST(due_at, leased_until) <= now())"

Row = tuple[UUID, UUID]


class Claim(NamedTuple):
    """(brand id, row id) of what was claimed, when, and whether the limit or the room kept it from being more."""

    rows: list[Row]
    at: datetime
    crowded: bool


def claim(
    limit: int = 1_000_000, *, share: int | None = None, ahead: int | None = None, lease: timedelta = LEASE
) -> Claim:
    """What is due and not in another's hands, brands in turn. Hub side, autocommit."""
    facts: dict[str, float] = {
        "limit": limit,
        "share": share or settings.WORKERS_PER_BRAND,
        "ahead": ahead or settings.WORKERS * AHEAD,
        "lease": lease.total_seconds(),
        "window": min(WINDOW, max(32, 8 * limit)),
        "hold": HOLD.total_seconds(),
    }
    first, seen = _claim(CLAIM_EARLIEST, facts)
    if first.crowded or seen < facts["window"]:
        return first
    # The earliest rows are all of brands at their share: the others stand somewhere behind them.
    second, _ = _claim(CLAIM_OF_EACH_BRAND, facts | {"limit": limit - len(first.rows)})
    return Claim(first.rows + second.rows, first.at, second.crowded)


def claim_due(limit: int = 1_000_000, **facts: int) -> list[Row]:
    """The rows of a claim."""
    return claim(limit, share=facts.get("share"), ahead=facts.get("ahead")).rows


def _claim(statement: str, facts: dict[str, float]) -> tuple[Claim, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        found = cursor.fetchall()
    at, free, seen = found[0][:3]
    rows = [(brand_id, row_id) for *_, brand_id, row_id in found if row_id is not None]
    return Claim(rows, at, crowded=len(rows) >= min(free, facts["limit"])), seen


def claim_next() -> list[Row]:
    """One more row for a worker that has just ended one, unless messages to workers are still on their way."""
    with connection.cursor() as cursor:
        cursor.execute(ANY_READY)
        if not cursor.fetchone()[0]:
            return []
    return claim(1, ahead=settings.WORKERS).rows


def give_back(rows: list[Row]) -> None:
    """Let go of claimed rows, so that the next claim finds them."""
    ids = [row_id for _, row_id in rows]
    Pending.objects.filter(row_id__in=ids).update(leased_until=None)


def give_back_unbegun(rows: list[Row]) -> None:
    """Let go of those that no worker has begun: a begun row is leased for longer than the way to a worker."""
    ids = [row_id for _, row_id in rows]
    with connection.cursor() as cursor:
        cursor.execute(UNBEGUN, (ids, LEASE.total_seconds()))


def give_back_endless() -> int:
    """Let go of what was leased by a clock that has been set back since; else it would wait for as long as that was ahead."""
    with connection.cursor() as cursor:
        cursor.execute(ENDLESS, (LONGEST_LEASE.total_seconds(),))
        return cursor.rowcount


def wake_relay() -> None:
    """After a commit, never inside it: NOTIFY in a writing transaction makes all commits queue for one lock."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def wake_relay_for(brand_id: UUID) -> None:
    """After a row has ended: what of its brand had to wait for it may be handed on. Never inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(WAKE_FOR, (brand_id, SWEEP))


class Listener:
    """A connection that hears `wake_relay` and otherwise sleeps until the next moment after a claim."""

    def __enter__(self) -> Self:
        self._connection = listening_connection()
        self._connection.execute(f"LISTEN {CHANNEL}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def sleep_until_due(self, after: datetime, at_most: float = SWEEP) -> None:
        """What was ready at the claim and is still there waits for its brand's turn, and somebody wakes us for it."""
        row = self._connection.execute(NEXT, (after,)).fetchone()
        seconds = at_most if row is None or row[0] is None else min(max(float(row[0]), PAUSE), at_most)
        self.sleep(seconds)

    def sleep(self, seconds: float) -> None:
        """Until somebody wakes us."""
        for _ in self._connection.notifies(timeout=seconds, stop_after=1):
            return
