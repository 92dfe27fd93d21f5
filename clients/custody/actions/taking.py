"""Whose hands it is in: taken back from the other side, given back to who gave it, locked, taken within a side."""

from uuid import UUID

from clients.custody.access import lock_to_move
from clients.custody.models import Holding
from clients.custody.queries import holder_of
from clients.custody.rules import Holder, Step, checked_note, checked_team, in_hands_of
from clients.custody.steps import give_back_to_giver, move, require_step, take_from_other_side
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.walls.scope import durable


def take_back(actor: Actor, *, conversation_id: UUID, note: str = "") -> Holding:
    """Into one's own hands, from the other side's: the brand always, the agency what it held before and the brand has not locked.

    It waits for an answer that is leaving and then holds against every later one. What was offered is so no longer.
    Raises Refused('already_yours' | 'locked_by_brand' | 'never_held_it'), Missing('conversation'),
    Conflict('conversation_not_in_this_state' | 'answer_is_leaving'), Invalid('too_long', 'note').
    """
    require(actor, Verb.CONVERSATION_HOLD)
    words = checked_note(note)
    with durable(actor.brand):
        conversation = lock_to_move(actor, conversation_id)
        return take_from_other_side(actor, conversation, words)


def give_back(actor: Actor, *, conversation_id: UUID, note: str = "") -> Holding:
    """To whoever it came from; to their side where they have no place here any longer. An offer that is open is withdrawn.

    A department contact gives back what is in their own hands. Raises Refused('held_by_other_side' | 'nothing_to_return' |
    'not_in_your_hands'), Missing('conversation'),
    Conflict('conversation_not_in_this_state' | 'answer_is_leaving'), Invalid('too_long', 'note').
    """
    require(actor, Verb.CONVERSATION_HELD)
    words = checked_note(note)
    with durable(actor.brand):
        conversation = lock_to_move(actor, conversation_id)
        return give_back_to_giver(actor, conversation, words)


def lock(actor: Actor, *, conversation_id: UUID, note: str = "") -> Holding:
    """The agency may not take it back any longer. Raises Refused('brand_only' | 'not_allowed'), Missing('conversation')."""
    return _locked(actor, conversation_id, Step.LOCK, note)


def unlock(actor: Actor, *, conversation_id: UUID, note: str = "") -> Holding:
    """The agency may take it back again, if it held it before. Raises as `lock`."""
    return _locked(actor, conversation_id, Step.UNLOCK, note)


def take(actor: Actor, *, conversation_id: UUID) -> Holding:
    """'I have it', within the side that holds. Raises Refused('held_by_other_side'), Missing('conversation')."""
    require(actor, Verb.CONVERSATION_HOLD)
    with durable(actor.brand):
        conversation = lock_to_move(actor, conversation_id)
        require_step(actor, conversation, Step.TAKE)
        to = in_hands_of(holder_of(conversation), actor.somebody)
        return move(actor, conversation, Step.TAKE, to=to)


def let_go(actor: Actor, *, conversation_id: UUID, team: str = "") -> Holding:
    """Out of one's hands, for whoever of the side comes next, or for a team. Raises as `take`, Invalid('too_long', 'team')."""
    require(actor, Verb.CONVERSATION_HOLD)
    clean = checked_team(team)
    with durable(actor.brand):
        conversation = lock_to_move(actor, conversation_id)
        it = require_step(actor, conversation, Step.LET_GO)
        return move(actor, conversation, Step.LET_GO, to=Holder(it.holder.side, None, clean))


def _locked(actor: Actor, conversation_id: UUID, step: Step, note: str) -> Holding:
    require(actor, Verb.CONVERSATION_LOCK)
    words = checked_note(note)
    with durable(actor.brand):
        conversation = lock_to_move(actor, conversation_id)
        require_step(actor, conversation, step)
        return move(actor, conversation, step, note=words)
