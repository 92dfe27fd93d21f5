"""Who holds a conversation and what may happen to it, as tables of data. Pure: no Django, no clock.

INVARIANT: a holder is a side, and within it a person, a team or neither. An offer moves nothing: whoever made it still holds.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from tenants.errors import Invalid
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
    @property
    def at(self) -> datetime: ...


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


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants a step taken. The house itself has no side; `stands_in_for` are those who are away now."""

    side: Side | None
    person: UUID | None = None
    stands_in_for: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Situation:
    """What a guard asks about. `offered`: to whom, while that is open. `agency_held`: at some time, not only now.

    `given_by`: whose hands it came from into those that hold it, unless it went back there already.
    """

    holder: Holder
    locked: bool = False
    agency_held: bool = False
    offered: Holder | None = None
    given_by: Holder | None = None


Guard = Callable[[Asker, Situation], str]
"""'' for yes, else the code of the refusal."""


def _holding_side(who: Asker, it: Situation) -> str:
    return "" if who.side is it.holder.side else "held_by_other_side"


def _holding_side_or_house(who: Asker, it: Situation) -> str:
    return "" if who.side is None else _holding_side(who, it)


def _offered(who: Asker, it: Situation) -> str:
    if it.offered is None:
        return "nothing_offered"
    mine = it.offered.person in {None, who.person, *who.stands_in_for}
    return "" if who.side is it.offered.side and mine else "not_offered_to_you"


def _takes_back(who: Asker, it: Situation) -> str:
    if who.side is None:
        return "for_people_alone"
    if who.side is it.holder.side:
        return "already_yours"
    if who.side is Side.BRAND:
        return ""
    if it.locked:
        return "locked_by_brand"
    return "" if it.agency_held else "never_held_it"


def _returns(who: Asker, it: Situation) -> str:
    return _holding_side(who, it) or ("" if it.given_by else "nothing_to_return")


def _brand(who: Asker, it: Situation) -> str:
    return "" if who.side is Side.BRAND else "brand_only"


def _house(who: Asker, it: Situation) -> str:
    return "" if who.side is None else "house_only"


def _anybody(who: Asker, it: Situation) -> str:
    return ""


WHO: Mapping[Step, Guard] = {
    S.OPEN: _anybody,
    S.TAKE: _holding_side,
    S.LET_GO: _holding_side_or_house,
    S.PASS: _holding_side,
    S.ACCEPT: _offered,
    S.DECLINE: _offered,
    S.LAPSE: _house,
    S.WITHDRAW: _holding_side,
    S.TAKE_BACK: _takes_back,
    S.RETURN: _returns,
    S.LOCK: _brand,
    S.UNLOCK: _brand,
    S.STAND_IN: _holding_side_or_house,
    S.HAND_OVER: _holding_side,
    S.WAIT: _holding_side_or_house,
    S.SAID: _anybody,
    S.SNOOZE: _holding_side,
    S.WAKE: _holding_side_or_house,
    S.CLOSE: _holding_side,
    S.REOPEN: _holding_side,
    S.MERGE: _holding_side,
    S.SPLIT: _holding_side,
}
"""Who may take which step."""

CHANGES_HANDS = frozenset({S.TAKE, S.LET_GO, S.ACCEPT, S.LAPSE, S.TAKE_BACK, S.RETURN, S.STAND_IN, S.HAND_OVER})
GIVES = frozenset({S.ACCEPT, S.LAPSE, S.TAKE_BACK})
"""Steps after which the new hands may return it to the old ones."""

ACCEPT_WITHIN = timedelta(hours=24)
LETTER_AFTER = timedelta(minutes=1)
"""So long a letter about what was offered waits: a slip that is withdrawn at once is not told of."""
ACCEPT_AT_MOST = timedelta(days=30)
SNOOZE_AT_MOST = timedelta(days=180)
AWAY_AT_MOST = timedelta(days=366)
MERGES_AT_MOST = 20
"""So often a conversation goes into others: its clocks read each of these stays again."""
LONGEST_NOTE = 2_000
LONGEST_TEAM = 80
_DIALLED = re.compile(r"\+?[\d\s./()-]{4,}")


def why_not(step: Step, who: Asker, it: Situation) -> str:
    """'' where `who` may take the step, else the code of the refusal."""
    return WHO[step](who, it)


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


def held_times(rows: Iterable[Row], until: datetime) -> dict[Side, timedelta]:
    """How long each side held it, from its opening to `until`, by the clock on the wall. `rows`: its steps, in their order."""
    held, steps = dict.fromkeys(Side, timedelta(0)), list(rows)
    for row, ended in zip(steps, [*(after.at for after in steps[1:]), until], strict=True):
        held[Side(row.now_side)] += ended - row.at
    return held


def plain_handle(handle: str) -> str:
    """A handle as it is compared: '@Lea@Social.example' is 'lea@social.example', '+33 6 12' is '+33612'.

    A host as networks ask for it: 'lea@Élan.example.' is 'lea@xn--lan-9la.example'.
    """
    plain = handle.strip().removeprefix("@").casefold()
    if _DIALLED.fullmatch(plain):
        return re.sub(r"[^\d+]", "", plain)
    name, at, host = plain.rpartition("@")
    return f"{name}@{_in_ascii(host.rstrip('.'))}" if at else plain


def _in_ascii(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:  # no name of a host: then nothing is sent there either
        return host


def spellings(handle: str, home: str) -> frozenset[str]:
    """All the ways in which a handle may be kept: at `home` members are called with or without it. Nobody has none."""
    plain = plain_handle(handle)
    name, _, host = plain.partition("@")
    if home and name and host in {"", home}:
        return frozenset({name, f"{name}@{home}"})
    return frozenset({plain} if plain else ())


def checked_note(note: str, *, needed: bool = False, field: str = "note") -> str:
    """Raises Invalid('note_missing' | 'too_long', field)."""
    clean = note.strip()
    if needed and not clean:
        raise Invalid("note_missing", field)
    if len(clean) > LONGEST_NOTE:
        raise Invalid("too_long", field, most=LONGEST_NOTE)
    return clean


def checked_team(team: str) -> str:
    """Raises Invalid('too_long', 'team')."""
    clean = team.strip()
    if len(clean) > LONGEST_TEAM:
        raise Invalid("too_long", "team", most=LONGEST_TEAM)
    return clean


def checked_moment(moment: datetime, now: datetime, at_most: timedelta, field: str) -> datetime:
    """Raises Invalid('time_past' | 'too_far', field)."""
    if moment <= now:
        raise Invalid("time_past", field)
    if moment > now + at_most:
        raise Invalid("too_far", field)
    return moment


def in_hands_of(holder: Holder, person: UUID | None) -> Holder:
    """The same side, another hand."""
    return replace(holder, person=person, team="")
