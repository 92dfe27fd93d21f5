"""Letting one dispatch leave: marked first, asked for the last time under the brake, sent, receipted.

Each step is a transaction. `mark` commits `sending`, so that a crash never hides that something may have left. Class B
then stores a remote draft that nobody sees. The last holds the brake's shared lock from the last question to the receipt.
What a crash in between means depends on the channel's class: with a key or a stored draft a repeat is harmless (A, B); where
one can look, one waits until looking means something (C); where nothing can be known, a person decides (D).
"""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.channels.port import Idempotency, SendFailed
from clients.gate.actions.failing import FRESH, after_failure
from clients.gate.actions.finding import CRASHED, find_out
from clients.gate.actions.marking import IN_OTHER_HANDS, REPEATABLE, Marked, asked, is_meant, mark, stay, unmark
from clients.gate.actions.pacing import OutOfTurn, take_turn
from clients.gate.actions.receipting import note_doubt, note_failure, note_retry, note_sent
from clients.gate.lent import addressed
from clients.gate.models import Dispatch
from clients.gate.outbound import Unfit, class_of, outbound_for, port_of
from clients.gate.words import DispatchState
from clients.outbox.brake import let_leave
from clients.outbox.registry import Later
from clients.people.actor import Actor, process_of
from tenants.walls.scope import BrandRef, durable

LONGEST_DRAFT_ID = 500
LEAVING = frozenset({DispatchState.PENDING, DispatchState.SENDING})


def send_dispatch(brand: BrandRef, *, dispatch_id: UUID) -> None:
    """Let one dispatch leave if the gate permits it at this moment. Raises Later when it is too early or in other hands."""
    actor = process_of(brand, EntryPoint.WORKER, "worker")
    try:
        marked = mark(actor, dispatch_id)
    except OutOfTurn:
        take_turn(actor, dispatch_id)
        marked = mark(actor, dispatch_id)
    if marked is None:
        return
    try:
        if marked.wants_draft and not prepare(actor, marked):
            return
        leave(actor, marked)
    except Later:
        raise
    except Exception:
        if not (marked.hidden or marked.call_begun):
            unmark(actor, marked)
        raise


def prepare(actor: Actor, marked: Marked) -> bool:
    """Class B: have a remote draft made, and store its id. False when the act does not leave after all.

    INVARIANT: under the brake and upon an answer of its own: after a stop has returned nothing is prepared any more.
    """
    with durable(actor.brand):
        let_leave(actor.brand)
        dispatch = _locked(marked)
        if dispatch is None:
            return False
        again = _ask_and_prepare(actor, dispatch, marked)
    if again is not None:
        raise again
    return not marked.wants_draft


def leave(actor: Actor, marked: Marked) -> None:
    """Ask for the last time and make the outward call, both under the brake; then receipt, doubt, failure or another try.

    The dispatch's row stays locked until the end, so no second worker can be here; the item's is locked only after the call.
    """
    with durable(actor.brand):
        let_leave(actor.brand)
        dispatch = _locked(marked)
        again = None if dispatch is None else _let_go(actor, dispatch, marked)
    if again is not None:
        raise again


def _locked(marked: Marked) -> Dispatch | None:
    """The dispatch under our mark, or None when it is settled. Raises Later when another worker has marked it anew.

    INVARIANT: who steps back comes back. The outbox row of a dispatch that is not settled must not end with us.
    """
    locked = Dispatch.objects.select_for_update(of=("self",)).select_related("item", "version", "decision")
    dispatch = locked.get(pk=marked.dispatch_id)
    if dispatch.state not in LEAVING:
        return None
    if dispatch.state != DispatchState.SENDING or dispatch.started_at != marked.stamp:
        raise Later(timezone.now() + IN_OTHER_HANDS)
    return dispatch


def _let_go(actor: Actor, dispatch: Dispatch, marked: Marked) -> Later | None:
    if not marked.hidden:
        return _ask_and_call(actor, dispatch, marked)
    idempotency = class_of(dispatch)
    if idempotency in REPEATABLE:
        return _ask_and_call(actor, dispatch, marked)
    if idempotency is Idempotency.LOOK_UP:
        return find_out(actor, dispatch)
    note_doubt(actor, dispatch, dispatch.error or CRASHED)
    return None


def _may_leave(actor: Actor, dispatch: Dispatch, marked: Marked, *, alone: bool) -> tuple[bool, Later | None]:
    """Whether the item still means this dispatch and the gate permits it now. If not, what follows is done here."""
    answer = None
    if is_meant(dispatch, dispatch.item):
        try:
            answer = asked(actor, dispatch, dispatch.item, alone=alone)
        except Unfit as altered:
            (note_doubt if marked.hidden else note_failure)(actor, dispatch, altered.code)
            return False, None
        if answer.decision.sends:
            dispatch.decision, dispatch.grant = answer.record, answer.decision.grant
            return True, None
    if marked.hidden:
        return False, find_out(actor, dispatch)
    stay(actor, dispatch, answer)
    return False, None


def _ask_and_prepare(actor: Actor, dispatch: Dispatch, marked: Marked) -> Later | None:
    permitted, again = _may_leave(actor, dispatch, marked, alone=False)
    if not permitted:
        return again
    try:
        outbound = outbound_for(actor.brand, dispatch)
        if marked.lent_until is not None:
            outbound = addressed(actor.brand, dispatch, outbound, marked.lent_until)
        draft = port_of(dispatch).prepare(outbound)
        if not 0 < len(draft) <= LONGEST_DRAFT_ID:
            raise SendFailed("connector_failed", permanent=True, maybe_sent=False)
    except Unfit as altered:
        return after_failure(actor, dispatch, _of(altered), hidden=False)
    except SendFailed as failure:
        return after_failure(actor, dispatch, failure, hidden=False)
    dispatch.remote_draft, dispatch.started_at = draft, timezone.now()
    dispatch.save(update_fields=("remote_draft", "started_at", "decision", "grant"))
    record(actor, "act.prepared", dispatch.item, channel=str(dispatch.channel_id))
    marked.stamp, marked.wants_draft = dispatch.started_at, False
    return None


def _ask_and_call(actor: Actor, dispatch: Dispatch, marked: Marked) -> Later | None:
    permitted, again = _may_leave(actor, dispatch, marked, alone=True)
    if not permitted:
        return again
    try:
        outbound = outbound_for(actor.brand, dispatch, hidden=marked.hidden)
        if timezone.now() > marked.stamp + FRESH:
            return _marked_too_long_ago(actor, dispatch, marked)
        marked.call_begun = True
        sent = port_of(dispatch).send(outbound)
    except Unfit as altered:
        return after_failure(actor, dispatch, _of(altered), hidden=marked.hidden)
    except SendFailed as failure:
        return after_failure(actor, dispatch, failure, hidden=marked.hidden)
    assert dispatch.decision is not None
    note_sent(actor, dispatch, dispatch.decision, sent)
    return None


def _marked_too_long_ago(actor: Actor, dispatch: Dispatch, marked: Marked) -> Later:
    """It waited long for the brake or for its cap: marked anew, so that the mark tells when the call is over."""
    if not marked.hidden:
        dispatch.attempts -= 1
        note_retry(actor, dispatch, "")
    return Later(timezone.now())


def _of(altered: Unfit) -> SendFailed:
    return SendFailed(altered.code, permanent=True, maybe_sent=False)
