"""After a call that failed: tried again with patience, given up in words, and never taken for unsent when nobody knows."""

from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from clients.channels.actions import note_health
from clients.channels.port import LONGEST_CALL_SECONDS, Idempotency, SendFailed
from clients.gate.actions.marking import REPEATABLE
from clients.gate.actions.pacing import keep_quiet
from clients.gate.actions.receipting import note_doubt, note_failure, note_retry, note_wait
from clients.gate.models import Dispatch
from clients.gate.outbound import class_of, port_of
from clients.outbox.registry import Later
from clients.people.actor import Actor

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 8

FRESH = timedelta(seconds=10)
"""INVARIANT: no call begins longer after its mark: so the mark says by when every call under it is over."""


def after_failure(actor: Actor, dispatch: Dispatch, failure: SendFailed, *, hidden: bool) -> Later | None:
    """What becomes of a locked dispatch whose call failed. `hidden`: an earlier call may have had its effect all the same."""
    hidden = hidden or failure.maybe_sent
    again = _told(actor, dispatch, failure, hidden=hidden)
    if hidden:
        return _in_the_dark(actor, dispatch, failure, again)
    if failure.permanent or dispatch.attempts >= MOST_ATTEMPTS:
        note_failure(actor, dispatch, failure.code)
        return None
    note_retry(actor, dispatch, failure.code)
    return Later(again)


def after_blindness(actor: Actor, dispatch: Dispatch, failure: SendFailed) -> Later | None:
    """Looking failed, so it is still unknown whether the act left: look again with patience, and at last ask a person."""
    again = _told(actor, dispatch, failure, hidden=True)
    dispatch.attempts += 1
    if failure.permanent or dispatch.attempts > MOST_ATTEMPTS:
        note_doubt(actor, dispatch, failure.code)
        return None
    note_wait(actor, dispatch, failure.code)
    return Later(again)


def settled_at(dispatch: Dispatch) -> datetime:
    """When every call under the mark is over and the network shows what it did: earlier its 'no' means nothing."""
    assert dispatch.started_at is not None
    settle = port_of(dispatch).declares.settle_seconds
    return dispatch.started_at + FRESH + timedelta(seconds=LONGEST_CALL_SECONDS + settle)


def _told(actor: Actor, dispatch: Dispatch, failure: SendFailed, *, hidden: bool) -> datetime:
    """Everything that the failure says besides: the channel's health, its quiet, the log; and when to try again."""
    log.warning("dispatch_failed", code=failure.code, permanent=failure.permanent, maybe_sent=hidden)
    note_health(actor, dispatch.channel_id, failure.code)
    patience = timezone.now() + timedelta(seconds=min(10 * 2**dispatch.attempts, 1800))
    return max(patience, keep_quiet(actor, dispatch, failure) or patience)


def _in_the_dark(actor: Actor, dispatch: Dispatch, failure: SendFailed, again: datetime) -> Later | None:
    """It may have left: repeated where that is harmless, looked for where that can be, else a person decides."""
    idempotency = class_of(dispatch)
    if idempotency is Idempotency.LOOK_UP:
        note_wait(actor, dispatch, failure.code)
        return Later(max(settled_at(dispatch), again if failure.retry_at else settled_at(dispatch)))
    over = failure.permanent or dispatch.attempts >= MOST_ATTEMPTS
    if over or idempotency not in REPEATABLE:
        note_doubt(actor, dispatch, failure.code)
        return None
    note_wait(actor, dispatch, failure.code)
    return Later(again)
