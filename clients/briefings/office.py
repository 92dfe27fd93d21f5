"""The brand's working hours as it writes them down: read strictly once, turned into a `Calendar` when a clock asks.

What is stored names the rule (country, region, extra days), not the dates: next year's holidays need no new briefing.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from clients.briefings.calendar import Calendar, normal_week
from clients.briefings.days_off import check_region, public_holidays
from tenants.errors import Invalid

MOST_EXTRA_DAYS = 400

_OFFICE_DAY = [[9 * 60, 18 * 60]]
DEFAULT: dict[str, Any] = {
    "time_zone": "Europe/Paris",
    "hours": [_OFFICE_DAY] * 5 + [[], []],
    "country": "FR",
    "region": "",
    "extra_days": [],
}
"""Before the first briefing: Monday to Friday, 9 to 18, in Paris, with the holidays of France."""


def clean_office(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Settings in stored form: time_zone, hours (seven days of [start, end]), country, region, extra_days (ISO dates).

    A setting that is not given is the default's. Raises Invalid('unknown_setting' | 'bad_hours' | 'no_working_hours' |
    'unknown_time_zone' | 'unknown_country' | 'unknown_region' | 'bad_date' | 'too_many_days').
    """
    for name in raw:
        if name not in DEFAULT:
            raise Invalid("unknown_setting", field=str(name))
    office = DEFAULT | dict(raw)
    check_region(office["country"], office["region"])
    if not isinstance(office["hours"], Sequence) or isinstance(office["hours"], str):
        raise Invalid("bad_hours", field="hours")
    office["hours"] = [[list(span) for span in day] for day in normal_week(office["hours"])]
    office["extra_days"] = [day.isoformat() for day in _dates(office["extra_days"])]
    calendar_of(office, 2000)  # the zone and the week, as the arithmetic will read them
    return office


def calendar_of(office: Mapping[str, Any], year: int) -> Calendar:
    """The calendar to reckon with around `year`."""
    extra = frozenset(date.fromisoformat(day) for day in office["extra_days"])
    week = tuple(tuple((start, end) for start, end in day) for day in office["hours"])
    return Calendar(office["time_zone"], week, extra | public_holidays(office["country"], office["region"], year))


def _dates(days: Any) -> list[date]:
    if not isinstance(days, Sequence) or isinstance(days, str):
        raise Invalid("bad_date", field="extra_days")
    if len(days) > MOST_EXTRA_DAYS:
        raise Invalid("too_many_days", field="extra_days", most=MOST_EXTRA_DAYS)
    try:
        return sorted({date.fromisoformat(day) for day in days})
    except (ValueError, TypeError) as bad:
        raise Invalid("bad_date", field="extra_days") from bad
