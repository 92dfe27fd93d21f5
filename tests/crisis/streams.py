"""Made-up streams of mentions whose truth is known: a weekly rhythm, and what happens to it. Synthetic, and said so.

Each hour is a Poisson draw whose mean is (rhythm of the hour and the weekday) x (a mood of the day) x (a mood of the hour), so
counts scatter as those of real brands do: more than Poisson's, and days together.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import exp, pi, sin
from zoneinfo import ZoneInfo

from clients.crisis.usual import Count

PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)
WEEK = 7 * 24
BEGIN = datetime(2026, 9, 7, 0, tzinfo=UTC)
SIZES = {"small": 0.6, "medium": 9.0, "large": 90.0}
WEEKDAYS = (1.25, 1.15, 1.1, 1.1, 1.0, 0.55, 0.45)
EVENTS = ("news_peak", "slow_burn", "bad_turn")
"""What should be told. An outage and a plain week should not."""


@dataclass
class Stream:
    """Counts from `BEGIN` on; `silent` hours are those of an outage; `events`: (name, first hour, last hour)."""

    counts: dict[datetime, Count] = field(default_factory=dict)
    silent: set[datetime] = field(default_factory=set)
    events: list[tuple[str, datetime, datetime]] = field(default_factory=list)


Bend = Callable[[int], tuple[float, float, float]]
"""For an hour of the stream: what is multiplied, what is added, and the share that is negative on top."""


def stream(r: random.Random, size: str, weeks: int, event: str = "", at: int = 0) -> Stream:
    """`weeks` of a brand of this size, in which `event` begins at the hour `at`."""
    made, bend, mean = Stream(), BENDS.get(event, still)(at, SIZES[size], r), SIZES[size]
    for n in range(weeks * WEEK):
        hour = BEGIN + n * HOUR
        local = hour.astimezone(PARIS)
        if local.hour == 0 or n == 0:
            mood, temper = exp(r.gauss(0, 0.15)), min(0.3, max(0.02, r.gauss(0.08, 0.03)))
        times, plus, worse = bend(n)
        rate = mean * rhythm(local) * mood * r.gammavariate(4, 0.25) * times + plus
        total = poisson(r, rate)
        made.counts[hour] = Count(total, sum(r.random() < min(0.9, temper + worse) for _ in range(total)))
    if event in EVENTS:
        made.events.append((event, BEGIN + at * HOUR, BEGIN + (at + LASTS[event]) * HOUR))
    if event == "outage":
        for n in range(at, at + LASTS[event]):
            made.silent.add(BEGIN + n * HOUR)
            made.counts[BEGIN + n * HOUR] = Count()
    return made


def rhythm(local: datetime) -> float:
    """Nights are quiet, noon and evening loud, Mondays louder than Sundays."""
    day = 0.15 + 1.7 * max(0.0, sin(pi * (local.hour - 6) / 17)) ** 1.2 if local.hour >= 6 else 0.15
    return day * WEEKDAYS[local.weekday()]


def poisson(r: random.Random, rate: float) -> int:
    """Knuth's method below 30, the normal's rounding above."""
    if rate > 30:
        return max(0, round(r.gauss(rate, rate**0.5)))
    left, k = exp(-rate), 0
    product = r.random()
    while product > left:
        product *= r.random()
        k += 1
    return k


def still(at: int, mean: float, r: random.Random) -> Bend:
    return lambda n: (1.0, 0.0, 0.0)


def news_peak(at: int, mean: float, r: random.Random) -> Bend:
    """Up within two hours to several times the usual, and down over half a day."""
    height = r.uniform(3.0, 6.0) * max(mean, 4.0)

    def bend(n: int) -> tuple[float, float, float]:
        age = n - at
        if not 0 <= age < LASTS["news_peak"]:
            return 1.0, 0.0, 0.0
        return 1.0, height * min(1.0, (age + 1) / 2) * exp(-max(0, age - 2) / 5), 0.1

    return bend


def slow_burn(at: int, mean: float, r: random.Random) -> Bend:
    """A little more each day for five days, to about two and a half times the usual."""
    top = r.uniform(1.2, 1.8)

    def bend(n: int) -> tuple[float, float, float]:
        age = n - at
        if not 0 <= age < LASTS["slow_burn"]:
            return 1.0, 0.0, 0.0
        grown = top * age / LASTS["slow_burn"]
        return 1.0 + grown, 0.4 * grown, 0.02

    return bend


def bad_turn(at: int, mean: float, r: random.Random) -> Bend:
    """No more than usual is said, but half of it is angry."""

    def bend(n: int) -> tuple[float, float, float]:
        return (1.0, 0.0, 0.45) if 0 <= n - at < LASTS["bad_turn"] else (1.0, 0.0, 0.0)

    return bend


LASTS = {"news_peak": 18, "slow_burn": 5 * 24, "bad_turn": 48, "outage": 30}
BENDS: dict[str, Callable[[int, float, random.Random], Bend]] = {
    "news_peak": news_peak,
    "slow_burn": slow_burn,
    "bad_turn": bad_turn,
}
