"""Committing that a dispatch is about to leave, before anything leaves: so a crash never hides that something may have.

The mark carries a stamp. Whoever marks anew puts an earlier worker out of the race: it finds another stamp and steps back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.channels.models import Channel
from clients.channels.port import Idempotency
from clients.gate.actions.lending import note_lending
from clients.gate.actions.pacing import OutOfTurn, has_turn, require_no_quiet
from clients.gate.actions.receipting import close_dispatch, note_failure, note_retry
from clients.gate.models import Dispatch
from clients.gate.outbound import Unfit, channel_of, class_of
from clients.gate.steps import Answer, ask_to_leave, settle
from clients.gate.words import DispatchState
from clients.items.life import Event, ItemState
from clients.items.models import Item
from clients.items.steps import lock_item, move
from clients.outbox.registry import Later
from clients.people.actor import Actor
from tenants.errors import RelaisError
from tenants.walls.scope import durable

IN_OTHER_HANDS = timedelta(seconds=20)
"""When another worker holds the dispatch, look again after the longest outward call."""

REPEATABLE = frozenset({Idempotency.REMOTE_KEY, Idempotency.TWO_PHASE})


@dataclass(slots=True)
class Marked:
    """A dispatch that is marked as leaving. `hidden`: an earlier call may have had its effect, and nobody knows.

    Once it may have left it stays marked until somebody knows: a later try that fails cleanly says nothing of the first.
    """

    dispatch_id: UUID
    stamp: datetime
    hidden: bool
    wants_draft: bool = False
    lent_until: datetime | None = None  # its pictures may be fetched until then, by a network that fetches them itself
    call_begun: bool = False


def mark(actor: Actor, dispatch_id: UUID) -> Marked | None:
    """Commit `sending`, or find out that there is nothing to do (None). Locks the item first, then the dispatch.

    Raises Later when it is too early, in other hands or the channel is quiet; OutOfTurn when it must take its turn first.
    """
    with durable(actor.brand):
        found = Dispatch.objects.filter(pk=dispatch_id).only("item_id").first()
        if found is None:
            return None
        item = lock_item(found.item_id)
        dispatch = Dispatch.objects.select_for_update(skip_locked=True).filter(pk=dispatch_id).first()
        if dispatch is None:
            raise Later(timezone.now() + IN_OTHER_HANDS)
        channel = channel_of(dispatch)
        if channel.capabilities.performed_by_person:
            return None  # a person performs it and says so: see `performing`
        if dispatch.state == DispatchState.SENDING:
            return _mark_again(actor, dispatch, item, channel)
        if dispatch.state != DispatchState.PENDING or not _still_wanted(actor, dispatch, item):
            return None
        _require_moment(dispatch, channel)
        return _mark_first(actor, dispatch, item)


def unmark(actor: Actor, marked: Marked) -> None:
    """Something failed here before the call began: nothing has left, and nobody should have to doubt it."""
    with durable(actor.brand):
        free = Dispatch.objects.select_for_update(skip_locked=True).filter(state=DispatchState.SENDING)
        dispatch = free.filter(pk=marked.dispatch_id, started_at=marked.stamp).first()
        if dispatch is not None:
            note_retry(actor, dispatch, "not_begun")


def start(actor: Actor, dispatch: Dispatch, item: Item, *, alone: bool = False) -> bool:
    """Ask, and mark a locked dispatch and its item as leaving; or let the item go where the answer says (False).

    The answer is committed with the mark: should a crash hide what follows, it is the one under which the act left.
    Raises Unfit when there is nothing left that could be asked about.
    """
    answer = asked(actor, dispatch, item, alone=alone)
    if not answer.decision.sends:
        stay(actor, dispatch, answer)
        return False
    dispatch.state, dispatch.decision = DispatchState.SENDING, answer.record
    dispatch.started_at = dispatch.begun_at = timezone.now()
    # Also when nobody will know whether it left, it counts under its cap.
    dispatch.grant, dispatch.error = answer.decision.grant, ""
    dispatch.attempts += 1
    dispatch.save(update_fields=("state", "started_at", "begun_at", "attempts", "decision", "grant", "error"))
    if item.state == ItemState.CLEARED:
        move(item, Event.START)
    _note_leaving(actor, dispatch, item)
    return True


def asked(actor: Actor, dispatch: Dispatch, item: Item, *, alone: bool) -> Answer:
    """The gate's answer at this moment. Raises Unfit when a row that it depends on is not what was approved or signed."""
    try:
        return ask_to_leave(actor, item, dispatch, alone=alone)
    except ValueError as altered:
        if str(altered) != "content_altered":
            raise
        raise Unfit("content_altered") from altered
    except RelaisError as refused:
        raise Unfit(refused.code) from refused


