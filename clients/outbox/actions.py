"""Writing work down, and doing it: at least once, whatever dies in between."""

import json
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import connection, transaction
from django.utils import timezone

from clients.outbox.models import OutboxRow
from clients.outbox.registry import Later, handler_of
from tenants.ids import uuid7
from tenants.pending import SWEEP, wake_relay
from tenants.walls.scope import BrandRef, durable

log = structlog.get_logger(__name__)

CLOCK_SKEW = timedelta(seconds=5)
"""The database says what is due, by its own clock. Handlers that depend on a moment check it themselves."""

A_MOMENT = timedelta(milliseconds=1)

LAST_ATTEMPT = 12
"""After so many failures, hours apart at the end, a row is given up and says so in the log."""


# One statement each: every piece of work pays for its row several times.
_ENQUEUE = """
    INSERT INTO outbox_outboxrow (id, kind, key, payload, due_at, created_at, attempts, last_error)
    VALUES (%s, %s, %s, %s, %s, %s, 0, '') ON CONFLICT (kind, key) WHERE done_at IS NULL
    DO UPDATE SET payload = excluded.payload, due_at = excluded.due_at RETURNING id"""
_BEGIN = """
    UPDATE outbox_outboxrow SET attempts = attempts + 1 WHERE id = %s AND done_at IS NULL AND due_at <= %s
    RETURNING id, kind, payload, due_at, attempts"""
# Only if nobody moved it meanwhile: a handler may have asked for the same work again, at another moment.
_END = """
    UPDATE outbox_outboxrow SET last_error = %s, done_at = %s, due_at = %s
    WHERE id = %s AND done_at IS NULL AND due_at = %s"""


class Begun(NamedTuple):
    """A row that is being done. A moment that differs afterwards means that somebody has moved it."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    due_at: datetime
    attempts: int


def enqueue(kind: str, payload: dict[str, Any], *, key: str, due_at: datetime | None = None) -> UUID:
    """Write one row in the open transaction; the relay is woken after the commit. Its id.

    Asking again for undone work (same kind and key) moves its moment instead of adding a row.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, (uuid7(), kind, key, json.dumps(payload), due_at or now, now))
        (row_id,) = cursor.fetchone()
    # Robust: what is committed is committed, and a relay that was not woken looks by itself.
    transaction.on_commit(wake_relay, robust=True)
    return UUID(str(row_id))


def cancel(kind: str, *, key: str) -> None:
    """The work is no longer wanted. A worker that already holds the row finds out by asking again: handlers always do."""
    OutboxRow.objects.filter(kind=kind, key=key, done_at=None).update(done_at=timezone.now())


def perform(brand: BrandRef, row_id: UUID) -> None:
    """Do one row. Errors never escape: they are written on the row, which comes back later.

    INVARIANT: the handler runs outside any transaction of ours, so that it can open its own and let go of its locks.
    """
    row = _begin(brand, row_id)
    if row is None:
        return
    try:
        handler_of(row.kind)(brand, row.payload)
    except Later as later:
        _put_off(brand, row, later.due_at)
    except Exception as error:
        due_at = _next_try(row)
        log.exception("outbox_row_failed" if due_at else "outbox_row_given_up", kind=row.kind, attempt=row.attempts)
        _end(brand, row, due_at=due_at, error=type(error).__name__)
    else:
        _end(brand, row, due_at=None)


def _begin(brand: BrandRef, row_id: UUID) -> Begun | None:
    with durable(brand), connection.cursor() as cursor:
        cursor.execute(_BEGIN, (row_id, timezone.now() + CLOCK_SKEW))
        found = cursor.fetchone()
    return Begun(found[0], found[1], json.loads(found[2]), found[3], found[4]) if found else None


def _end(brand: BrandRef, row: Begun, *, due_at: datetime | None, error: str = "") -> None:
    done_at = timezone.now() if due_at is None else None
    with durable(brand), connection.cursor() as cursor:
        cursor.execute(_END, (error, done_at, due_at or row.due_at, row.id, row.due_at))
    _wake_for(due_at)


def _put_off(brand: BrandRef, row: Begun, due_at: datetime) -> None:
    """Too early is no failure. A moment that did not move would keep the relay's lease, and the row would sleep it out."""
    with durable(brand):
        same = OutboxRow.objects.filter(pk=row.id, done_at=None, due_at=row.due_at)
        same.update(due_at=max(due_at, row.due_at + A_MOMENT), attempts=0, last_error="")
    _wake_for(due_at)


def _wake_for(due_at: datetime | None) -> None:
    """A moment that a sleeping relay would miss."""
    if due_at is not None and due_at < timezone.now() + timedelta(seconds=SWEEP):
        wake_relay()


def _next_try(row: Begun) -> datetime | None:
    if row.attempts >= LAST_ATTEMPT:
        return None
    return timezone.now() + timedelta(seconds=min(5 * 2**row.attempts, 3600))
