"""A stored series as its rule, and the days of it that a page shows."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from clients.items.models import Series, SeriesIssue
from clients.items.recurring import Issue, Recurrence

SHOWN_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class SeriesDay:
    """One day ahead: `item` once it has become one."""

    issue: Issue
    item: UUID | None


def recurrence_of(series: Series, zone: ZoneInfo) -> Recurrence:
    return Recurrence(
        rule=series.rule,
        first_day=series.first_day,
        clock=series.clock,
        zone=zone,
        last_day=series.last_day,
        most=series.most,
        skipped={date.fromisoformat(day) for day in series.skipped},
    )


def days_ahead(series: Series, zone: ZoneInfo, today: date, most: int) -> list[SeriesDay]:
    """The next days of a series, at most so many. One query."""
    made = dict(SeriesIssue.objects.filter(series=series, day__gte=today).values_list("day", "item_id"))
    found = []
    start = max(today, series.first_day)
    for issue in recurrence_of(series, zone).issues(start, start + SHOWN_AHEAD):
        found.append(SeriesDay(issue, made.get(issue.day)))
        if len(found) == most:
            break
    return found


def author_of_running(series_id: UUID) -> UUID | None:
    """By whose right its days become items; None when it is stopped, or its last day is past."""
    today = timezone.localdate() - timedelta(days=1)  # a day of grace: the brand's own may not be over
    running = Series.objects.filter(pk=series_id, stopped_at=None).exclude(last_day__lt=today)
    return running.values_list("author_id", flat=True).first()
