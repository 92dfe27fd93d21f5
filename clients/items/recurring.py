"""The days of a series: a rule as calendars write it (RFC 5545), counted on the clocks of the brand.

Pure. A rule is walked in wall time and only then read as moments, so that a clock that changes moves nothing.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from clients.items.moments import Reading, nearest
from tenants.errors import Invalid

_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY"}
_PARTS = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY"}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Issue:
    """One day of a series, its number among all (skipped ones count), and its moment."""

    number: int
    day: date
    reading: Reading


@dataclass(frozen=True, slots=True)
class Recurrence:
    """`most` limits the number of days, skipped ones included; `last_day` is the last that counts. Without either: for ever."""

    rule: str
    first_day: date
    clock: time
    zone: ZoneInfo
    last_day: date | None = None
    most: int | None = None
    skipped: Collection[date] = ()

    def issues(self, start: date, end: date) -> Iterator[Issue]:
        """Those on days in [start, end), in order."""
        walls = rrulestr(f"RRULE:{self.rule}", dtstart=datetime.combine(self.first_day, self.clock))
        for number, wall in enumerate(islice(iter(walls), self.most or None), 1):
            day = wall.date()
            if day >= end or (self.last_day and day > self.last_day):
                return
            if day >= start and day not in self.skipped:
                yield Issue(number, day, nearest(wall, self.zone))


def checked_rule(rule: str) -> str:
    """The rule in its plain spelling. Raises Invalid('rule_unreadable', 'rule') for what is none of ours.

    Once a day is the most: a rule of hours or minutes would flood whoever approves.
    """
    try:
        parts = dict(part.split("=", 1) for part in rule.strip().upper().split(";"))
        fit = (
            parts.keys() <= _PARTS and parts.get("FREQ") in _FREQUENCIES and 1 <= int(parts.get("INTERVAL", "1")) <= 99
        )
        rrulestr(f"RRULE:{rule.strip().upper()}", dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 - a wall clock
    except (ValueError, KeyError, TypeError):
        fit = False
    if not fit:
        raise Invalid("rule_unreadable", "rule")
    return ";".join(f"{name}={parts[name]}" for name in ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY") if name in parts)


def rule_of(frequency: str, every: int, weekdays: Collection[int]) -> str:
    """A rule from what a form offers: each so many days, weeks (on these weekdays, Monday is 0) or months."""
    days = ",".join(_DAYS[day] for day in sorted(set(weekdays)) if 0 <= day < len(_DAYS))
    on = f";BYDAY={days}" if days and frequency == "WEEKLY" else ""
    return checked_rule(f"FREQ={frequency};INTERVAL={every}{on}")
