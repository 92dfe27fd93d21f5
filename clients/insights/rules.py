"""The life of an insight as a table of data, whom it may be closed back to, and what may be written into it. Pure.

INVARIANT: a step that the table does not know is not taken, and the state on the row is what its steps add up to.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from tenants.errors import Invalid


class State(StrEnum):
    """Where an insight stands."""

    NOTED = "noted"
    ASKED = "asked"  # a department owes a word
    LATE = "late"  # and has let its due date pass
    ANSWERED = "answered"
    DECIDED = "decided"
    CLOSED = "closed"


class Step(StrEnum):
    """What happens to an insight."""

    NOTE = "note"
    ADD = "add"  # another mention or conversation says the same
    ASK = "ask"
    EXTEND = "extend"
    LAPSE = "lapse"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    DECIDE = "decide"
    TELL = "tell"  # a draft that closes it back to one member
    CLOSE = "close"
    REOPEN = "reopen"


class DepartmentCode(StrEnum):
    """The departments that every brand has; those a brand names have no code."""

    PRODUCT = "product"
    SERVICE = "service"
    LEGAL = "legal"
    PRESS = "press"


class Decision(StrEnum):
    """What the brand makes of it."""

    WILL_DO = "will_do"
    DONE = "done"
    NO = "no"


class About(StrEnum):
    """What a letter about something asked for tells."""

    ASKED = "asked"
    SOON = "soon"
    LATE = "late"
    ANSWERED = "answered"


class Row(Protocol):
    """A stored step (`models.InsightStep`), as much of it as folding asks about."""

    @property
    def now(self) -> str: ...


P, S = State, Step

LIFE: dict[State, dict[Step, State]] = {
    P.NOTED: {S.ADD: P.NOTED, S.ASK: P.ASKED, S.DECIDE: P.DECIDED, S.CLOSE: P.CLOSED},
    P.ASKED: {
        S.ADD: P.ASKED, S.EXTEND: P.ASKED, S.LAPSE: P.LATE, S.ANSWER: P.ANSWERED, S.WITHDRAW: P.NOTED, S.DECIDE: P.DECIDED,
    },
    P.LATE: {S.ADD: P.LATE, S.EXTEND: P.ASKED, S.ANSWER: P.ANSWERED, S.WITHDRAW: P.NOTED, S.DECIDE: P.DECIDED},
    P.ANSWERED: {
        S.ADD: P.ANSWERED, S.ANSWER: P.ANSWERED, S.WITHDRAW: P.ANSWERED, S.ASK: P.ASKED, S.DECIDE: P.DECIDED,
    },
    # What was decided may be decided otherwise: what will be done is done one day.
    P.DECIDED: {S.ADD: P.DECIDED, S.DECIDE: P.DECIDED, S.TELL: P.DECIDED, S.CLOSE: P.CLOSED},
    P.CLOSED: {S.REOPEN: P.NOTED},
}  # fmt: skip
"""LIFE[state][step] is the state that follows. `Step.NOTE` is in no row: it makes the insight."""

OWED = frozenset({P.ASKED, P.LATE})
"""A department owes a word."""
LONGEST_TITLE, LONGEST_TEXT, LONGEST_NOTE, LONGEST_ANSWER, LONGEST_NAME = 200, 4_000, 1_000, 4_000, 80
LONGEST_SAID = 500
MOST_SOURCES, MOST_DEPARTMENTS, MOST_THEMES, MOST_ANSWERS = 200, 40, 300, 50
DUE_AT_MOST = timedelta(days=180)
LETTER_AFTER = timedelta(minutes=1)
"""So long a letter about what was asked waits: a slip that is withdrawn at once is not told of."""
LINK_AFTER_DUE = timedelta(days=7)
"""So long after its due date a link still takes an answer: late is better than never."""
LINK_VIEWS = 200
QUOTED_AT_MOST = 5
"""So many of the last turns of a conversation go along when its words are handed on."""
FILTERS: Mapping[str, frozenset[str] | None] = {
    "state": frozenset(State) | {"open"},
    "theme": None,
    "department": None,
    "late": frozenset({"1"}),
}
LONGEST_FILTER = 60


def after(state: str, step: Step) -> State | None:
    """The state that follows, or None where the table does not know the step."""
    return LIFE[State(state)].get(step)


def fold(rows: Iterable[Row]) -> State | None:
    """What the steps of one insight, in their order, make of it; None without any."""
    state = None
    for row in rows:
        state = State(row.now)
    return state


def remind_at(asked: datetime, due: datetime) -> datetime:
    """A day before it is due; of what is due sooner than in two days, in the middle."""
    return max(due - timedelta(days=1), asked + (due - asked) / 2)


def why_not_told(*, answered: bool, consent: str, wants_word: bool) -> str:
    """'' where the member may be told what came of it, else the code of the refusal.

    Who still waits for an answer gets it: that is what they asked for. Whoever was answered is spoken to once more only with
    their consent, or because they asked to hear of it; who took their consent back is left in peace.
    """
    if not answered or consent == "given" or (wants_word and consent != "withdrawn"):
        return ""
    return "consent_withdrawn" if consent == "withdrawn" else "consent_missing"


def checked_due(due: datetime | None, now: datetime) -> datetime:
    """Raises Invalid('due_missing' | 'time_past' | 'too_far', 'due')."""
    if due is None:
        raise Invalid("due_missing", "due")
    if due <= now:
        raise Invalid("time_past", "due")
    if due > now + DUE_AT_MOST:
        raise Invalid("too_far", "due")
    return due


def checked_words(text: str, most: int, field: str, *, needed: bool = False) -> str:
    """Words of people. Raises Invalid('words_missing' | 'too_long' | 'control_characters', field)."""
    clean = text.replace("\r\n", "\n").strip()
    if needed and not clean:
        raise Invalid("words_missing", field)
    if len(clean) > most:
        raise Invalid("too_long", field, most=most)
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in clean):
        raise Invalid("control_characters", field)
    return clean


def checked_line(name: str, most: int, field: str) -> str:
    """One line. Raises as `checked_words` and Invalid('name_empty', field)."""
    clean = checked_words(" ".join(name.split()), most, field)
    if not clean:
        raise Invalid("name_empty", field)
    return clean


def checked_decision(decision: str) -> Decision:
    """Raises Invalid('unknown_choice', 'decision')."""
    if decision not in set(Decision):
        raise Invalid("unknown_choice", "decision")
    return Decision(decision)


def checked_filters(typed: Mapping[str, str]) -> dict[str, str]:
    """What is known and well formed; all else is left out, for an address is typed by anybody."""
    found = {name: typed.get(name, "").strip()[:LONGEST_FILTER] for name in FILTERS}
    return {name: value for name, value in found.items() if value and _known(name, value)}


def id_or_none(typed: str) -> UUID:
    """Nothing has the id of nothing."""
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)


def _known(name: str, value: str) -> bool:
    allowed = FILTERS[name]
    return allowed is None or value in allowed
