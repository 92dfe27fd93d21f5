"""How long a member waits, as arithmetic over what happened in one conversation: the one place where both clocks are read. Pure.

A *round* begins with the first thing a member says that is still without an answer, and ends with our answer. In each round
two clocks run in the brand's working time: `acknowledge` until the member knows that they were seen, `answer` until they have
their answer, paused while the member is asked something. What each event means is decided in docs/decisions/0017-two-clocks.md.
Moments in UTC come in and go out. Nothing is remembered: the same events give the same reading, whenever they are asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from clients.briefings.calendar import Calendar
from tenants.vocabulary import Side

NONE = timedelta(0)
EVER = datetime.min.replace(tzinfo=UTC)
Run = tuple[datetime, datetime]
"""A stretch in which a clock runs, half-open."""


class Kind(StrEnum):
    """What may happen in a conversation."""

    SPOKE = "spoke"  # the member said something; while they were asked, it is their reply
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    ASKED = "asked"  # a question that went out to the member
    PASSED = "passed"  # `side` holds it from now on
    CLOSED = "closed"
    REOPENED = "reopened"
    NOTED = "noted"  # an internal note: never an answer
    MERGED = "merged"  # into another conversation; `side` holds that one
    SPLIT = "split"  # out of it again; `side` holds this one from now on


TOWARD_MEMBER = frozenset({Kind.ACKNOWLEDGED, Kind.ANSWERED, Kind.ASKED})
HANDS_ON = frozenset({Kind.PASSED, Kind.MERGED, Kind.SPLIT})
ALONG = TOWARD_MEMBER | {Kind.PASSED, Kind.CLOSED, Kind.REOPENED}
"""What is done in a conversation for all those that are merged into it."""


class ClockKind(StrEnum):
    """The two clocks."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"


class ClockState(StrEnum):
    """Whether a clock runs at this moment."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `side`: who did it; where it was handed on, who holds it from then on."""

    kind: Kind
    at: datetime
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Targets:
    """Working time within which each clock is to stop; None: it is counted and never due. Of it, `warn` percent pass unwarned."""

    acknowledge: timedelta | None
    answer: timedelta | None
    warn: int = 75


@dataclass(frozen=True, slots=True)
class Spent:
    """Time in which a clock ran: inside the brand's working hours, and by the wall."""

    working: timedelta = NONE
    elapsed: timedelta = NONE

    def __add__(self, other: "Spent") -> "Spent":
        return Spent(self.working + other.working, self.elapsed + other.elapsed)


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of one round as it stands. `due` and `warn_at` are unknown (None) while it is paused before them.

    `breached_at`: from when on it ran past its due moment; it stays, whatever comes after. `let_go`: stopped by closing alone,
    without a word to the member. INVARIANT: the sides' times add up to `spent`, and `spent.elapsed` and `asleep` to the whole.
    """

    kind: ClockKind
    state: ClockState
    started_at: datetime
    spent: Spent
    by_side: Mapping[Side, Spent]
    asleep: timedelta = NONE
    due: datetime | None = None
    warn_at: datetime | None = None
    breached_at: datetime | None = None
    stopped_at: datetime | None = None
    stopped_by: Side | None = None
    let_go: bool = False

    @property
    def kept(self) -> bool | None:
        """Whether it stopped in time; None while that is open, and where it was let go in time."""
        if self.breached_at is not None:
            return False
        return True if self.state is ClockState.STOPPED and not self.let_go else None


@dataclass(frozen=True, slots=True)
class Round:
    """From something unanswered to its answer. `messages`: how often the member spoke in it."""

    number: int
    opened_at: datetime
    messages: int
    acknowledge: Clock
    answer: Clock

    @property
    def clocks(self) -> tuple[Clock, Clock]:
        return self.acknowledge, self.answer

    @property
    def waits(self) -> bool:
        return self.answer.state is not ClockState.STOPPED


@dataclass(frozen=True, slots=True)
class Reading:
    """Every round, oldest first. `merged`: the conversation goes on in another one at this moment."""

    rounds: tuple[Round, ...]
    merged: bool

    @property
    def current(self) -> Round | None:
        """The round in which the member waits."""
        return self.rounds[-1] if self.rounds and self.rounds[-1].waits else None


@dataclass(slots=True)
class _Draft:
    """A round while its events are read."""

    opened_at: datetime
    messages: int = 1
    acknowledged: Event | None = None
    answered: Event | None = None
    closed_at: datetime | None = None
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None


def read(events: Iterable[Event], calendar: Calendar, targets: Targets, now: datetime, *, first: Side) -> Reading:
    """Both clocks of every round at `now`. `first` holds the conversation until it is handed on; later events are not known yet.

    Events need no order; of those at one moment the order given counts.
    """
    known = sorted((event for event in events if event.at <= now), key=lambda event: event.at)
    holders = _holders(known, first)
    reader = _Reader(calendar, targets, now, holders)
    rounds = tuple(reader.round(number, draft) for number, draft in enumerate(_drafts(known), 1))
    moves = [event.kind for event in known if event.kind in {Kind.MERGED, Kind.SPLIT}]
    return Reading(rounds, bool(moves) and moves[-1] is Kind.MERGED)


def along_with(own: Sequence[Event], host: Sequence[Event]) -> list[Event]:
    """A conversation's events and what was done for it in the one into which it was merged, for as long as it was in there."""
    ordered, inside, since = sorted(own, key=lambda event: event.at), [], None
    for event in ordered:
        if event.kind is Kind.MERGED and since is None:
            since = event.at
        elif event.kind is Kind.SPLIT and since is not None:
            inside.append((since, event.at))
            since = None
    done = [event for event in host if event.kind in ALONG]
    there = [e for e in done if any(a <= e.at < b for a, b in inside) or (since is not None and since <= e.at)]
    return sorted([*ordered, *there], key=lambda event: event.at)


