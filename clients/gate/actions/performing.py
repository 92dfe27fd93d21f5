"""Acts that a person performs (a call, a meeting), and acts of which nobody knows whether they left: a person says so."""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.channels.port import Idempotency, SendFailed, Sent, SentState
from clients.gate.actions.marking import start
from clients.gate.actions.receipting import note_failure, note_sent
from clients.gate.facts import gather, question_on
from clients.gate.models import Dispatch
from clients.gate.outbound import Unfit, outbound_for, port_of
from clients.gate.steps import doer_of
from clients.gate.words import DispatchState
from clients.items.life import ItemState
from clients.items.steps import lock_item, require_no_meddling
from clients.outbox.brake import let_leave
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Missing
from tenants.walls.scope import durable

LONGEST_NOTE = 2000


def begin_performing(actor: Actor, *, dispatch_id: UUID) -> Dispatch:
    """Ask the gate right before a person calls or meets. The dispatch is `sending` if they may; else the item says why not."""
    require(actor, Verb.ITEM_CONFIRM)
    with durable(actor.brand):
        let_leave(actor.brand)
        _take_turn(actor, dispatch_id)
        dispatch = _lock(actor, dispatch_id, DispatchState.PENDING)
        if not port_of(dispatch).declares.performed_by_person:
            raise Conflict("not_for_a_person")
        item = lock_item(dispatch.item_id)
        if item.state not in (ItemState.CLEARED, ItemState.SENDING) or dispatch.version_id != item.version_id:
            raise Conflict("not_in_this_state", state=str(item.state))
        if dispatch.due_at > timezone.now():
            raise Conflict("too_early", due_at=dispatch.due_at.isoformat())
        try:
            begun = start(actor, dispatch, item, alone=True)
        except Unfit as altered:
            raise Conflict(altered.code) from altered
        if begun:
            record(actor, "act.begun", item, channel=str(dispatch.channel_id))
        return dispatch


def confirm_performed(actor: Actor, *, dispatch_id: UUID, done: bool, note: str = "") -> Dispatch:
    """Say that the call or meeting took place (a receipt follows) or that it did not."""
    require(actor, Verb.ITEM_CONFIRM)
    with durable(actor.brand):
        dispatch = _lock(actor, dispatch_id, DispatchState.SENDING)
        if not port_of(dispatch).declares.performed_by_person:
            raise Conflict("not_for_a_person")
        _conclude(actor, dispatch, done, note)
        return dispatch


def resolve_uncertain(actor: Actor, *, dispatch_id: UUID, done: bool, note: str = "") -> Dispatch:
    """A person has looked whether the act left. 'Yes' leaves the receipt it lacked; 'no' makes it a failure to be retried."""
    require(actor, Verb.ITEM_CONFIRM)
    with durable(actor.brand):
        dispatch = _lock(actor, dispatch_id, DispatchState.UNCERTAIN)
        _conclude(actor, dispatch, done, note)
        return dispatch


def look_now(actor: Actor, *, dispatch_id: UUID) -> bool:
    """Ask the network whether an uncertain act is there. Found, it gets its receipt; a 'no' decides nothing: a person does.

    Never sends. Raises Conflict with the code of what kept us from knowing; class D cannot be asked ('cannot_look_up').
    """
    require(actor, Verb.ITEM_CONFIRM)
    with durable(actor.brand):
        dispatch = _lock(actor, dispatch_id, DispatchState.UNCERTAIN)
        port = port_of(dispatch)
        if port.declares.idempotency is Idempotency.NONE:
            raise Conflict("cannot_look_up")
        try:
            outbound = outbound_for(actor.brand, dispatch, hidden=True)
        except Unfit as altered:
            raise Conflict(altered.code) from altered
    try:
        sent = port.find(outbound)
    except SendFailed as failure:
        raise Conflict(failure.code) from None
    if sent is None:
        return False
    with durable(actor.brand):
        dispatch = _lock(actor, dispatch_id, DispatchState.UNCERTAIN)
        assert dispatch.decision is not None
        note_sent(actor, dispatch, dispatch.decision, sent)
    return True


def _take_turn(actor: Actor, dispatch_id: UUID) -> None:
    """Wait for whoever counts under the same cap before the item is locked: they will want it, see `ask_to_leave`."""
    dispatch = Dispatch.objects.select_related("item__version").filter(pk=dispatch_id).first()
    if dispatch is not None:
        facts = gather(doer_of(actor, dispatch.item), dispatch.item, timezone.now(), leaving=True)
        question_on(facts, str(dispatch.channel_id), dispatch.due_at)


def _conclude(actor: Actor, dispatch: Dispatch, done: bool, note: str) -> None:
    if len(note) > LONGEST_NOTE:
        raise Invalid("too_long", field="note", most=LONGEST_NOTE)
    dispatch.note = note.strip()
    if not done:
        note_failure(actor, dispatch, "not_performed")
        return
    assert dispatch.decision is not None
    note_sent(actor, dispatch, dispatch.decision, Sent(remote_id=dispatch.remote_id, state=SentState.ACCEPTED))
    record(actor, "act.confirmed", dispatch.item, person=str(actor.person_id), has_note=bool(note))


def _lock(actor: Actor, dispatch_id: UUID, state: DispatchState) -> Dispatch:
    """The dispatch, locked after its item (the order of the whole gate). Conflict unless it is in `state`, and in nobody's hands.

    Raises Refused('other_sides_item'): nobody says of another's act that it took place, or that it did not and may be repeated.

    A worker that is sending holds the dispatch and will want the item: waiting for it here would be waiting in a circle.
    """
    found = Dispatch.objects.filter(pk=dispatch_id).only("item_id").first()
    if found is None:
        raise Missing("dispatch")
    require_no_meddling(actor, lock_item(found.item_id))
    free = Dispatch.objects.select_for_update(of=("self",), skip_locked=True)
    locked = free.select_related("item", "version", "decision").filter(pk=dispatch_id).first()
    if locked is None or locked.state != state:
        raise Conflict("not_in_this_state", state=str(locked.state if locked else DispatchState.SENDING))
    return locked
