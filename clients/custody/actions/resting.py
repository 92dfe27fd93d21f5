"""Where a conversation stands: the member was asked, it sleeps until a moment, it is closed, it is open again."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.custody.access import access_conversation
from clients.custody.models import Conversation, Holding
from clients.custody.rules import SNOOZE_AT_MOST, Answer, State, Step, checked_moment, checked_note
from clients.custody.steps import WAKE, close_offer, move, require_step
from clients.outbox.actions import enqueue
from clients.outbox.registry import Later
from clients.people.access import require, require_process
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.walls.scope import durable


def wait_for_member(actor: Actor, *, conversation_id: UUID, note: str = "") -> Holding:
    """It is with the member. A clock rests by the question that went out to them, never by this step alone.

    Raises Refused('held_by_other_side'), Missing('conversation'), Conflict('conversation_not_in_this_state').
    """
    return _stand(actor, conversation_id, Step.WAIT, note)


def snooze(actor: Actor, *, conversation_id: UUID, until: datetime, note: str = "") -> Holding:
    """Out of the inbox until a moment. Raises Invalid('time_past' | 'too_far', 'until') and as `wait_for_member`."""
    checked_moment(until, timezone.now(), SNOOZE_AT_MOST, "until")
    return _stand(actor, conversation_id, Step.SNOOZE, note, until=until)


def wake(actor: Actor, *, conversation_id: UUID) -> Holding:
    """Back into the inbox before its time. Raises as `wait_for_member`."""
    return _stand(actor, conversation_id, Step.WAKE, "")


def close(actor: Actor, *, conversation_id: UUID, note: str = "") -> Holding:
    """Nothing is left to say. What was offered is so no longer. Raises as `wait_for_member`."""
    return _stand(actor, conversation_id, Step.CLOSE, note)


def reopen(actor: Actor, *, conversation_id: UUID, note: str = "") -> Holding:
    """Take up again what was closed. Raises as `wait_for_member`."""
    return _stand(actor, conversation_id, Step.REOPEN, note)


def wake_when_due(actor: Actor, *, conversation_id: UUID) -> None:
    """For a worker: a snooze is over. Nothing where somebody was quicker. Raises Refused('not_allowed'), `Later`."""
    require_process(actor)
    with durable(actor.brand):
        conversation = Conversation.objects.select_for_update(no_key=True).filter(pk=conversation_id).first()
        if conversation is None or conversation.state != State.SNOOZED:
            return
        if conversation.until and conversation.until > timezone.now():
            raise Later(conversation.until)
        move(actor, conversation, Step.WAKE)


def _stand(actor: Actor, conversation_id: UUID, step: Step, note: str, *, until: datetime | None = None) -> Holding:
    require(actor, Verb.CONVERSATION_HOLD)
    words = checked_note(note)
    with durable(actor.brand):
        conversation = access_conversation(actor, conversation_id, lock=True)
        require_step(actor, conversation, step)
        if step is Step.CLOSE:
            close_offer(conversation, Answer.WITHDRAWN)
        holding = move(actor, conversation, step, note=words, until=until)
        if until is not None:
            enqueue(WAKE, {"conversation": str(conversation.pk)}, key=str(conversation.pk), due_at=until)
        return holding
