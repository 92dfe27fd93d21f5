"""Working hours against a slow oracle that walks minute by minute and asks only what the brand's wall clock shows."""

from datetime import UTC, date, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clients.briefings.calendar import DAY, Calendar
from tenants.errors import Invalid

MINUTE = timedelta(minutes=1)
OFFICE = ((540, 1080),)
WEEK = (OFFICE,) * 5 + ((), ())
PARIS = Calendar("Europe/Paris", WEEK)
ALWAYS = Calendar("Europe/Paris", (((0, DAY),),) * 7)

# Half an hour off, a change at midnight, a skipped date, a change by half an hour.
ZONES = ["Europe/Paris", "UTC", "Asia/Kolkata", "Africa/Cairo", "Pacific/Apia", "Australia/Lord_Howe"]
# Around both changes of 2026 and 2027, the date Samoa skipped, and ordinary days.
ANCHORS = [
    datetime(2026, 3, 28, 12, tzinfo=UTC),
    datetime(2026, 10, 24, 12, tzinfo=UTC),
    datetime(2026, 4, 23, 12, tzinfo=UTC),
    datetime(2026, 11, 1, 0, tzinfo=UTC),
    datetime(2011, 12, 29, 12, tzinfo=UTC),
    datetime(2026, 7, 14, 0, tzinfo=UTC),
]


