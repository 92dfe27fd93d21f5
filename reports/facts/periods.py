"""The stretches of time that a report is about: days on the brand's clock, and the instants at which they begin and end. Pure.

INVARIANT: `since` is the first instant of the first day and `until` the first one after the last, in UTC: a week with a change of
clocks has 167 or 169 hours, and no instant belongs to two periods or to none.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tenants.errors import Invalid

A_DAY = timedelta(days=1)
DAYS_OF_A_WEEK = 7
MONTHS_OF_A_QUARTER = 3
LONGEST = 366
"""Days of a period that somebody chooses."""
YEARS = range(3, 9_998)
"""In which a period lies that somebody names: the calendar has room for the ones before and after it."""


class PeriodKind(StrEnum):
    """How long, and from where."""

    WEEK = "week"  # Monday to Sunday
    MONTH = "month"
    QUARTER = "quarter"
    CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends counted, on the clock of `zone` (a name as 'Europe/Paris').

    `stops`: of one that still runs the instant up to which it is told, and None of all others (`told_at`).
    """

    kind: PeriodKind
    start: date
    end: date
    zone: str
    stops: datetime | None = None

    @property
    def since(self) -> datetime:
        """The first instant of the period, in UTC."""
        return _begins(self.start, self.zone)

    @property
    def until(self) -> datetime:
        """The first instant after it, in UTC; of one that still runs, after what is told of it."""
        return self.stops or _begins(self.end + A_DAY, self.zone)

    def told_at(self, now: datetime) -> "Period":
        """As far as it has run at a moment. One that is over, or has not begun, is as it is."""
        whole = replace(self, stops=None)
        return replace(self, stops=now) if whole.has_begun(now) and now < whole.until else whole

    def has_begun(self, now: datetime) -> bool:
        return self.since <= now

    @property
    def is_running(self) -> bool:
        """Whether it is told in part, because the rest has not been yet."""
        return self.stops is not None

    def contains(self, moment: datetime) -> bool:
        return self.since <= moment < self.until

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def before(self) -> "Period":
        """The one it is compared with: the week, month or quarter before, or as many days; of it as much as is told of this."""
        if self.kind is PeriodKind.CUSTOM:
            whole = Period(self.kind, self.start - timedelta(days=self.days), self.start - A_DAY, self.zone)
        else:
            whole = _around(self.kind, self.start - A_DAY, self.zone)
        return whole if self.stops is None else whole.told_at(_same_place(self.stops, self, whole))

    @property
    def after(self) -> "Period":
        """The one that follows, of the same kind and length."""
        if self.kind is PeriodKind.CUSTOM:
            return Period(self.kind, self.end + A_DAY, self.end + timedelta(days=self.days), self.zone)
        return _around(self.kind, self.end + A_DAY, self.zone)

    @property
    def weeks(self) -> tuple["Period", ...]:
        """The weeks that any of its days belong to, oldest first, each of them whole."""
        found = [_around(PeriodKind.WEEK, self.start, self.zone)]
        while found[-1].end < self.end:
            found.append(found[-1].after)
        return tuple(found)

    @property
    def code(self) -> str:
        """As '2026-W47', '2026-11', '2026-Q4' or '2026-11-02..2026-11-10'."""
        match self.kind:
            case PeriodKind.WEEK:
                year, week, _ = self.start.isocalendar()
                return f"{year}-W{week:02}"
            case PeriodKind.MONTH:
                return f"{self.start:%Y-%m}"
            case PeriodKind.QUARTER:
                return f"{self.start.year}-Q{(self.start.month - 1) // MONTHS_OF_A_QUARTER + 1}"
            case _:
                return f"{self.start.isoformat()}..{self.end.isoformat()}"


def period_of(kind: PeriodKind, day: date, zone: str) -> Period:
    """The week, month or quarter in which `day` lies. A chosen stretch has no such place: ValueError.

    Raises Invalid('not_a_date', 'period') for a day at either end of the calendar.
    """
    _check_years(day)
    return _around(kind, day, zone)


def period_between(start: date, end: date, zone: str) -> Period:
    """The days from `start` to `end`, both counted.

    Raises Invalid('ends_before_begins' | 'period_too_long' | 'not_a_date', 'period').
    """
    if end < start:
        raise Invalid("ends_before_begins", "period")
    if (end - start).days >= LONGEST:
        raise Invalid("period_too_long", "period", most=LONGEST)
    _check_years(start, end)
    return Period(PeriodKind.CUSTOM, start, end, zone)


def period_named(code: str, zone: str) -> Period:
    """The period that `Period.code` calls so. Raises Invalid('not_a_date', 'period') and what `period_between` raises."""
    start, between, end = code.partition("..")
    try:
        if between:
            return period_between(date.fromisoformat(start), date.fromisoformat(end), zone)
        year, _, rest = code.partition("-")
        if rest.startswith("W"):
            return period_of(PeriodKind.WEEK, date.fromisocalendar(int(year), int(rest[1:]), 1), zone)
        if rest.startswith("Q"):
            month = (int(rest[1:]) - 1) * MONTHS_OF_A_QUARTER + 1
            return period_of(PeriodKind.QUARTER, date(int(year), month, 1), zone)
        return period_of(PeriodKind.MONTH, date(int(year), int(rest), 1), zone)
    except (ValueError, OverflowError):
        raise Invalid("not_a_date", "period") from None


def today(now: datetime, zone: str) -> date:
    """The day it is on the brand's clock."""
    return now.astimezone(ZoneInfo(zone)).date()


def _check_years(*days: date) -> None:
    if any(day.year not in YEARS for day in days):
        raise Invalid("not_a_date", "period")


def _around(kind: PeriodKind, day: date, zone: str) -> Period:
    """Of a day that may lie outside `YEARS`, as what is compared with does."""
    if kind not in _SPANS:
        raise ValueError(f"no {kind} of a day")
    return Period(kind, *_SPANS[kind](day), zone)


def _begins(day: date, zone: str) -> datetime:
    """The first instant of a day. Where midnight comes twice it is the first, where it is left out the one after the gap."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _same_place(instant: datetime, of: Period, there: Period) -> datetime:
    """The instant as many days after the beginning of `there`, at the same time on the wall."""
    wall = instant.astimezone(ZoneInfo(of.zone))
    day = there.start + (wall.date() - of.start)
    return datetime.combine(day, wall.time(), ZoneInfo(there.zone)).astimezone(UTC)


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=DAYS_OF_A_WEEK - 1)


def _months(day: date, number: int) -> tuple[date, date]:
    start = day.replace(month=day.month - (day.month - 1) % number, day=1)
    later = start.month - 1 + number
    following = date(start.year + later // 12, later % 12 + 1, 1)
    return start, following - A_DAY


_SPANS: dict[PeriodKind, Callable[[date], tuple[date, date]]] = {
    PeriodKind.WEEK: _week,
    PeriodKind.MONTH: lambda day: _months(day, 1),
    PeriodKind.QUARTER: lambda day: _months(day, MONTHS_OF_A_QUARTER),
}