def _drafts(known: Iterable[Event]) -> list[_Draft]:
    """The rounds that these events, in order, make up."""
    drafts: list[_Draft] = []
    for event in known:
        draft = drafts[-1] if drafts else None
        if event.kind is Kind.SPOKE:
            if draft is None or draft.answered or draft.closed_at:
                drafts.append(_Draft(event.at))
            else:
                draft.messages += 1
                _wake(draft, event.at)
        elif draft is not None and draft.answered is None:
            _told(draft, event)
    return drafts


def _told(draft: _Draft, event: Event) -> None:
    """One event of ours in a round without an answer. Whatever follows a closing, before the member speaks, takes it back."""
    if event.kind in TOWARD_MEMBER:
        draft.acknowledged = draft.acknowledged or event
    match event.kind:
        case Kind.ANSWERED:
            draft.answered = event
        case Kind.ASKED:
            draft.closed_at = None
            if not draft.paused:
                draft.pauses.append((event.at, None))
        case Kind.CLOSED:
            draft.closed_at = draft.closed_at or event.at
        case Kind.REOPENED:
            draft.closed_at = None


def _wake(draft: _Draft, at: datetime) -> None:
    if draft.paused:
        draft.pauses[-1] = (draft.pauses[-1][0], at)


def _holders(known: Iterable[Event], first: Side) -> list[tuple[datetime, Side]]:
    """From when on which side held it, `first` since ever."""
    named = [(event.at, event.side) for event in known if event.kind in HANDS_ON and event.side is not None]
    return [(EVER, first), *named]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns drafts into rounds, as they stand at one moment."""

    calendar: Calendar
    targets: Targets
    now: datetime
    holders: Sequence[tuple[datetime, Side]]

    def round(self, number: int, draft: _Draft) -> Round:
        seen, done = draft.acknowledged, draft.answered
        first_stop = seen.at if seen else draft.closed_at
        acknowledge = self._clock(
            ClockKind.ACKNOWLEDGE,
            self.targets.acknowledge,
            [(draft.opened_at, first_stop or self.now)],
            first_stop,
            seen,
        )
        stop = done.at if done else draft.closed_at
        runs, asleep = _runs(draft, stop or self.now)
        answer = self._clock(
            ClockKind.ANSWER, self.targets.answer, runs, stop, done, paused=draft.paused, asleep=asleep
        )
        return Round(number, draft.opened_at, draft.messages, acknowledge, answer)

    def _clock(
        self,
        kind: ClockKind,
        target: timedelta | None,
        runs: list[Run],
        stop: datetime | None,
        by: Event | None,
        *,
        paused: bool = False,
        asleep: timedelta = NONE,
    ) -> Clock:
        waiting = ClockState.PAUSED if paused else ClockState.RUNNING
        by_side = self._by_side(runs)
        warn = target * self.targets.warn / 100 if target else None
        due = self._reached(runs, target, goes_on=not paused)
        return Clock(
            kind,
            ClockState.STOPPED if stop else waiting,
            runs[0][0],
            sum(by_side.values(), Spent()),
            by_side,
            asleep,
            due,
            self._reached(runs, warn, goes_on=not paused),
            _past(runs, due),
            stop,
            by.side if by else None,
            stop is not None and by is None,
        )

    def _reached(self, runs: Sequence[Run], target: timedelta | None, *, goes_on: bool) -> datetime | None:
        """The earliest moment at which a clock has run for `target`; beyond the last run only where it `goes_on` from there."""
        if target is None:
            return None
        left = target
        for begins, ends in runs:
            worked = self.calendar.working_between(begins, ends)
            if left <= worked:
                return self.calendar.after(begins, left)
            left -= worked
        return self.calendar.after(runs[-1][1], left) if goes_on else None

    def _by_side(self, runs: Iterable[Run]) -> dict[Side, Spent]:
        spent = dict.fromkeys(Side, Spent())
        for begins, ends in runs:
            for side, since, until in self._held(begins, ends):
                spent[side] += Spent(self.calendar.working_between(since, until), until - since)
        return spent

    def _held(self, begins: datetime, ends: datetime) -> Iterator[tuple[Side, datetime, datetime]]:
        """Who held it in this stretch, piece by piece."""
        handed_on = [*(since for since, _ in self.holders[1:]), ends]
        for (since, side), until in zip(self.holders, handed_on, strict=True):
            start, end = max(begins, since), min(ends, until)
            if start < end:
                yield side, start, end


def _runs(draft: _Draft, end: datetime) -> tuple[list[Run], timedelta]:
    """When the answer clock runs until `end`, at least one stretch, and how long it sleeps in between."""
    runs, begins, asleep = [], draft.opened_at, NONE
    for asked, replied in draft.pauses:
        runs.append((begins, asked))
        begins = replied or end
        asleep += begins - asked
    return ([*runs, (begins, end)] if not draft.paused else runs), asleep


def _past(runs: Iterable[Run], due: datetime | None) -> datetime | None:
    """From when on a clock ran past its due moment; a stop exactly then is in time."""
    if due is None:
        return None
    return next((max(begins, due) for begins, ends in runs if ends > due), None)
