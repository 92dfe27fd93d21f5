"""Into other hands, in an open transaction: offered, taken from the other side, given back; for pages, macros and triage alike.

All need the conversation locked by `access.lock_to_move`: whose hands it is in is decided against whoever answers.
"""

from datetime import datetime

from django.utils import timezone

from clients.custody.models import Conversation, Holding, Offer
from clients.custody.queries import (
    given_by,
    holder_of,
    may_receive,
    open_offer,
    person_here,
    side_may_receive,
    stand_in_for,
)
from clients.custody.rules import (
    ACCEPT_AT_MOST,
    ACCEPT_WITHIN,
    LETTER_AFTER,
    Answer,
    Holder,
    LapseTo,
    Step,
    checked_moment,
    checked_team,
)
from clients.custody.steps.moving import LAPSE, LETTER, close_offer, move, require_step
from clients.outbox.actions import enqueue
from clients.people.actor import Actor
from clients.people.queries import people_of_side
from clients.people.rules import Verb, may
from tenants.errors import Conflict, Missing, Refused


def offer_to(
    actor: Actor,
    conversation: Conversation,
    to: Holder,
    note: str,
    *,
    accept_by: datetime | None = None,
    lapse_to: LapseTo = LapseTo.GIVER,
) -> Offer:
    """Offer it; whoever is away is stood in for. `note`: as `rules.checked_note` gives it. Raises as `actions.pass_on`."""
    now = timezone.now()
    due = checked_moment(accept_by or now + ACCEPT_WITHIN, now, ACCEPT_AT_MOST, "accept_by")
    require_step(actor, conversation, Step.PASS)
    if open_offer(conversation) is not None:
        raise Conflict("already_offered")
    to, stands_in = _stood_in_for(Holder(to.side, to.person, checked_team(to.team)), now)
    _require_receivable(conversation, to)
    passed = move(actor, conversation, Step.PASS, note=note, reason="stand_in" if stands_in else "")
    return _offer(actor, passed, to, accept_by=due, lapse_to=lapse_to)


def take_from_other_side(actor: Actor, conversation: Conversation, note: str = "") -> Holding:
    """Into one's own hands. What was offered is so no longer. Raises as `actions.take_back`."""
    require_step(actor, conversation, Step.TAKE_BACK)
    assert actor.side is not None
    close_offer(conversation, Answer.WITHDRAWN)
    return move(actor, conversation, Step.TAKE_BACK, to=Holder(actor.side, actor.somebody), note=note)


def give_back_to_giver(actor: Actor, conversation: Conversation, note: str = "") -> Holding:
    """To whoever it came from; to their side where they have no place here any longer. Raises as `actions.give_back`."""
    it = require_step(actor, conversation, Step.RETURN)
    assert it.given_by is not None
    if not may(actor.role, Verb.CONVERSATION_HOLD) and it.holder.person != actor.person_id:
        raise Refused("not_in_your_hands")
    close_offer(conversation, Answer.WITHDRAWN)
    to = _still_there(it.given_by, conversation)
    return move(actor, conversation, Step.RETURN, to=to, note=note, of=given_by(conversation))


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


def _still_there(giver: Holder, conversation: Conversation) -> Holder:
    person = person_here(giver.person, giver.side) if giver.person else None
    if giver.person is None or (person is not None and may_receive(person, conversation)):
        return giver
    return Holder(giver.side)
