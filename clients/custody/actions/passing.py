"""Passing a conversation on: an offer with a note, accepted, declined, withdrawn or lapsed. Until then nothing moves."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.custody.access import lock_to_move
from clients.custody.models import Conversation, Holding, Offer
from clients.custody.queries import holder_of, may_receive, open_offer, person_here, side_may_receive, stand_in_for
from clients.custody.rules import (
    ACCEPT_AT_MOST,
    ACCEPT_WITHIN,
    LETTER_AFTER,
    Answer,
    Holder,
    LapseTo,
    Step,
    checked_moment,
    checked_note,
    checked_team,
)
from clients.custody.steps import LAPSE, LETTER, close_offer, move, require_step
from clients.outbox.actions import enqueue
from clients.outbox.registry import Later
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.queries import people_of_side
from clients.people.rules import Verb
from tenants.errors import Conflict, Missing, Refused
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
    words, now = checked_note(note, needed=True), timezone.now()
    due = checked_moment(accept_by or now + ACCEPT_WITHIN, now, ACCEPT_AT_MOST, "accept_by")
    with durable(actor.brand):
        conversation = lock_to_move(actor, conversation_id)
        require_step(actor, conversation, Step.PASS)
        if open_offer(conversation) is not None:
            raise Conflict("already_offered")
        to, stands_in = _stood_in_for(Holder(to.side, to.person, checked_team(to.team)), now)
        _require_receivable(conversation, to)
        passed = move(actor, conversation, Step.PASS, note=words, reason="stand_in" if stands_in else "")
        return _offer(actor, passed, to, accept_by=due, lapse_to=lapse_to)


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
    if actor.side is not None:
        raise Refused("not_allowed")
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


def _stood_in_for(to: Holder, now: datetime) -> tuple[Holder, bool]:
    away = stand_in_for(to.person, now) if to.person else None
    return (Holder(to.side, away.deputy), True) if away else (to, False)


def _require_receivable(conversation: Conversation, to: Holder) -> None:
    if to == holder_of(conversation):
        raise Conflict("pass_to_holder")
    if to.person is None:
        if not people_of_side(to.side).exists():
            raise Conflict("nobody_there")
        if not side_may_receive(to.side, conversation):
            raise Refused("may_not_receive")
        return
    person = person_here(to.person, to.side)
    if person is None:
        raise Missing("person")
    if not may_receive(person, conversation):
        raise Refused("may_not_receive")


def _offer(actor: Actor, passed: Holding, to: Holder, *, accept_by: datetime, lapse_to: LapseTo) -> Offer:
    offer = Offer.objects.create(
        conversation=passed.conversation,
        passed=passed,
        to_side=to.side,
        to_person=to.person,
        to_team=to.team,
        note=passed.note,
        by_person=actor.somebody,
        by_name=actor.name,
        at=passed.at,
        accept_by=accept_by,
        lapse_to=lapse_to,
    )
    enqueue(LAPSE, {"offer": str(offer.pk)}, key=str(offer.pk), due_at=accept_by)
    if to.person is not None:
        enqueue(LETTER, {"offer": str(offer.pk)}, key=str(offer.pk), due_at=offer.at + LETTER_AFTER)
    return offer
