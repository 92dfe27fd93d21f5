"""What is due, over all brands: one indexed table without content, one scan, one sleep until the next moment.

Rows are written by a trigger from each brand's outbox (see `tenants.models.Pending`); here they are only claimed.
"""

from datetime import timedelta
from types import TracebackType
from typing import Self
from uuid import UUID

import psycopg
from django.db import connection

from tenants.models import Pending

CHANNEL = "relais_pending"
LEASE = timedelta(seconds=90)
"""A claimed row that is not done by then is handed out again: longer than the longest outward call."""

PAUSE = 0.02
"""Seconds of sleep at least: a due row that an open transaction holds would otherwise be asked for without a breath."""

SWEEP = 5.0
"""Seconds of sleep at most: what a lost notification can cost."""

# MATERIALIZED: a plan that joins by asking the inner query again would lock, and claim, more than the limit.
CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT brand_id, row_id FROM tenants_pending
        WHERE due_at <= now() AND (leased_until IS NULL OR leased_until < now())
        ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)
    UPDATE tenants_pending p SET leased_until = now() + make_interval(secs => %s), attempts = p.attempts + 1 FROM due
    WHERE p.brand_id = due.brand_id AND p.row_id = due.row_id
    RETURNING p.brand_id, p.row_id
"""
NEXT = """
    SELECT extract(epoch FROM min(greatest(due_at, leased_until)) - now())
    FROM (SELECT due_at, leased_until FROM tenants_pending ORDER BY due_at LIMIT 500) nearest
"""


def claim_due(limit: int = 200, lease: timedelta = LEASE) -> list[tuple[UUID, UUID]]:
    """(brand id, row id) of what is due and not in another's hands. Hub side, autocommit."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, (limit, lease.total_seconds()))
        return cursor.fetchall()


def give_back(rows: list[tuple[UUID, UUID]]) -> None:
    """Let go of claimed rows, so that the next claim finds them."""
    ids = [row_id for _, row_id in rows]
    Pending.objects.filter(row_id__in=ids).update(leased_until=None)


def wake_relay() -> None:
    """After a commit, never inside it: NOTIFY in a writing transaction makes all commits queue for one lock."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


class Listener:
    """A connection that hears `wake_relay` and otherwise sleeps until the next due moment."""

    def __enter__(self) -> Self:
        self._connection = psycopg.connect(**connection.get_connection_params() | {"autocommit": True})
        self._connection.execute(f"LISTEN {CHANNEL}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def sleep_until_due(self) -> None:
        row = self._connection.execute(NEXT).fetchone()
        seconds = SWEEP if row is None or row[0] is None else min(max(float(row[0]), PAUSE), SWEEP)
        for _ in self._connection.notifies(timeout=seconds, stop_after=1):
            return
