"""From what was agreed to what a figure of one period is held against, and whether it got there. Pure.

Every place that shows a goal shows what stands here: reports, the page, the table and the answer to a program.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from clients.briefings.goals import Direction, Goal, Per
from reports.facts.periods import DAYS_OF_A_WEEK, Period, PeriodKind, period_of
from reports.facts.shapes import Reached

Agreed = Sequence[Sequence[Goal]]
"""The goals of each version of the briefing, the newest first."""


class Across(StrEnum):
    """What a number of one week says of a longer stretch."""

    SUM = "sum"  # weeks add up
    SAME = "same"  # a share or a time speaks of every stretch alike
    NOTHING = "nothing"  # the different people of two weeks are not those of both


@dataclass(frozen=True, slots=True)
class Target:
    """What one figure is to be in one period. `a_week`: in a week of it; None where that cannot be said."""

    number: int
    direction: Direction
    a_week: int | None = None


def reached(value: int | None, goal: int, direction: Direction, *, is_over: bool) -> Reached:
    """Whether a figure is on the good side of its goal. Without a value nobody can say; while the period runs nobody should."""
    if value is None:
        return Reached.NOT_MEASURABLE
    if not is_over:
        return Reached.UNDER_WAY
    good = value >= goal if direction is Direction.AT_LEAST else value <= goal
    return Reached.YES if good else Reached.NO


def targets(agreed: Agreed, period: Period, across: Mapping[str, Across]) -> dict[str, Target]:
    """By a figure's key. `agreed`: before the period's end. `across`: by the code of each figure that may be a goal.

    Of two goals for one figure the one of the period's own kind counts, elsewhere the one per month.
    """
    found: dict[str, Target] = {}
    for key in dict.fromkeys(goal.figure for goal in agreed[0]) if agreed else ():
        one = across.get(key.partition(";")[0])
        target = next(_targets(agreed, key, period, one), None) if one else None
        if target is not None:
            found[key] = target
    return found


def in_force(agreed: Agreed, key: str, per: Per, first_day: date) -> Goal | None:
    """What a period from `first_day` on is held against: a line with a later day leaves the one that was agreed before it."""
    for goals in agreed:
        mine = [goal for goal in goals if goal.figure == key and goal.per is per]
        begun = [goal for goal in mine if goal.since is None or goal.since <= first_day]
        if begun or not mine:
            return max(begun, key=lambda goal: goal.since or date.min, default=None)
    return None


def number_for(goal: Goal, period: Period, across: Across) -> int | None:
    """The goal's number for a period. What adds up goes by the days: at least 12 a week are at least 52 in 30 days."""
    if across is Across.SAME or PeriodKind(goal.per) is period.kind:
        return goal.value
    if across is Across.NOTHING:
        return None
    exact = goal.value * _share(goal.per, period)
    return ceil(exact) if goal.direction is Direction.AT_LEAST else floor(exact)


def _targets(agreed: Agreed, key: str, period: Period, across: Across) -> Iterator[Target]:
    order = (Per.WEEK, Per.MONTH) if period.kind is PeriodKind.WEEK else (Per.MONTH, Per.WEEK)
    for goal in (in_force(agreed, key, per, period.start) for per in order):
        number = number_for(goal, period, across) if goal else None
        if goal is not None and number is not None:
            yield Target(number, goal.direction, number_for(goal, period.weeks[-1], across))


def _share(per: Per, period: Period) -> Fraction:
    """How many weeks or months a period is."""
    if per is Per.WEEK:
        return Fraction(period.days, DAYS_OF_A_WEEK)
    months, day = Fraction(0), period.start
    while day <= period.end:
        month = period_of(PeriodKind.MONTH, day, period.zone)
        within = replace(month, start=day, end=min(month.end, period.end))
        months += Fraction(within.days, month.days)
        day = within.end + timedelta(days=1)
    return months
