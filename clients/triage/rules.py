"""What may be done with a mention, as a table of data: place and step give the next place. Pure: no Django, no clock.

A place is a mention's state and outcome in one word. Each mention is in exactly one, and every step that people or the house
take is a row of its own (`models.Ruling`), the undoing of one included.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from clients.conversations.rules import known_filters
from clients.mentions.rules import MentionKind, MentionState, Outcome
from tenants.errors import Invalid


class Place(StrEnum):
    """Where a mention stands."""

    OPEN = "open"
    SNOOZED = "snoozed"
    ANSWERED = "answered"
    HANDED = "handed"
    NO_REPLY = "no_reply"
    MERGED = "merged"
    WRONG = "wrong"


class Step(StrEnum):
    """What somebody does with a mention, or what happens to it."""

    HOLD = "hold"  # 'I have it'
    LET_GO = "let_go"
    SNOOZE = "snooze"
    WAKE = "wake"
    ANSWER = "answer"  # an answer is on its way: the gate said yes
    LOSE = "lose"  # the answer did not get out after all
    HAND = "hand"
    NO_REPLY = "no_reply"
    MERGE = "merge"
    SPLIT = "split"
    WRONG = "wrong"
    REOPEN = "reopen"
    UNDO = "undo"


class NoReply(StrEnum):
    """Why nobody answers: a decision that is kept, so that it can be explained."""

    PROVOCATION = "provocation"
    THANKS = "thanks"
    SPAM = "spam"
    ALREADY = "already"
    OTHER = "other"  # with words


P, S = Place, Step

_ENDS = {S.ANSWER: P.ANSWERED, S.HAND: P.HANDED, S.NO_REPLY: P.NO_REPLY, S.MERGE: P.MERGED, S.WRONG: P.WRONG}
_OPEN = _ENDS | {S.SNOOZE: P.SNOOZED}

LIFE: dict[Place, dict[Step, Place]] = {
    P.OPEN: _OPEN | {S.HOLD: P.OPEN, S.LET_GO: P.OPEN},
    P.SNOOZED: _OPEN | {S.WAKE: P.OPEN, S.HOLD: P.SNOOZED, S.LET_GO: P.SNOOZED},
    P.ANSWERED: {S.LOSE: P.OPEN, S.REOPEN: P.OPEN},
    # Whoever it was handed to may have it answered: then that is what became of it.
    P.HANDED: {S.ANSWER: P.ANSWERED, S.REOPEN: P.OPEN},
    P.NO_REPLY: {S.REOPEN: P.OPEN},
    P.MERGED: {S.SPLIT: P.OPEN},
    P.WRONG: {S.REOPEN: P.OPEN},
}
"""`Step.UNDO` is in no row: it leads back to where the last step began, see `may_undo`."""

STANDING: dict[Place, tuple[MentionState, str]] = {
    P.OPEN: (MentionState.OPEN, ""),
    P.SNOOZED: (MentionState.SNOOZED, ""),
    P.ANSWERED: (MentionState.DONE, Outcome.ANSWERED),
    P.HANDED: (MentionState.DONE, Outcome.HANDED),
    P.NO_REPLY: (MentionState.DONE, Outcome.NO_REPLY),
    P.MERGED: (MentionState.DONE, Outcome.MERGED),
    P.WRONG: (MentionState.DONE, Outcome.WRONG),
}
"""How a place is written on the mention's own row."""

BY_STANDING = {standing: place for place, standing in STANDING.items()}

UNDOABLE = frozenset({S.SNOOZE, S.HAND, S.NO_REPLY, S.MERGE, S.SPLIT, S.WRONG})
UNDO_WITHIN = timedelta(minutes=10)
HOLD_LASTS = timedelta(minutes=30)
"""Who holds a mention and has shown no sign of life for so long holds it no longer: another is not warned."""
SNOOZE_AT_MOST = timedelta(days=180)
MOST_TOGETHER = 50
LONGEST_WORDS = 1_000


@dataclass(frozen=True, slots=True)
class Last:
    """The newest step of a mention, as much of it as undoing asks about."""

    step: Step
    by: UUID | None
    at: datetime


def place_of(state: str, outcome: str) -> Place:
    """The place of a stored mention. KeyError for a pair the database forbids."""
    return BY_STANDING[MentionState(state), outcome]


def after(place: Place, step: Step) -> Place | None:
    """The place that follows, or None where the table does not know the step."""
    return LIFE[place].get(step)


def may_undo(last: Last | None, person: UUID | None, now: datetime) -> bool:
    """Only one's own last step, only for a few minutes, and never an undoing."""
    if last is None or last.step not in UNDOABLE or last.by is None or last.by != person:
        return False
    return timedelta(0) <= now - last.at <= UNDO_WITHIN


def collides(holder: UUID | None, person: UUID | None, seen: str, sign_of_life: datetime | None, now: datetime) -> bool:
    """Whether somebody else has it in hand and the person who acts has not been shown so: they are warned once."""
    if holder is None or holder == person or seen == str(holder):
        return False
    return sign_of_life is not None and now - sign_of_life <= HOLD_LASTS


def checked_reason(reason: str, words: str) -> tuple[NoReply, str]:
    """Raises Invalid('unknown_reason', 'reason'), Invalid('words_missing' | 'too_long', 'words')."""
    if reason not in set(NoReply):
        raise Invalid("unknown_reason", "reason")
    return NoReply(reason), checked_words(words, needed=reason == NoReply.OTHER)


def checked_words(words: str, *, needed: bool = False) -> str:
    """Words for people here. Raises Invalid('words_missing' | 'too_long', 'words')."""
    clean = words.strip()
    if needed and not clean:
        raise Invalid("words_missing", "words")
    if len(clean) > LONGEST_WORDS:
        raise Invalid("too_long", "words", most=LONGEST_WORDS)
    return clean


def checked_until(until: datetime, now: datetime) -> datetime:
    """Raises Invalid('time_past' | 'too_far', 'until')."""
    if until <= now:
        raise Invalid("time_past", "until")
    if until > now + SNOOZE_AT_MOST:
        raise Invalid("too_far", "until")
    return until


FILTERS: Mapping[str, frozenset[str] | None] = {
    "state": frozenset({"open", "snoozed", "done", "all"}),
    "kind": frozenset(MentionKind),
    "source": None,
    "language": None,
    "sensitivity": frozenset({"routine", "sensitive", "crisis"}),
    "key": None,
    "mine": frozenset({"1"}),
    "outcome": frozenset(Outcome),
}


def checked_filters(typed: Mapping[str, str]) -> dict[str, str]:
    """Of the inbox of mentions, see `known_filters`."""
    return known_filters(typed, FILTERS)
