"""Writing work down, and doing it: at least once, whatever dies in between."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from clients.outbox.models import OutboxRow
from clients.outbox.registry import Later, handler_of
from tenants.pending import SWEEP, wake_relay
from tenants.walls.scope import BrandRef, durable

log = structlog.get_logger(__name__)

CLOCK_SKEW = timedelta(seconds=5)
"""The database says what is due, by its own clock. Handlers that depend on a moment check it themselves."""

A_MOMENT = timedelta(milliseconds=1)

LAST_ATTEMPT = 12
"""After so many failures, hours apart at the end, a row is given up and says so in the log."""


def enqueue(kind: str, payload: dict[str, Any], *, key: str, due_at: datetime | None = None) -> OutboxRow:
    """Write one row in the open transaction; the relay is woken after the commit.

    Asking again for undone work (same kind and key) moves its moment instead of adding a row.
    """
    row, _ = OutboxRow.objects.update_or_create(
        kind=kind, key=key, done_at=None, defaults={"payload": payload, "due_at": due_at or timezone.now()}
    )
    # Robust: what is committed is committed, and a relay that was not woken looks by itself.
    transaction.on_commit(wake_relay, robust=True)
    return row


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


def _begin(brand: BrandRef, row_id: UUID) -> OutboxRow | None:
    with durable(brand):
        row = OutboxRow.objects.select_for_update().filter(pk=row_id, done_at=None).first()
        if row is None or row.due_at > timezone.now() + CLOCK_SKEW:
            return None
        row.attempts += 1
        row.save(update_fields=("attempts",))
        return row


def _end(brand: BrandRef, row: OutboxRow, *, due_at: datetime | None, error: str = "") -> None:
    done_at = timezone.now() if due_at is None else None
    change: dict[str, Any] = {"last_error": error, "done_at": done_at}
    if due_at is not None:
        change["due_at"] = due_at
    with durable(brand):
        # Only if nobody moved it meanwhile: a handler may have asked for the same work again, at another moment.
        OutboxRow.objects.filter(pk=row.pk, done_at=None, due_at=row.due_at).update(**change)
    _wake_for(due_at)


def _put_off(brand: BrandRef, row: OutboxRow, due_at: datetime) -> None:
    """Too early is no failure. A moment that did not move would keep the relay's lease, and the row would sleep it out."""
    with durable(brand):
        same = OutboxRow.objects.filter(pk=row.pk, done_at=None, due_at=row.due_at)
        same.update(due_at=max(due_at, row.due_at + A_MOMENT), attempts=0, last_error="")
    _wake_for(due_at)


def _wake_for(due_at: datetime | None) -> None:
    """A moment that a sleeping relay would miss."""
    if due_at is not None and due_at < timezone.now() + timedelta(seconds=SWEEP):
        wake_relay()


def _next_try(row: OutboxRow) -> datetime | None:
    if row.attempts >= LAST_ATTEMPT:
        return None
    return timezone.now() + timedelta(seconds=min(5 * 2**row.attempts, 3600))