def stay(actor: Actor, dispatch: Dispatch, answer: Answer | None) -> None:
    """Nothing has left. The item goes where the answer says, unless it has gone elsewhere meanwhile."""
    close_dispatch(dispatch, DispatchState.CANCELLED)
    item = lock_item(dispatch.item_id)
    record(actor, "act.stays", item, channel=str(dispatch.channel_id))
    if answer is not None and item.state in (ItemState.CLEARED, ItemState.SENDING):
        settle(actor, item, [answer])


def _mark_first(actor: Actor, dispatch: Dispatch, item: Item) -> Marked | None:
    try:
        started = start(actor, dispatch, item)
    except Unfit as altered:
        # The life of an item knows no failure that never began.
        if item.state == ItemState.CLEARED:
            move(item, Event.START)
        note_failure(actor, dispatch, altered.code)
        return None
    if not started:
        return None
    return _marked(actor, dispatch, hidden=False, draft=_wants_draft(dispatch))


def _mark_again(actor: Actor, dispatch: Dispatch, item: Item, channel: Channel) -> Marked:
    """It was marked before, and the call may have been made.

    INVARIANT: only who may make a call gets a stamp of its own; from the last one counts how long a 'no' means nothing.
    Class B makes nothing public before its draft is stored: without one nothing can have left.
    """
    idempotency = class_of(dispatch)
    if idempotency is not Idempotency.NONE:
        require_no_quiet(channel)
    if idempotency in REPEATABLE and _may_repeat(actor, dispatch, item):
        dispatch.started_at = timezone.now()
        dispatch.attempts += 1
        dispatch.save(update_fields=("started_at", "attempts"))
        _note_leaving(actor, dispatch, item)
    draft = _wants_draft(dispatch)
    return _marked(actor, dispatch, hidden=not draft, draft=draft)


def _note_leaving(actor: Actor, dispatch: Dispatch, item: Item) -> None:
    record(actor, "act.leaving", item, channel=str(dispatch.channel_id), attempt=dispatch.attempts)


def _marked(actor: Actor, dispatch: Dispatch, *, hidden: bool, draft: bool) -> Marked:
    assert dispatch.started_at is not None
    lends = draft and channel_of(dispatch).capabilities.fetches_media
    lent_until = note_lending(actor, dispatch) if lends else None
    return Marked(dispatch.pk, dispatch.started_at, hidden=hidden, wants_draft=draft, lent_until=lent_until)


def _may_repeat(actor: Actor, dispatch: Dispatch, item: Item) -> bool:
    try:
        return is_meant(dispatch, item) and asked(actor, dispatch, item, alone=False).decision.sends
    except Unfit:
        return False


def is_meant(dispatch: Dispatch, item: Item) -> bool:
    """Whether the item still means a marked dispatch: because of another channel it may be held, edited or refused by now."""
    return item.state == ItemState.SENDING and item.version_id == dispatch.version_id


def _wants_draft(dispatch: Dispatch) -> bool:
    return class_of(dispatch) is Idempotency.TWO_PHASE and not dispatch.remote_draft


def _still_wanted(actor: Actor, dispatch: Dispatch, item: Item) -> bool:
    if item.state in (ItemState.CLEARED, ItemState.SENDING) and dispatch.version_id == item.version_id:
        return True
    dispatch.state = DispatchState.CANCELLED
    dispatch.save(update_fields=("state",))
    record(actor, "act.stays", item, channel=str(dispatch.channel_id))
    return False


def _require_moment(dispatch: Dispatch, channel: Channel) -> None:
    if dispatch.due_at > timezone.now():
        raise Later(dispatch.due_at)
    require_no_quiet(channel)
    if channel.capabilities.gap_seconds and not has_turn(dispatch):
        raise OutOfTurn
