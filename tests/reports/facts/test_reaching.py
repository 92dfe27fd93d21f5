"""What a figure is held against in one period, and whether it got there: as arithmetic."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.briefings.goals import Direction, Goal, Per
from reports.facts.periods import Period, PeriodKind, period_between, period_of
from reports.facts.reaching import Across, Target, number_for, reached, targets
from reports.facts.shapes import Reached

ZONE = "Europe/Paris"
LEAST, MOST = Direction.AT_LEAST, Direction.AT_MOST
WEEK = period_of(PeriodKind.WEEK, date(2026, 11, 10), ZONE)
MONTH = period_of(PeriodKind.MONTH, date(2026, 11, 10), ZONE)
QUARTER = period_of(PeriodKind.QUARTER, date(2026, 11, 10), ZONE)
OWN = period_between(date(2026, 11, 28), date(2026, 12, 2), ZONE)
SUM, SAME, NOTHING = Across


@pytest.mark.parametrize(
    ("value", "direction", "is_over", "said"),
    [
        (12, LEAST, True, Reached.YES),
        (11, LEAST, True, Reached.NO),
        (12, MOST, True, Reached.YES),
        (13, MOST, True, Reached.NO),
        (0, LEAST, True, Reached.NO),
        (None, LEAST, True, Reached.NOT_MEASURABLE),
        (None, MOST, False, Reached.NOT_MEASURABLE),
        (99, LEAST, False, Reached.UNDER_WAY),
        (99, MOST, False, Reached.UNDER_WAY),
    ],
)
def test_a_figure_against_its_goal(value: int | None, direction: Direction, is_over: bool, said: Reached) -> None:
    assert reached(value, 12, direction, is_over=is_over) is said


@pytest.mark.parametrize(
    ("per", "direction", "across", "period", "number"),
    [
        (Per.WEEK, LEAST, SUM, WEEK, 12),
        (Per.WEEK, LEAST, SUM, MONTH, 52),  # 12 * 30 / 7 = 51.4
        (Per.WEEK, MOST, SUM, MONTH, 51),
        (Per.MONTH, LEAST, SUM, QUARTER, 36),
        (Per.MONTH, LEAST, SUM, WEEK, 3),  # 12 * 7 / 30 = 2.8
        (Per.MONTH, LEAST, SUM, OWN, 2),  # 12 * (3 / 30 + 2 / 31) = 1.97
        (Per.WEEK, LEAST, SAME, QUARTER, 12),
        (Per.WEEK, LEAST, NOTHING, MONTH, None),
        (Per.MONTH, LEAST, NOTHING, MONTH, 12),
    ],
)
def test_a_goal_in_a_period(per: Per, direction: Direction, across: Across, period: Period, number: int | None) -> None:
    assert number_for(Goal("x", direction, 12, per), period, across) == number


@given(st.integers(1, 10_000), st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.sampled_from(Per))
def test_what_adds_up_in_its_own_period_is_the_number_itself(value: int, day: date, per: Per) -> None:
    own = period_of(PeriodKind(per), day, ZONE)
    goal = Goal("x", LEAST, value, per)
    assert number_for(goal, own, SUM) == number_for(goal, period_between(own.start, own.end, ZONE), SUM) == value


def test_of_two_goals_the_one_of_the_periods_own_kind_counts() -> None:
    agreed = [[Goal("x", LEAST, 3, Per.WEEK), Goal("x", MOST, 20, Per.MONTH)]]
    assert targets(agreed, WEEK, {"x": SUM}) == {"x": Target(3, LEAST, 3)}
    assert targets(agreed, MONTH, {"x": SUM}) == {"x": Target(20, MOST, 4)}
    assert targets(agreed, MONTH, {}) == {}
    people = [[Goal("x", LEAST, 3, Per.WEEK)]]
    assert targets(people, MONTH, {"x": NOTHING}) == {}


def test_the_newest_line_that_has_begun_counts_as_far_back_as_there_is_one() -> None:
    old = [Goal("x", LEAST, 3, Per.WEEK), Goal("y", LEAST, 1, Per.WEEK)]
    new = [Goal("x", LEAST, 9, Per.WEEK, date(2026, 11, 16)), Goal("x", LEAST, 12, Per.WEEK, date(2026, 12, 7))]
    week = {
        day: targets([new, old], period_of(PeriodKind.WEEK, date(2026, 11, day), ZONE), {"x": SUM}) for day in (9, 16)
    }
    assert week[9]["x"].number == 3 and week[16]["x"].number == 9
    gone: list[list[Goal]] = [[], old]
    assert targets(gone, WEEK, {"x": SUM, "y": SUM}) == targets([], WEEK, {"x": SUM}) == {}
    between = [new, [Goal("y", LEAST, 1, Per.WEEK)], old]  # what was taken out in between does not come back
    assert targets(between, WEEK, {"x": SUM}) == {}