def at(text: str, zone: str = "Europe/Paris", fold: int = 0) -> datetime:
    """A moment as the wall clock shows it, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


class Oracle:
    """The definition, walked: nothing is shared with the code under test but the meaning of the input."""

    def __init__(self, zone: str, hours: tuple, holidays: frozenset[date]) -> None:
        self.zone, self.hours, self.holidays = ZoneInfo(zone), hours, holidays

    def is_open(self, moment: datetime) -> bool:
        wall = moment.astimezone(self.zone)
        if wall.date() in self.holidays:
            return False
        minute = wall.hour * 60 + wall.minute
        today, yesterday = self.hours[wall.weekday()], self.hours[wall.weekday() - 1]
        return any(start <= minute < (end if end > start else DAY) for start, end in today) or any(
            end <= start and minute < end for start, end in yesterday
        )

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        minutes = int((end - start) / MINUTE)
        return MINUTE * sum(self.is_open(start + step * MINUTE) for step in range(minutes))


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    start = draw(st.integers(0, DAY - 1))
    end = draw(st.integers(0, DAY).filter(lambda minute: minute != start))
    return start, end


weeks = st.tuples(*[st.lists(spans(), max_size=2).map(tuple)] * 7).filter(any)
moments = st.builds(lambda anchor, step: anchor + step * MINUTE, st.sampled_from(ANCHORS), st.integers(0, 4 * DAY))
closed = st.frozensets(
    st.builds(lambda anchor, days: anchor.date() + timedelta(days=days), st.sampled_from(ANCHORS), st.integers(-1, 6)),
    max_size=3,
)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(ZONES), weeks, closed, moments, st.integers(0, 3 * DAY))
@example("Europe/Paris", (((150, 240),),) * 7, frozenset(), ANCHORS[1], DAY)
@example("Europe/Paris", (((1320, 360),),) * 7, frozenset({date(2026, 3, 29)}), ANCHORS[0], 2 * DAY)
def test_working_time_is_what_the_oracle_counts(
    zone: str, hours: tuple, holidays: frozenset[date], start: datetime, minutes: int
) -> None:
    calendar, oracle = Calendar(zone, hours, holidays), Oracle(zone, hours, holidays)
    end = start + minutes * MINUTE
    assert calendar.working_between(start, end) == oracle.working_between(start, end)
    assert calendar.is_open(start) == oracle.is_open(start)
    assert calendar.is_open(end) == oracle.is_open(end)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(ZONES), weeks, closed, moments)
def test_next_open_is_open_and_nothing_is_open_before_it(
    zone: str, hours: tuple, holidays: frozenset[date], moment: datetime
) -> None:
    calendar, oracle = Calendar(zone, hours, holidays), Oracle(zone, hours, holidays)
    opens = calendar.next_open(moment)
    assert oracle.is_open(opens)
    before = min(int((opens - moment) / MINUTE), 8 * DAY)
    assert not any(oracle.is_open(moment + step * MINUTE) for step in range(before))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ZONES), weeks, closed, moments, st.integers(1, 2 * DAY))
def test_after_is_the_earliest_moment_with_that_much_working_time(
    zone: str, hours: tuple, holidays: frozenset[date], start: datetime, minutes: int
) -> None:
    calendar, oracle = Calendar(zone, hours, holidays), Oracle(zone, hours, holidays)
    working = minutes * MINUTE
    end = calendar.after(start, working)
    assert calendar.working_between(start, end) == working
    assert oracle.is_open(end - MINUTE)  # earliest: the last minute before it was a working one


@settings(max_examples=60, deadline=None)
@given(weeks, moments, st.timedeltas(NONE := timedelta(0), timedelta(days=2)), st.timedeltas(NONE, timedelta(days=2)))
def test_working_time_adds_up_to_the_microsecond(hours: tuple, start: datetime, one: timedelta, two: timedelta) -> None:
    calendar = Calendar("Europe/Paris", hours)
    middle = start + one
    whole = calendar.working_between(start, middle + two)
    assert whole == calendar.working_between(start, middle) + calendar.working_between(middle, middle + two)
    assert calendar.after(calendar.after(start, one), two) == calendar.after(start, one + two)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-20T10:00", 4, "2026-11-20T14:00"),  # within a Friday
        ("2026-11-20T17:00", 4, "2026-11-23T12:00"),  # over the weekend
        ("2026-11-20T09:00", 9, "2026-11-20T18:00"),  # to the very end of the day, not to the next morning
        ("2026-11-20T20:00", 1, "2026-11-23T10:00"),  # begins outside
        ("2026-03-27T17:00", 2, "2026-03-30T10:00"),  # over the spring night
        ("2026-10-23T17:00", 2, "2026-10-26T10:00"),  # over the autumn night
    ],
)
def test_a_window_in_office_hours(start: str, hours: int, end: str) -> None:
    assert PARIS.after(at(start), timedelta(hours=hours)) == at(end)


def test_the_spring_night_has_one_hour_less_and_the_autumn_night_one_more() -> None:
    assert ALWAYS.working_between(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == timedelta(hours=23)
    assert ALWAYS.working_between(at("2026-10-25T00:00"), at("2026-10-26T00:00")) == timedelta(hours=25)


def test_an_hour_shown_twice_counts_twice_and_a_skipped_hour_not_at_all() -> None:
    night = Calendar("Europe/Paris", (((120, 180),),) * 7)
    assert night.working_between(at("2026-10-25T00:00"), at("2026-10-26T00:00")) == timedelta(hours=2)
    assert night.working_between(at("2026-03-29T00:00"), at("2026-03-30T00:00")) == timedelta(0)
    assert night.next_open(at("2026-03-29T00:00")) == at("2026-03-30T02:00")


def test_a_span_over_midnight_belongs_to_both_dates() -> None:
    night = Calendar("Europe/Paris", ((), (), (), (), ((1320, 120),), (), ()))  # Friday 22:00 to Saturday 02:00
    for text, is_open in (
        ("2026-11-20T23:59", True),
        ("2026-11-21T01:59", True),
        ("2026-11-21T02:00", False),
        ("2026-11-20T01:00", False),
    ):
        assert night.is_open(at(text)) is is_open
    sunday_to_monday = Calendar("Europe/Paris", ((), (), (), (), (), (), ((1380, 60),)))
    assert sunday_to_monday.is_open(at("2026-11-23T00:30"))


def test_a_holiday_closes_its_date_from_midnight_to_midnight() -> None:
    eve = Calendar("Europe/Paris", (((1320, 120),),) * 7, frozenset({date(2026, 12, 25)}))
    assert eve.working_between(at("2026-12-24T20:00"), at("2026-12-26T12:00")) == timedelta(hours=2 + 2)
    assert PARIS.is_open(at("2026-12-25T10:00"))
    assert not Calendar("Europe/Paris", WEEK, frozenset({date(2026, 12, 25)})).is_open(at("2026-12-25T10:00"))


def test_moments_come_back_in_utc_whatever_zone_they_came_in() -> None:
    start = datetime(2026, 11, 20, 10, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert PARIS.after(start, timedelta(hours=1)).tzinfo is UTC
    assert PARIS.next_open(start).tzinfo is UTC
    assert PARIS.after(start, timedelta(0)) == start
    assert PARIS.working_between(at("2026-11-20T12:00"), at("2026-11-20T11:00")) == timedelta(0)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive_moment"):
        PARIS.is_open(datetime(2026, 11, 20))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("zone", "hours", "code", "field"),
    [
        ("Europe/Paris", ((),) * 7, "no_working_hours", "hours"),
        ("Europe/Paris", WEEK[:6], "bad_hours", "hours"),
        ("Europe/Paris", (((540, 540),),) * 7, "bad_hours", "hours"),
        ("Europe/Paris", (((540, 1441),),) * 7, "bad_hours", "hours"),
        ("Europe/Paris", (((-1, 60),),) * 7, "bad_hours", "hours"),
        ("Europe/Paris", (((DAY, 60),),) * 7, "bad_hours", "hours"),
        ("Europe/Paris", (((540,),),) * 7, "bad_hours", "hours"),
        ("Europe/Paris", ((("9", "18"),),) * 7, "bad_hours", "hours"),
        ("Europe/Parys", WEEK, "unknown_time_zone", "time_zone"),
        ("", WEEK, "unknown_time_zone", "time_zone"),
        ("../etc/passwd", WEEK, "unknown_time_zone", "time_zone"),
    ],
)
def test_bad_hours_name_the_field(zone: str, hours: tuple, code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        Calendar(zone, hours)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_overlapping_spans_are_one() -> None:
    assert Calendar("UTC", (((540, 700), (600, 800), (800, 900)),) * 7).hours[0] == ((540, 900),)


def test_a_year_of_working_time_takes_no_minute_loop() -> None:
    began = process_time()
    for _ in range(10):
        PARIS.after(at("2026-01-01T00:00"), timedelta(hours=9 * 260))
    assert process_time() - began < 1.0  # 10 years; a walk by minutes takes some 5 million steps
