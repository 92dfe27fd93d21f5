"""When the next one is due: on the brand's clock, in nights that have an hour more or less too."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.making.rules import Rhythm, Ruling, check_ruling, checked_sections, due_after, rhythms_of
from tenants.errors import Invalid

PARIS = "Europe/Paris"


@pytest.mark.parametrize(
    ("now", "at", "due"),
    [
        ("2026-11-16T06:59+00:00", time(8), "2026-11-16T07:00+00:00"),
        ("2026-11-16T07:00+00:00", time(8), "2026-11-23T07:00+00:00"),
        ("2026-03-28T12:00+00:00", time(8), "2026-03-30T06:00+00:00"),  # the clocks went on in between
        ("2026-10-24T12:00+00:00", time(8), "2026-10-26T07:00+00:00"),
    ],
)
def test_weekly_on_a_monday(now: str, at: time, due: str) -> None:
    assert due_after(datetime.fromisoformat(now), Rhythm.WEEKLY, at, 0, 1, PARIS) == datetime.fromisoformat(due)


def test_a_time_that_the_night_leaves_out_or_has_twice_comes_once() -> None:
    def sunday(now: str) -> datetime | None:
        return due_after(datetime.fromisoformat(now), Rhythm.WEEKLY, time(2, 30), 6, 1, PARIS)

    gap = sunday("2026-03-28T12:00+00:00")
    assert gap == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    twice = sunday("2026-10-24T12:00+00:00")
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert sunday("2026-10-25T00:30+00:00") == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


@given(st.integers(0, 15 * 365 * 24 * 60), st.integers(0, 6), st.integers(1, 28), st.times())
def test_there_is_always_a_next_one_within_its_rhythm(minutes: int, weekday: int, day: int, at: time) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    for rhythm, most in ((Rhythm.WEEKLY, 8), (Rhythm.MONTHLY, 32)):
        due = due_after(now, rhythm, at, weekday, day, PARIS)
        assert due is not None and due > now
        assert (due - now).days <= most
    assert due_after(now, Rhythm.NEVER, at, weekday, day, PARIS) is None


FINE = Ruling(kind="weekly", rhythm="weekly", at=time(8), language="fr")
WRONG = {"kind": "?", "rhythm": "?", "weekday": 7, "day": 29, "language": "de", "delivery": "?", "window": 999}


@pytest.mark.parametrize("name", WRONG)
def test_a_rule_is_checked(name: str) -> None:
    check_ruling(FINE)
    with pytest.raises(Invalid):
        check_ruling(replace(FINE, **{name: WRONG[name]}))  # type: ignore[arg-type]


def test_a_rule_makes_reports_of_the_periods_that_they_tell_of() -> None:
    assert [rhythms_of(kind) for kind in ("weekly", "monthly", "press")] == [
        [Rhythm.NEVER, Rhythm.WEEKLY],
        [Rhythm.NEVER, Rhythm.MONTHLY],
        list(Rhythm),
    ]
    for kind, rhythm in (("weekly", "monthly"), ("monthly", "weekly")):
        with pytest.raises(Invalid, match="period_does_not_fit"):
            check_ruling(replace(FINE, kind=kind, rhythm=rhythm))
        check_ruling(replace(FINE, kind=kind, rhythm=kind))


def test_sections_keep_their_order_and_all_are_none() -> None:
    assert checked_sections(["b", "a"], ["a", "b", "c"]) == ["a", "b"]
    assert checked_sections(["c", "b", "a"], ["a", "b", "c"]) == []
    with pytest.raises(Invalid):
        checked_sections(["d"], ["a"])
