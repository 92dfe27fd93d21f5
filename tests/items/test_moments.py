"""Wall times on ordinary days and in the two nights on which the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.items.moments import Oddity, change_of, moment_at, nearest, readings, which_of
from tenants.errors import Invalid

PARIS = ZoneInfo("Europe/Paris")
SPRING, AUTUMN = "2027-03-28T02:30", "2027-10-31T02:30"


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_an_ordinary_time_is_one_moment() -> None:
    assert readings(wall("2027-03-27T02:30"), PARIS) == (datetime(2027, 3, 27, 1, 30, tzinfo=UTC),)
    assert moment_at(wall("2027-07-01T09:00"), PARIS, "f") == datetime(2027, 7, 1, 7, tzinfo=UTC)


def test_a_time_that_does_not_exist_is_refused_and_says_the_next() -> None:
    assert readings(wall(SPRING), PARIS) == ()
    with pytest.raises(Invalid) as told:
        moment_at(wall(SPRING), PARIS, "not_before", "first")
    assert (told.value.code, told.value.field) == ("time_skipped", "not_before")
    assert told.value.facts == {"time": "02:30", "next": "03:30"}


def test_a_time_that_comes_twice_is_chosen() -> None:
    first, second = readings(wall(AUTUMN), PARIS)
    assert second - first == timedelta(hours=1)
    with pytest.raises(Invalid) as told:
        moment_at(wall(AUTUMN), PARIS, "not_before")
    assert told.value.code == "time_twice"
    assert moment_at(wall(AUTUMN), PARIS, "f", "first") == first
    assert moment_at(wall(AUTUMN), PARIS, "f", "second") == second
    assert (which_of(first, PARIS), which_of(second, PARIS)) == ("first", "second")


def test_a_rule_goes_on_and_says_what_it_did() -> None:
    skipped, twice = nearest(wall(SPRING), PARIS), nearest(wall(AUTUMN), PARIS)
    assert (skipped.oddity, skipped.moment.astimezone(PARIS).hour) == (Oddity.SKIPPED, 3)
    assert (twice.oddity, twice.moment) == (Oddity.TWICE, readings(wall(AUTUMN), PARIS)[0])


def test_the_nights_are_known() -> None:
    assert change_of(date(2027, 3, 28), PARIS) == timedelta(hours=1)
    assert change_of(date(2027, 10, 31), PARIS) == timedelta(hours=-1)
    assert not change_of(date(2027, 10, 30), PARIS)


@given(
    moment=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(["Europe/Paris", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kolkata"]),
)
def test_every_moment_comes_back_from_its_wall_time(moment: datetime, zone: str) -> None:
    there = ZoneInfo(zone)
    local = moment.astimezone(there)
    assert moment_at(local.replace(tzinfo=None, fold=0), there, "f", which_of(moment, there)) == moment
