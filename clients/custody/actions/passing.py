"""Passing a conversation on: an offer with a note, accepted, declined, withdrawn or lapsed. Until then nothing moves."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.custody.access import lock_to_move
from clients.custody.models import Conversation, Holding, Offer
from clients.custody.queries import open_offer
from clients.custody.rules import Answer, Holder, LapseTo, Step, checked_note
from clients.custody.steps import close_offer, move, offer_to, require_step
from clients.outbox.registry import Later
from clients.people.access import require, require_process
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.vocabulary import Side
from tenants.walls.scope import durable


def pass_on(
    actor: Actor,
    *,
    conversation_id: UUID,
    to: Holder,
    note: str,
    accept_by: datetime | None = None,
    lapse_to: LapseTo = LapseTo.GIVER,
) -> Offer:
    """Offer it to a person, a team or the whole of either side. Whoever is away is stood in for.

    Raises Refused('held_by_other_side' | 'may_not_receive'), Missing('conversation' | 'person'), Conflict('pass_to_holder' |
    'already_offered' | 'nobody_there' | 'conversation_not_in_this_state' | 'answer_is_leaving'),
    Invalid('note_missing' | 'too_long', 'note' | 'team'), Invalid('time_past' | 'too_far', 'accept_by').
    """
    require(actor, Verb.CONVERSATION_HOLD)
    words = checked_note(note, needed=True)
    with durable(actor.brand):
        conversation = lock_to_move(actor, conversation_id)
        return offer_to(actor, conversation, to, words, accept_by=accept_by, lapse_to=lapse_to)


def accept(actor: Actor, *, conversation_id: UUID) -> Holding:
    """Take what was offered. It is theirs to whom it was offered; what was offered to a side is the acceptor's.

    Raises Refused('nothing_offered' | 'not_offered_to_you'), Missing('conversation'),
    Conflict('conversation_not_in_this_state' | 'answer_is_leaving').
    """
    require(actor, Verb.CONVERSATION_HELD)
    with durable(actor.brand):
        conversation = lock_to_move(actor, conversation_id)
        offered = require_step(actor, conversation, Step.ACCEPT).offered
        assert offered is not None
        offer = close_offer(conversation, Answer.ACCEPTED)
        assert offer is not None
        to = offered if offered.team else Holder(offered.side, actor.somebody)
        return move(actor, conversation, Step.ACCEPT, to=to, of=offer.passed)


def decline(actor: Actor, *, conversation_id: UUID, reason: str) -> Holding:
    """Say no, and why: it stays with whoever offered it. Raises as `accept`, Invalid('note_missing' | 'too_long', 'reason')."""
    require(actor, Verb.CONVERSATION_HELD)
    words = checked_note(reason, needed=True, field="reason")
    with durable(actor.brand):
        conversation = lock_to_move(actor, conversation_id)
        require_step(actor, conversation, Step.DECLINE)
        offer = close_offer(conversation, Answer.DECLINED, words)
        assert offer is not None
        return move(actor, conversation, Step.DECLINE, note=words, of=offer.passed)


def withdraw(actor: Actor, *, conversation_id: UUID) -> Holding:
    """Take an offer back that nobody answered yet. Raises Conflict('nothing_offered'), Refused('held_by_other_side')."""
    require(actor, Verb.CONVERSATION_HOLD)
    with durable(actor.brand):
        conversation = lock_to_move(actor, conversation_id)
        require_step(actor, conversation, Step.WITHDRAW)
        offer = close_offer(conversation, Answer.WITHDRAWN)
        if offer is None:
            raise Conflict("nothing_offered")
        return move(actor, conversation, Step.WITHDRAW, of=offer.passed)


def lapse(actor: Actor, *, offer_id: UUID) -> None:
    """For a worker: nobody answered in time. Nothing where somebody was quicker. Raises Refused('not_allowed'), `Later`."""
    require_process(actor)
    with durable(actor.brand):
        known = Offer.objects.filter(pk=offer_id).values_list("conversation", flat=True).first()
        conversation = Conversation.objects.select_for_update().filter(pk=known).first() if known else None
        offer = open_offer(conversation) if conversation else None
        if conversation is None or offer is None or offer.pk != offer_id:
            return
        if offer.accept_by > timezone.now():
            raise Later(offer.accept_by)
        close_offer(conversation, Answer.LAPSED)
        goes = offer.lapse_to == LapseTo.SIDE
        to = Holder(Side(offer.to_side), None, offer.to_team) if goes else None
        move(actor, conversation, Step.LAPSE, to=to, of=offer.passed, reason=offer.lapse_to)
