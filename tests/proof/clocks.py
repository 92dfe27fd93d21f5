"""Both clocks against somebody who walks: random histories read by `custody.clocks` and by an oracle that counts tick by tick.

Histories around the nights on which clocks change in Paris, New York and on Lord Howe (where they change by half an hour), with
holidays, hours over midnight and with a lunch; members who write several times, acknowledgements, questions that pause, passes
between the sides, closings, re-openings, notes, conversations merged into others and split again, events out of order and at
the same moment. Nine in ten count minutes over days, one in ten seconds over an hour or two; three in ten happen on the hour.
Every round is compared: state, working and elapsed time per side, time asleep, due and warning moment, breach, who stopped it;
and the sides' sums.

Then the named cases (`_clock_cases`): mistakes that trackers in use have made, each with what is right written down by hand.
Seen to fall short when: notes stopped a clock; a re-opening began a new round; a pause was taken off by the wall; a pass began a
clock anew; due moments ignored a pause; the hour shown twice counted once.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from clients.briefings.calendar import Calendar
from clients.custody.clocks import Clock, Event, Kind, Reading, Targets, along_with, read
from tenants.vocabulary import Side
from tests.proof._clock_cases import CASES
from tests.proof._clock_oracle import Hand, Told, Turn, walk

NEEDS_DATABASE = False
HISTORIES = {"small": 500, "full": 10_000}
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
OFFICE = (((540, 1080),),) * 5 + ((), ())
LUNCH = (((510, 735), (825, 1110)),) * 6 + ((),)
NIGHTS = ((), (), ((0, 1440),), (), (), ((1200, 1440),), ((0, 360), (1290, 1440)))
TWO_O_CLOCK = (((0, 150), (155, 1440)),) * 7
CHANGES = {
    "Europe/Paris": (datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2027, 3, 14, 7, tzinfo=UTC), datetime(2027, 11, 7, 6, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2027, 4, 3, 15, tzinfo=UTC), datetime(2027, 10, 2, 15, 30, tzinfo=UTC)),
}
WEIGHTS = {
    Kind.SPOKE: 11, Kind.ACKNOWLEDGED: 3, Kind.ANSWERED: 4, Kind.ASKED: 3, Kind.PASSED: 4, Kind.CLOSED: 3,
    Kind.REOPENED: 2, Kind.NOTED: 3,
}  # fmt: skip


@dataclass(frozen=True)
class History:
    """One random conversation, and the one into which it may be merged, in ticks after `base`."""

    calendar: Calendar
    base: datetime
    tick: timedelta
    own: list[Told]
    host: list[Told]
    targets: tuple[int | None, int | None]
    now: int
    first: str

    def at(self, tick: int) -> datetime:
        return self.base + tick * self.tick

    def events(self, told: list[Told]) -> list[Event]:
        return [Event(Kind(kind), self.at(tick), Side(side) if side else None) for kind, tick, side in told]

    def is_open(self) -> Callable[[int], int]:
        """Whether the brand is open in a tick, by its number."""
        days, begins, length = _days_of(self.calendar), (self.base - DAWN) // SECOND, self.tick // SECOND

        def asked(tick: int) -> int:
            day, minute = divmod((begins + tick * length) // 60, 1440)
            return days[day][minute]

        return asked

    def read(self) -> Reading:
        asked = Targets(*(None if target is None else target * self.tick for target in self.targets))
        events = along_with(self.events(self.own), self.events(self.host))
        return read(events, self.calendar, asked, self.at(self.now), first=Side(self.first))

    def walk(self) -> list[Turn]:
        return walk(self.own, self.host, self.is_open(), self.targets, self.now, self.first)


DAWN = datetime(2027, 1, 1, tzinfo=UTC)


class Days(dict[int, bytes]):
    """For each minute of a day of UTC, by its number, whether the brand is open: read off the wall clock, once."""

    def __init__(self, calendar: Calendar) -> None:
        super().__init__()
        self.calendar, self.zone = calendar, ZoneInfo(calendar.time_zone)

    def __missing__(self, day: int) -> bytes:
        walls = [(DAWN + (day * 1440 + minute) * MINUTE).astimezone(self.zone) for minute in range(1440)]
        self[day] = bytes(
            wall.date() not in self.calendar.holidays
            and any(a <= wall.hour * 60 + wall.minute < b for a, b in self.calendar.hours[wall.weekday()])
            for wall in walls
        )
        return self[day]


@lru_cache
def _days_of(calendar: Calendar) -> Days:
    return Days(calendar)


def run(scale: str) -> tuple[str, bool]:
    """Random histories, then the named cases."""
    chance = random.Random(20270328)
    wrong, rounds, breaches, pauses = [], 0, 0, 0
    for number in range(HISTORIES[scale]):
        history = some_history(chance)
        reading = history.read()
        wrong += [f"history {number}: {what}" for what in differences(history, reading, history.walk())]
        rounds += len(reading.rounds)
        breaches += sum(clock.breached_at is not None for one in reading.rounds for clock in one.clocks)
        pauses += sum(bool(one.answer.asleep) for one in reading.rounds)
    missed = [case.name for case in CASES if not case.holds()]
    for line in [*wrong[:20], *missed]:
        print(f"  wrong: {line}")
    figures = (
        f"{HISTORIES[scale]} histories with {rounds} rounds, {pauses} of them paused, {breaches} breaches: "
        f"{len(wrong)} differences; {len(CASES)} named cases, {len(missed)} missed"
    )
    return figures, not wrong and not missed and min(rounds, breaches, pauses) > HISTORIES[scale] // 10


def some_history(chance: random.Random) -> History:
    """One history around a night on which clocks change."""
    zone = chance.choice(list(CHANGES))
    night = chance.choice(CHANGES[zone])
    fine, sharp = chance.random() < 0.1, chance.random() < 0.3
    tick, days = SECOND if fine else MINUTE, chance.choice((1, 3, 8))
    span = chance.randrange(600, 7200) if fine else days * 1440
    base = night - chance.randrange(0, min(span, 5400) if fine else span) * tick
    base = base.replace(minute=0, second=0) if sharp else base
    hours = TWO_O_CLOCK if fine else chance.choice((OFFICE, LUNCH, NIGHTS))
    calendar = Calendar(zone, hours, _days_off(0 if fine else chance.randrange(4), night.date()))
    own = _some_events(chance, span, sharp=sharp, merges=chance.random() < 0.2)
    host = _some_events(chance, span, sharp=sharp, merges=False) if any(told[0] == "merged" for told in own) else []
    first, second = (chance.choice((None, 4, 20, 60, 60, 240, 960)) for _ in range(2))
    now = max(chance.choice(own)[1] for _ in range(2)) + chance.choice((0, 0, 1, 60, 600, 2000))
    return History(calendar, base, tick, own, host, (first, second), now, chance.choice(list(Side)))


@lru_cache
def _days_off(which: int, night: date) -> frozenset[date]:
    """None, the day of the change, the days around it, every third day."""
    around = {0: (), 1: (0,), 2: (-1, 1), 3: (-3, 0, 3, 6)}[which]
    return frozenset(night + timedelta(days=days) for days in around)


def _some_events(chance: random.Random, span: int, *, sharp: bool, merges: bool) -> list[Told]:
    """Between one and fourteen events; now and then several at one tick, now and then out of order."""
    kinds = chance.choices(list(WEIGHTS), list(WEIGHTS.values()), k=chance.randrange(1, 14))
    if merges:
        kinds[len(kinds) // 2 : len(kinds) // 2] = [Kind.MERGED]
        kinds += [Kind.SPLIT, Kind.ANSWERED][: chance.randrange(3)]
    ticks = sorted(chance.randrange(span) for _ in kinds)
    if sharp:  # on the hour, as the brand opens and closes, and at the same moment as others
        ticks = [tick // 60 * 60 for tick in ticks]
    quiet = (Kind.SPOKE, Kind.NOTED)
    told = [
        (str(k), t, "" if k in quiet else str(chance.choice(list(Side)))) for k, t in zip(kinds, ticks, strict=True)
    ]
    if chance.random() < 0.3:
        chance.shuffle(told)
    return told


def differences(history: History, reading: Reading, turns: list[Turn]) -> Iterator[str]:
    """What the two say differently, and sums that do not add up."""
    if len(reading.rounds) != len(turns):
        yield f"{len(reading.rounds)} rounds, walked {len(turns)}"
        return
    for one, turn in zip(reading.rounds, turns, strict=True):
        if (one.opened_at, one.messages) != (history.at(turn.opened), turn.messages):
            yield f"round {one.number} opened {one.opened_at} with {one.messages} messages"
        for clock, hand in ((one.acknowledge, turn.seen), (one.answer, turn.done)):
            said, walked = _as_read(clock), _as_walked(history, hand)
            yield from (f"round {one.number} {clock.kind} {key}: {said[key]}, walked {walked[key]}"
                        for key in said if said[key] != walked[key])  # fmt: skip
            whole = (clock.stopped_at or history.at(history.now)) - clock.started_at
            if clock.spent.elapsed + clock.asleep != whole:
                yield f"round {one.number} {clock.kind}: {clock.spent.elapsed} and {clock.asleep} are not {whole}"


def _as_read(clock: Clock) -> dict[str, object]:
    return {
        "state": str(clock.state), "working": {str(s): t.working for s, t in clock.by_side.items()},
        "elapsed": {str(s): t.elapsed for s, t in clock.by_side.items()}, "spent": clock.spent.working,
        "asleep": clock.asleep, "due": clock.due, "warn": clock.warn_at, "breached": clock.breached_at,
        "stopped": clock.stopped_at, "by": str(clock.stopped_by or ""), "let go": clock.let_go,
    }  # fmt: skip


def _as_walked(history: History, hand: Hand) -> dict[str, object]:
    def moment(tick: int | None) -> datetime | None:
        return None if tick is None else history.at(tick)

    state = "stopped" if hand.ended is not None else "paused" if hand.sleeps else "running"
    return {
        "state": state, "working": {side: ticks * history.tick for side, ticks in hand.working.items()},
        "elapsed": {side: ticks * history.tick for side, ticks in hand.elapsed.items()},
        "spent": hand.used * history.tick, "asleep": hand.asleep * history.tick, "due": moment(hand.due),
        "warn": moment(hand.warned), "breached": moment(hand.late), "stopped": moment(hand.ended),
        "by": hand.ended_by, "let go": hand.ended is not None and not hand.ended_by,
    }  # fmt: skip
