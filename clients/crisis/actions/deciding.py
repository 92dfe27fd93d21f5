"""Proposing, declaring, dismissing, ending. Anybody may say that something is wrong; only the brand says what it is."""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.crisis.access import access_crisis
from clients.crisis.models import Crisis
from clients.crisis.rules import Move, checked_text
from clients.crisis.steps.moving import begin, go_on, write
from clients.crisis.steps.reviewing import draft_review
from clients.disclosure.rules import InfoClass
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.walls.scope import durable


def propose_crisis(actor: Actor, *, text: str, topic: str = "", info_class: InfoClass | None = None) -> Crisis:
    """Say that something may be a crisis, and have the brand's people called. Changes nobody's rights.

    Raises Refused('not_allowed'), Invalid as `checked_text` does, Conflict('crisis_already_open').
    """
    require(actor, Verb.CRISIS_PROPOSE)
    words = checked_text(text)
    with durable(actor.brand):
        crisis = begin(actor, Move.PROPOSE, topic=topic.strip())
        _tell(actor, crisis, words, info_class)
    return crisis


def declare_crisis(
    actor: Actor,
    *,
    text: str,
    crisis_id: UUID | None = None,
    topic: str = "",
    info_class: InfoClass | None = None,
) -> Crisis:
    """Put a crisis in force, a proposed one or a new one: from now on every act is asked as `crisis`.

    No step-up: it takes rights away and gives none. Raises Refused('not_allowed'), Missing('crisis'), Invalid as
    `checked_text` does, Conflict('crisis_already_open' | 'crisis_moved_on').
    """
    require(actor, Verb.CRISIS_DECLARE)
    words = checked_text(text)
    with durable(actor.brand):
        if crisis_id is None:
            crisis = begin(actor, Move.DECLARE, topic=topic.strip())
        else:
            crisis = go_on(actor, access_crisis(actor, crisis_id, lock=True), Move.DECLARE)
        _tell(actor, crisis, words, info_class)
    return crisis


def dismiss_crisis(actor: Actor, *, crisis_id: UUID, text: str, info_class: InfoClass | None = None) -> Crisis:
    """Say that what was proposed is none. The same alert stays quiet for a day, unless it doubles.

    Raises Refused('not_allowed'), Missing('crisis'), Invalid as `checked_text` does, Conflict('crisis_moved_on').
    """
    require(actor, Verb.CRISIS_END)
    return _close(actor, crisis_id, Move.DISMISS, text, info_class)


def end_crisis(actor: Actor, *, crisis_id: UUID, text: str, info_class: InfoClass | None = None) -> Crisis:
    """End a crisis: what the charter grants holds again, and a review is begun. The brand proves who it is.

    Raises Refused('not_allowed' | 'step_up_required'), Missing('crisis'), Invalid as `checked_text` does,
    Conflict('crisis_moved_on').
    """
    require(actor, Verb.CRISIS_END)
    require_step_up(actor, timezone.now())
    return _close(actor, crisis_id, Move.END, text, info_class)


def _close(actor: Actor, crisis_id: UUID, move: Move, text: str, info_class: InfoClass | None) -> Crisis:
    words = checked_text(text)
    with durable(actor.brand):
        crisis = go_on(actor, access_crisis(actor, crisis_id, lock=True), move)
        _tell(actor, crisis, words, info_class)
        if move is Move.END:
            draft_review(actor, crisis)
    return crisis


def _tell(actor: Actor, crisis: Crisis, words: str, info_class: InfoClass | None) -> None:
    """Why it was decided: part of the log of decisions, under its writer's class."""
    note = write(actor, crisis, words, is_decision=True, info_class=info_class)
    record(actor, "crisis.noted", crisis, note=str(note.pk), decision=True, info_class=str(note.info_class))
