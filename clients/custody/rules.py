"""Who holds a conversation and what may happen to it, as tables of data. Pure: no Django, no clock.

INVARIANT: a holder is a side, and within it a person, a team or neither. An offer moves nothing: whoever made it still holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from tenants.vocabulary import Side


class Medium(StrEnum):
    """How the member spoke."""

    MENTION = "mention"
    COMMENT = "comment"
    DIRECT = "direct"
    EMAIL = "email"
    PHONE = "phone"
    FIELD = "field"


class State(StrEnum):
    """Where a conversation stands. What was merged into another is closed and says into which."""

    OPEN = "open"
    WAITING = "waiting"  # the member was asked something
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Voice(StrEnum):
    """Who speaks in a turn."""

    MEMBER = "member"
    BRAND = "brand"
    AGENCY = "agency"


class TurnKind(StrEnum):
    MESSAGE = "message"
    ACKNOWLEDGEMENT = "acknowledgement"
    ANSWER = "answer"
    QUESTION = "question"  # of ours: the clocks pause until the member speaks


class LapseTo(StrEnum):
    """Where an offer goes that nobody answered in time."""

    GIVER = "giver"  # it stays where it is
    SIDE = "side"  # to the side it was offered to, as a whole


class Answer(StrEnum):
    """What became of an offer."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What happens to a conversation."""

    OPEN = "open"
    TAKE = "take"  # 'I have it', within the side that holds
    LET_GO = "let_go"
    PASS = "pass"  # an offer: nothing moves yet  # noqa: S105
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"
    TAKE_BACK = "take_back"
    RETURN = "return"
    LOCK = "lock"
    UNLOCK = "unlock"
    STAND_IN = "stand_in"
    HAND_OVER = "hand_over"  # with all that one person holds
    WAIT = "wait"
    SAID = "said"
    SNOOZE = "snooze"
    WAKE = "wake"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds: a side, and within it one person, one team, or whoever is there."""

    side: Side
    person: UUID | None = None
    team: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A conversation as its steps make it."""

    holder: Holder
    state: State = State.OPEN
    locked: bool = False


class Row(Protocol):
    """A stored step (`models.Holding`), as much of it as folding asks about."""

    @property
    def step(self) -> str: ...
    @property
    def now_side(self) -> str: ...
    @property
    def now_person(self) -> UUID | None: ...
    @property
    def now_team(self) -> str: ...
    @property
    def now_state(self) -> str: ...


S = Step
_KEPT = frozenset({S.TAKE, S.LET_GO, S.PASS, S.DECLINE, S.LAPSE, S.WITHDRAW, S.LOCK, S.UNLOCK, S.STAND_IN, S.HAND_OVER})
_MOVED = frozenset({S.ACCEPT, S.TAKE_BACK, S.RETURN})
_ENDS = {S.CLOSE: State.CLOSED, S.MERGE: State.CLOSED}


def _row(state: State, **more: State) -> dict[Step, State]:
    return dict.fromkeys(_KEPT, state) | _ENDS | {Step(name): after for name, after in more.items()}


LIFE: dict[State, dict[Step, State]] = {
    State.OPEN: dict.fromkeys(_MOVED, State.OPEN)
    | _row(State.OPEN, wait=State.WAITING, said=State.OPEN, snooze=State.SNOOZED, split=State.OPEN),
    # What goes into other hands while the member is asked is still with the member.
    State.WAITING: dict.fromkeys(_MOVED, State.WAITING)
    | _row(State.WAITING, said=State.OPEN, wake=State.OPEN, snooze=State.SNOOZED, split=State.WAITING),
    # New hands put nothing off that they have not put off themselves.
    State.SNOOZED: dict.fromkeys(_MOVED, State.OPEN)
    | _row(
        State.SNOOZED, wait=State.WAITING, said=State.OPEN, wake=State.OPEN, snooze=State.SNOOZED, split=State.SNOOZED
    ),
    State.CLOSED: {
        S.TAKE_BACK: State.CLOSED,
        S.LOCK: State.CLOSED,
        S.UNLOCK: State.CLOSED,
        S.HAND_OVER: State.CLOSED,
        S.REOPEN: State.OPEN,
        S.SAID: State.OPEN,
        S.SPLIT: State.OPEN,  # of what was merged: it stands on its own again
    },
}
"""LIFE[state][step] is the state that follows. `Step.OPEN` is in no row: it makes the conversation."""

ACCEPT_WITHIN = timedelta(hours=24)
SNOOZE_AT_MOST = timedelta(days=180)
LONGEST_NOTE = 2_000
LONGEST_TEAM = 80


def after(state: str, step: Step) -> State | None:
    """The state that follows, or None where the table does not know the step."""
    return LIFE[State(state)].get(step)


def fold(rows: Iterable[Row]) -> Standing | None:
    """What the steps of one conversation, in their order, make of it; None without any."""
    standing: Standing | None = None
    for row in rows:
        holder = Holder(Side(row.now_side), row.now_person, row.now_team)
        locked = standing.locked if standing else False
        if row.step in {S.LOCK, S.UNLOCK}:
            locked = row.step == S.LOCK
        standing = Standing(holder, State(row.now_state), locked)
    return standing


def plain_handle(handle: str) -> str:
    """A handle as it is compared: '@Lea@Social.example' is 'lea@social.example'."""
    return handle.strip().removeprefix("@").casefold()


def in_hands_of(holder: Holder, person: UUID | None) -> Holder:
    """The same side, another hand."""
    return replace(holder, person=person, team="")
