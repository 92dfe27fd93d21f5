"""The days of a series by the brand's clocks, and rules that are none of ours."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from clients.items.moments import Oddity
from clients.items.recurring import Recurrence, checked_rule, rule_of
from tenants.errors import Invalid

PARIS = ZoneInfo("Europe/Paris")
FAR = date(2040, 1, 1)


def recurrence(rule: str, **more: object) -> Recurrence:
    values = {"first_day": date(2027, 3, 1), "clock": time(9), "zone": PARIS} | more
    return Recurrence(rule, **values)  # type: ignore[arg-type]


def test_nine_oclock_stays_nine_oclock_over_both_nights() -> None:
    weekly = list(recurrence("FREQ=WEEKLY;INTERVAL=1", most=52).issues(date(2027, 3, 1), FAR))
    assert len(weekly) == 52
    assert {issue.reading.moment.astimezone(PARIS).time() for issue in weekly} == {time(9)}
    assert {issue.reading.moment.hour for issue in weekly} == {7, 8}


def test_a_time_of_the_changing_nights_is_told() -> None:
    nightly = recurrence("FREQ=DAILY;INTERVAL=1", clock=time(2, 30), last_day=date(2027, 12, 31))
    odd = {i.day: i.reading for i in nightly.issues(date(2027, 3, 1), FAR) if i.reading.oddity}
    assert {day: reading.oddity for day, reading in odd.items()} == {
        date(2027, 3, 28): Oddity.SKIPPED,
        date(2027, 10, 31): Oddity.TWICE,
    }
    assert odd[date(2027, 3, 28)].moment.astimezone(PARIS).time() == time(3, 30)


def test_ends_and_exceptions() -> None:
    days = [
        i.day.day for i in recurrence("FREQ=DAILY", most=5, skipped={date(2027, 3, 2)}).issues(date(2027, 3, 1), FAR)
    ]
    assert days == [1, 3, 4, 5]
    until = recurrence("FREQ=WEEKLY;BYDAY=MO,TH", last_day=date(2027, 3, 11))
    assert [i.day.day for i in until.issues(date(2027, 3, 3), FAR)] == [4, 8, 11]
    months = recurrence("FREQ=MONTHLY", first_day=date(2027, 1, 31)).issues(date(2027, 1, 1), date(2027, 6, 1))
    assert [i.day for i in months] == [date(2027, 1, 31), date(2027, 3, 31), date(2027, 5, 31)]
    window = recurrence("FREQ=DAILY").issues(date(2027, 5, 1), date(2027, 5, 1) + timedelta(days=3))
    assert [i.number for i in window] == [62, 63, 64]


@pytest.mark.parametrize(
    "rule",
    ["", "x", "FREQ=HOURLY", "FREQ=SECONDLY", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=x",
     "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;UNTIL=20300101", "FREQ=DAILY\nDTSTART:20300101T000000", "FREQ=DAILY;BYHOUR=1,2"],
)  # fmt: skip
def test_rules_that_are_none_of_ours(rule: str) -> None:
    with pytest.raises(Invalid) as told:
        checked_rule(rule)
    assert (told.value.code, told.value.field) == ("rule_unreadable", "rule")


def test_the_forms_rules() -> None:
    assert rule_of("WEEKLY", 2, [3, 0]) == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH"
    assert rule_of("DAILY", 1, [3]) == "FREQ=DAILY;INTERVAL=1"
    with pytest.raises(Invalid):
        rule_of("YEARLY", 1, [])
