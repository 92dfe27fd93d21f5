"""Periods on the brand's clock: where they begin and end, weeks with a change of clocks, and their names."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.facts.periods import PeriodKind, period_between, period_named, period_of, today
from tenants.errors import Invalid

PARIS = "Europe/Paris"
WEEK, MONTH, QUARTER, _ = PeriodKind
ZONES = st.sampled_from([PARIS, "UTC", "America/Sao_Paulo", "Atlantic/Azores", "Asia/Kathmandu", "Australia/Lord_Howe"])
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 10, 21), 169), (date(2026, 3, 25), 167), (date(2026, 11, 18), 168)]
)
def test_a_week_is_seven_days_on_the_clock_however_many_hours(day: date, hours: int) -> None:
    week = period_of(WEEK, day, PARIS)
    assert (week.start.weekday(), week.end.weekday(), week.days) == (0, 6, 7)
    assert week.until - week.since == timedelta(hours=hours)


def test_instants_are_those_of_the_brands_midnights() -> None:
    week = period_of(WEEK, date(2026, 10, 25), PARIS)
    assert week.since == datetime(2026, 10, 18, 22, tzinfo=UTC)
    assert week.until == datetime(2026, 10, 25, 23, tzinfo=UTC)


def test_a_day_without_midnight_begins_after_the_gap() -> None:
    gap = period_between(date(2018, 11, 4), date(2018, 11, 4), "America/Sao_Paulo")
    assert gap.since == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert gap.until - gap.since == timedelta(hours=23)


@pytest.mark.parametrize(
    ("kind", "day", "start", "end", "code"),
    [
        (WEEK, date(2026, 1, 1), date(2025, 12, 29), date(2026, 1, 4), "2026-W01"),
        (WEEK, date(2021, 1, 3), date(2020, 12, 28), date(2021, 1, 3), "2020-W53"),
        (MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29), "2028-02"),
        (MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31), "2026-12"),
        (QUARTER, date(2026, 11, 21), date(2026, 10, 1), date(2026, 12, 31), "2026-Q4"),
        (QUARTER, date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31), "2026-Q1"),
    ],
)
def test_spans(kind: PeriodKind, day: date, start: date, end: date, code: str) -> None:
    period = period_of(kind, day, PARIS)
    assert (period.start, period.end, period.code) == (start, end, code)


@given(st.sampled_from([WEEK, MONTH, QUARTER]), DAYS, ZONES)
def test_one_follows_upon_the_other(kind: PeriodKind, day: date, zone: str) -> None:
    period = period_of(kind, day, zone)
    assert period.start <= day <= period.end
    assert period.before.until == period.since and period.after.since == period.until
    assert period.before.after == period.after.before == period
    assert period_named(period.code, zone) == period


@given(DAYS, st.integers(1, 366), ZONES)
def test_a_chosen_stretch_is_compared_with_as_many_days(start: date, days: int, zone: str) -> None:
    period = period_between(start, start + timedelta(days=days - 1), zone)
    assert period.before.days == period.after.days == period.days == days
    assert period.before.until == period.since and period.after.since == period.until
    assert period_named(period.code, zone) == period


def test_the_weeks_of_a_month_cover_it() -> None:
    weeks = period_of(MONTH, date(2026, 11, 1), PARIS).weeks
    assert [week.code for week in weeks] == [f"2026-W{number}" for number in (44, 45, 46, 47, 48, 49)]


@pytest.mark.parametrize(
    "code",
    ["", "2026", "2026-W54", "2026-W00", "2026-Q5", "2026-Q0", "2026-13", "x-W1", "2026-W", "9999-12", "2026-11-01..",
     "..", "9999-W52", "0000-01", "2026-1-1..2026-1-2", "0001-W01", "0001-01", "9999-11", "9999-Q3", "0001-01-01..0001-01-02",
     "9999-12-30..9999-12-31", "0002-12-31..0003-01-01", "9997-12-31..9998-01-01"],
)  # fmt: skip
def test_what_is_no_period(code: str) -> None:
    with pytest.raises(Invalid, match="not_a_date"):
        period_named(code, PARIS)


@pytest.mark.parametrize(
    "code", ["0003-W02", "0003-01", "0003-01-01..0003-12-31", "9997-12", "9997-Q4", "9997-01-01..9997-12-31"]
)
def test_what_is_one_has_neighbours_with_instants(code: str) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        period = period_named(code, zone)
        for one in (period.before, period, period.after, *period.weeks, *period.before.weeks):
            assert one.since < one.until


def test_a_stretch_has_an_order_and_a_length() -> None:
    with pytest.raises(Invalid, match="ends_before_begins"):
        period_between(date(2026, 2, 1), date(2026, 1, 31), PARIS)
    with pytest.raises(Invalid, match="period_too_long"):
        period_between(date(2025, 1, 1), date(2026, 1, 2), PARIS)


def test_the_day_it_is_there() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    assert (today(late, PARIS), today(late, "UTC")) == (date(2026, 11, 22), date(2026, 11, 21))


def test_a_period_that_runs_is_told_until_now_beside_the_same_stretch_of_the_one_before() -> None:
    """In the week after the clocks were put back: the same hour on the wall, another one in UTC."""
    now = datetime(2026, 10, 28, 9, 30, tzinfo=UTC)
    week = period_of(WEEK, date(2026, 10, 28), PARIS)
    told = week.told_at(now)
    assert told.is_running and (told.since, told.until) == (week.since, now)
    assert (told.before.since, told.before.until) == (week.before.since, datetime(2026, 10, 21, 8, 30, tzinfo=UTC))
    assert (told.code, told.days, told.after, told.weeks) == (week.code, 7, week.after, week.weeks)
    assert told.told_at(week.until) == week and not week.told_at(week.until).is_running


@pytest.mark.parametrize(
    ("code", "now", "before"),
    [
        ("2026-11", datetime(2026, 11, 10, 12, tzinfo=UTC), datetime(2026, 10, 10, 11, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 30, 12, tzinfo=UTC), datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("2026-Q4", datetime(2026, 10, 2, 0, tzinfo=UTC), datetime(2026, 7, 2, 0, tzinfo=UTC)),
        ("2026-11-10..2026-11-12", datetime(2026, 11, 11, 12, tzinfo=UTC), datetime(2026, 11, 8, 12, tzinfo=UTC)),
    ],
)
def test_the_same_stretch_of_months_quarters_and_days(code: str, now: datetime, before: datetime) -> None:
    told = period_named(code, PARIS).told_at(now)
    assert told.until == now and told.before.until == before


def test_what_is_over_or_to_come_is_told_whole() -> None:
    week = period_of(WEEK, date(2026, 11, 18), PARIS)
    assert week.told_at(week.until) == week.told_at(week.before.since) == week
    assert week.has_begun(week.since) and not week.has_begun(week.since - timedelta(seconds=1))


@given(st.sampled_from([WEEK, MONTH, QUARTER]), DAYS, ZONES, st.integers(1, 90 * 24 * 60))
def test_what_is_compared_never_leaves_the_period_before(kind: PeriodKind, day: date, zone: str, minutes: int) -> None:
    period = period_of(kind, day, zone)
    told = period.told_at(period.since + timedelta(minutes=minutes))
    assert told.before.since == period.before.since < told.before.until <= period.before.until
    assert told.before.after == period
