"""Within what time members hear from us, who is called when they do not, and how a fair service is told from another. Pure.

*Bands*: how active a member is, when a round begins, by the rounds they began within the year before: a newcomer none, a regular
one to eleven, a very active member twelve or more (once a month). Who cannot be told from others is `unknown`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from clients.custody.clocks import ClockKind, Targets

ACKNOWLEDGE_WITHIN: dict[str, int] = {"routine": 120, "sensitive": 60, "crisis": 30}
ANSWER_WITHIN: dict[str, int] = {"routine": 540, "sensitive": 540, "crisis": 240}
"""Working minutes by sensitivity, while the briefing says nothing: two hours and a working day, and less when it matters more."""

A_YEAR = timedelta(days=365)
OFTEN = 12
CALL_EVERY = timedelta(minutes=30)
"""Working time that a contact has before the next one is called."""
MOST_CALLS = 6
MOST_WARNED = 10
"""People of a side who get a letter about what nobody of them holds."""


class Band(StrEnum):
    """How active a member is."""

    NEWCOMER = "newcomer"
    REGULAR = "regular"
    VERY_ACTIVE = "very_active"
    UNKNOWN = "unknown"


class Part(StrEnum):
    """By what figures are told apart."""

    ALL = "all"
    CHANNEL = "channel"
    LANGUAGE = "language"
    BAND = "band"


class Wish(Protocol):
    """A line of the briefing (`briefings.entries.ServiceTarget`)."""

    @property
    def channel(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def sensitivity(self) -> str: ...
    @property
    def acknowledge(self) -> int: ...
    @property
    def answer(self) -> int: ...


@dataclass(frozen=True, slots=True)
class About:
    """What of a conversation targets ask about. `channels`: every name that its channel goes by."""

    channels: frozenset[str]
    topic: str
    sensitivity: str


def targets_for(wishes: Iterable[Wish], about: About) -> Targets:
    """Of the lines that fit, the one that names most; of several, a line for the sensitivity, then the topic, then the first."""
    fitting = [(_names(wish), wish) for wish in wishes if _fits(wish, about)]
    if not fitting:
        acknowledge = ACKNOWLEDGE_WITHIN.get(about.sensitivity, ACKNOWLEDGE_WITHIN["routine"])
        answer = ANSWER_WITHIN.get(about.sensitivity, ANSWER_WITHIN["routine"])
    else:
        _, best = max(fitting, key=lambda pair: pair[0])
        acknowledge, answer = best.acknowledge, best.answer
    return Targets(timedelta(minutes=acknowledge), timedelta(minutes=answer))


def band_of(earlier: int | None) -> Band:
    """`earlier`: rounds of the same member within the year before; None where nobody knows who they are."""
    if earlier is None:
        return Band.UNKNOWN
    return Band.NEWCOMER if earlier == 0 else Band.VERY_ACTIVE if earlier >= OFTEN else Band.REGULAR


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of clock over many rounds. Times in working minutes, of those that were stopped by a word to the member.

    `waiting`: still running; `let_go`: closed without a word. Both stand beside the median, for it knows nothing of them.
    `kept` and `late` are of those whose time is over, late ones that still wait among them.
    """

    kind: ClockKind
    part: Part
    name: str
    rounds: int
    told: int
    median: int | None
    nine_in_ten: int | None
    kept: int
    late: int
    waiting: int
    let_go: int

    @property
    def in_time(self) -> int | None:
        """Percent of those whose time is over; rounded down, so that 100 means all."""
        over = self.kept + self.late
        return self.kept * 100 // over if over else None


def _fits(wish: Wish, about: About) -> bool:
    return (
        (not wish.channel or wish.channel.casefold() in about.channels)
        and (not wish.topic or wish.topic.casefold() == about.topic.casefold())
        and (not wish.sensitivity or wish.sensitivity == about.sensitivity)
    )


def _names(wish: Wish) -> tuple[int, bool, bool]:
    named = [bool(wish.sensitivity), bool(wish.topic), bool(wish.channel)]
    return sum(named), named[0], named[1]
