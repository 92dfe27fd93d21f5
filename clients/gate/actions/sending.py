"""Letting one dispatch leave: marked first, asked for the last time under the brake, sent, receipted.

Two transactions. The first commits `sending`, so that a crash never hides that something may have left. The second holds the
brake's shared lock from the last question to the receipt. What a crash in between means depends on the channel's class:
a key that makes a repeat harmless is sent again; where nothing can be known, a person decides (`uncertain`).
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from django.db import DatabaseError
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.channels.actions import note_health
from clients.channels.port import Idempotency, SendFailed
from clients.gate.actions.receipting import close_dispatch, note_doubt, note_failure, note_retry, note_sent
from clients.gate.models import DecisionRecord, Dispatch
from clients.gate.outbound import Unfit, outbound_for, port_of
from clients.gate.steps import Answer, ask_to_leave, settle
from clients.gate.words import DispatchState
from clients.items.life import Event, ItemState
from clients.items.models import Item
from clients.items.steps import lock_item, move
from clients.outbox.brake import let_leave
from clients.outbox.registry import Later
from clients.people.actor import Actor, process_of
from tenants.walls.scope import BrandRef, durable

log = structlog.get_logger(__name__)

IN_OTHER_HANDS = timedelta(seconds=20)
"""When another worker holds the dispatch, look again after the longest outward call."""

MOST_ATTEMPTS = 8


@dataclass(slots=True)
class Marked:
    """A dispatch that is marked as leaving. `again`: it was marked before, so it may already have left.

    Once it may have left it stays marked until somebody knows: a later try that fails cleanly says nothing of the first.
    """

    dispatch_id: UUID
    again: bool
    call_begun: bool = False


def send_dispatch(brand: BrandRef, *, dispatch_id: UUID) -> None:
    """Let one dispatch leave if the gate permits it at this moment. Raises Later when it is too early or in other hands."""
    actor = process_of(brand, EntryPoint.WORKER, "worker")
    marked = _mark(actor, dispatch_id)
    if marked is None:
        return
    try:
        _leave(actor, marked)
    except DatabaseError:
        if not (marked.again or marked.call_begun):
            _unmark(actor, dispatch_id)
        raise


def _unmark(actor: Actor, dispatch_id: UUID) -> None:
    """Something failed here before the call began: nothing has left, and nobody should have to doubt it."""
    with durable(actor.brand):
        free = Dispatch.objects.select_for_update(skip_locked=True)
        dispatch = free.filter(pk=dispatch_id, state=DispatchState.SENDING).first()
        if dispatch is not None:
            note_retry(dispatch, "not_begun", timezone.now())


def _mark(actor: Actor, dispatch_id: UUID) -> Marked | None:
    """Commit `sending`, or find out that there is nothing to do. Locks the item first, then the dispatch."""
    with durable(actor.brand):
        found = Dispatch.objects.filter(pk=dispatch_id).only("item_id").first()
        if found is None:
            return None
        item = lock_item(found.item_id)
        dispatch = Dispatch.objects.select_for_update(skip_locked=True).filter(pk=dispatch_id).first()
        if dispatch is None:
            raise Later(timezone.now() + IN_OTHER_HANDS)
        if dispatch.state == DispatchState.SENDING:
            return Marked(dispatch_id, again=True)
        if dispatch.state != DispatchState.PENDING or not _still_wanted(dispatch, item):
            return None
        _not_too_early(dispatch)
        if port_of(dispatch).declares.performed_by_person:
            return None  # a person performs it and says so: see `performing`
        return Marked(dispatch_id, again=False) if start(actor, dispatch, item) else None


def start(actor: Actor, dispatch: Dispatch, item: Item, *, alone: bool = False) -> bool:
    """Ask, and mark a locked dispatch and its item as leaving; or let the item go where the answer says (False).

    The answer is committed with the mark: should a crash hide what follows, it is the one under which the act left.
    """
    answer = ask_to_leave(actor, item, dispatch, alone=alone)
    if not answer.decision.sends:
        _stay(actor, dispatch, answer)
        return False
    dispatch.state, dispatch.started_at, dispatch.decision = DispatchState.SENDING, timezone.now(), answer.record
    # Also when nobody will know whether it left, it counts under its cap.
    dispatch.grant = answer.decision.grant
    dispatch.attempts += 1
    dispatch.save(update_fields=("state", "started_at", "attempts", "decision", "grant"))
    if item.state == ItemState.CLEARED:
        move(item, Event.START)
    return True


def _still_wanted(dispatch: Dispatch, item: Item) -> bool:
    if item.state in (ItemState.CLEARED, ItemState.SENDING) and dispatch.version_id == item.version_id:
        return True
    dispatch.state = DispatchState.CANCELLED
    dispatch.save(update_fields=("state",))
    return False


def _not_too_early(dispatch: Dispatch) -> None:
    if dispatch.due_at > timezone.now():
        raise Later(dispatch.due_at)


def _leave(actor: Actor, marked: Marked) -> None:
    """Ask for the last time and make the outward call, both under the brake; then receipt, doubt, failure or another try.

    The dispatch's row stays locked until the end, so no second worker can be here; the item's is locked only after the call.
    """
    again: Later | None = None
    with durable(actor.brand):
        let_leave(actor.brand)
        dispatch = (
            Dispatch.objects.select_for_update(of=("self",))
            .select_related("item", "version", "decision")
            .get(pk=marked.dispatch_id)
        )
        if dispatch.state != DispatchState.SENDING:
            return
        if marked.again and not _is_repeatable(dispatch):
            note_doubt(actor, dispatch, "crashed_while_sending")
        elif _is_meant(dispatch.item, dispatch):
            again = _ask_and_call(actor, dispatch, marked)
        elif marked.again:
            _find_out(actor, dispatch, None)
        else:
            _stay(actor, dispatch, None)
    if again is not None:
        raise again


def _is_meant(item: Item, dispatch: Dispatch) -> bool:
    """Whether the item still means this dispatch: because of another channel it may be held, edited or refused by now."""
    return item.state == ItemState.SENDING and item.version_id == dispatch.version_id


def _ask_and_call(actor: Actor, dispatch: Dispatch, marked: Marked) -> Later | None:
    answer = ask_to_leave(actor, dispatch.item, dispatch, alone=True)
    if answer.decision.sends:
        dispatch.decision, dispatch.grant = answer.record, answer.decision.grant
        return _call(actor, dispatch, answer.record, marked)
    if marked.again:
        _find_out(actor, dispatch, answer)
    else:
        _stay(actor, dispatch, answer)
    return None


def _is_repeatable(dispatch: Dispatch) -> bool:
    return port_of(dispatch).declares.idempotency is Idempotency.REMOTE_KEY


def _stay(actor: Actor, dispatch: Dispatch, answer: Answer | None) -> None:
    """Nothing has left. The item goes where the answer says, unless it has gone elsewhere meanwhile."""
    close_dispatch(dispatch, DispatchState.CANCELLED)
    item = lock_item(dispatch.item_id)
    if answer is not None and item.state in (ItemState.CLEARED, ItemState.SENDING):
        settle(actor, item, [answer])


def _find_out(actor: Actor, dispatch: Dispatch, answer: Answer | None) -> None:
    """It may have left before a crash, and may not leave now: look, and never send in order to know."""
    try:
        sent = port_of(dispatch).find(outbound_for(actor.brand, dispatch))
    except (SendFailed, Unfit) as failure:
        note_doubt(actor, dispatch, failure.code)
        return
    if sent is None:
        _stay(actor, dispatch, answer)
    else:
        assert dispatch.decision is not None
        note_sent(actor, dispatch, dispatch.decision, sent)


def _call(actor: Actor, dispatch: Dispatch, decision: DecisionRecord, marked: Marked) -> Later | None:
    dispatch.attempts += marked.again
    try:
        outbound = outbound_for(actor.brand, dispatch)
        marked.call_begun = True
        sent = port_of(dispatch).send(outbound)
    except Unfit as altered:
        return _after_failure(actor, dispatch, SendFailed(altered.code, permanent=True, maybe_sent=False), marked)
    except SendFailed as failure:
        return _after_failure(actor, dispatch, failure, marked)
    note_sent(actor, dispatch, decision, sent)
    return None


def _after_failure(actor: Actor, dispatch: Dispatch, failure: SendFailed, marked: Marked) -> Later | None:
    maybe_sent = failure.maybe_sent or marked.again
    log.warning("dispatch_failed", code=failure.code, permanent=failure.permanent, maybe_sent=maybe_sent)
    note_health(actor, dispatch.channel_id, failure.code)
    over = failure.permanent or dispatch.attempts >= MOST_ATTEMPTS
    if over or (maybe_sent and not _is_repeatable(dispatch)):
        end = note_doubt if maybe_sent else note_failure
        end(actor, dispatch, failure.code)
        return None
    moment = timezone.now() + timedelta(seconds=min(10 * 2**dispatch.attempts, 1800))
    if maybe_sent:
        close_dispatch(dispatch, DispatchState.SENDING, error=failure.code)
    else:
        note_retry(dispatch, failure.code, moment)
    return Later(moment)
