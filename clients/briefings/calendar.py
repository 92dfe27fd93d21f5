"""The brand's working hours as arithmetic: silence counts only inside them, so every clock and veto window asks here.

Pure: moments in UTC come in, moments in UTC go out, the wall clock of the brand stays inside. A moment is open when the
brand's wall clock, read at that moment, shows a minute inside the hours of that weekday and the date is no holiday.
Everything else follows from that sentence, the nights on which the clocks change included: an hour that is shown twice
counts twice, an hour that is skipped does not count.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tenants.errors import Invalid

DAY = 24 * 60
DAYS = 7
ONE_DAY = timedelta(days=1)
NONE = timedelta(0)

Span = tuple[int, int]  # minutes of the local day, half-open
Week = tuple[tuple[Span, ...], ...]  # seven days, Monday first
Piece = tuple[datetime, datetime]  # UTC, half-open


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a brand is at work.

    `hours`: seven days, Monday first, each a list of (start, end) in minutes after midnight; an end not after its
    start runs over midnight. Kept in order, split at midnight and merged, so hours belong to the date on which they
    fall and a holiday closes its date from midnight to midnight. Raises Invalid('no_working_hours' | 'bad_hours' |
    'unknown_time_zone').
    """

    time_zone: str
    hours: Week
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        _zone(self.time_zone)
        object.__setattr__(self, "hours", normal_week(self.hours))

    def is_open(self, moment: datetime) -> bool:
        """Whether the brand is at work at `moment`."""
        wall = _utc(moment).astimezone(_zone(self.time_zone))
        minute = wall.hour * 60 + wall.minute
        return any(start <= minute < end for start, end in self._spans(wall.date()))

    def next_open(self, moment: datetime) -> datetime:
        """`moment` itself when open, else the next moment at which the brand opens."""
        return next(start for start, _ in self._pieces(_utc(moment)))

    def after(self, start: datetime, working: timedelta) -> datetime:
        """The earliest moment at which `working` of working time has passed since `start`."""
        if working <= NONE:
            return _utc(start)
        left = working
        for opens, closes in self._pieces(_utc(start)):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("pieces never end")

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; none when `end` is not after `start`."""
        until, total = _utc(end), NONE
        for opens, closes in self._pieces(_utc(start)):
            if opens >= until:
                break
            total += min(closes, until) - opens
        return total

    def _spans(self, day: date) -> tuple[Span, ...]:
        return () if day in self.holidays else self.hours[day.weekday()]

    def _pieces(self, start: datetime) -> Iterator[Piece]:
        """Open stretches from `start` on, in order and without end."""
        for begins, ends, offset in _stretches(start, _zone(self.time_zone)):
            day = (begins + offset).date()
            while (midnight := datetime.combine(day, time(), UTC) - offset) < ends:
                for opens, closes in self._spans(day):
                    first = max(begins, midnight + timedelta(minutes=opens))
                    last = min(ends, midnight + timedelta(minutes=closes))
                    if first < last:
                        yield first, last
                day += ONE_DAY


def normal_week(hours: Sequence[Sequence[Sequence[int]]]) -> Week:
    """Seven days of ordered, disjoint spans that stay within their day. Raises Invalid as `Calendar` does."""
    if len(hours) != DAYS or not all(isinstance(spans, list | tuple) for spans in hours):
        raise Invalid("bad_hours", field="hours")
    days: list[list[Span]] = [[] for _ in range(DAYS)]
    for weekday, spans in enumerate(hours):
        for span in spans:
            start, end = _checked(span)
            if end > start:
                days[weekday].append((start, end))
            else:
                days[weekday].append((start, DAY))
                days[(weekday + 1) % DAYS].append((0, end))
    week = tuple(_merged(spans) for spans in days)
    if not any(week):
        raise Invalid("no_working_hours", field="hours")
    return week


def _checked(span: Sequence[int]) -> Span:
    match span:
        case (int(start), int(end)) if 0 <= start < DAY and 0 <= end <= DAY and start != end:
            return start, end
        case _:
            raise Invalid("bad_hours", field="hours")


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _stretches(start: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Time from `start` on, cut into stretches of at most a day in which the zone's offset does not change.

    Cutting time, not local dates, is what makes the changing nights exact: a local date may be shown in two parts.
    """
    while True:
        end = start + ONE_DAY
        offset = _offset(start, zone)
        if _offset(end, zone) != offset:
            end = _change(start, end, zone)
        yield start, end, offset
        start = end


def _change(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the offset that holds at `low` stops holding, at or before `high`."""
    offset, seconds = _offset(low, zone), int((high - low).total_seconds())
    low = low.replace(microsecond=0)  # changes fall on whole seconds
    holds, ended = 0, seconds + 1
    while ended - holds > 1:
        middle = (holds + ended) // 2
        if _offset(low + timedelta(seconds=middle), zone) == offset:
            holds = middle
        else:
            ended = middle
    return low + timedelta(seconds=ended)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("naive_moment")
    return moment.astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)  # cached by the standard library
    except (KeyError, ValueError, TypeError, OSError) as unknown:
        raise Invalid("unknown_time_zone", field="time_zone") from unknown
