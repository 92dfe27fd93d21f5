"""Series: begun, stopped, one day of them skipped, another content from a day on; and their days becoming items.

Nothing here goes out or is approved: an issue is a draft of the series' author, which the job then submits at the gate.
"""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.items.content import Content
from clients.items.models import Item, Series, SeriesIssue
from clients.items.recurring import checked_rule
from clients.items.series_days import recurrence_of
from clients.items.steps import begin_item, check_content, require_own_series
from clients.outbox.actions import cancel, enqueue
from clients.people.access import require
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Missing
from tenants.walls.scope import BrandRef, durable

SERIES = "items.series"
"""The kind of outbox row by which a series is looked at, once a day; its handler is in `clients.gate.tasks`."""

DAYS_AHEAD = 14
MOST_DAYS = 500


def begin_series(
    actor: Actor, *, content: Content, rule: str, first_day: date, clock: time, last_day: date | None, most: int | None
) -> Series:
    """A content that comes again. Raises Invalid for a content that a channel does not take, and for the rule and its ends."""
    require(actor, Verb.ITEM_SUBMIT)
    with durable(actor.brand):
        return _begin(actor, content, rule, first_day, clock, last_day, most)


def change_series(
    actor: Actor, *, series_id: UUID, content: Content, rule: str, from_day: date, clock: time,
    last_day: date | None, most: int | None,
) -> Series:  # fmt: skip
    """Another content, rule or time from a day on: the series ends before it and another begins. Its items stay as they are."""
    require(actor, Verb.ITEM_SUBMIT)
    with durable(actor.brand):
        former = _running(series_id)
        require_own_series(actor, former)
        former.last_day = min(from_day - timedelta(days=1), former.last_day or date.max)
        former.save(update_fields=("last_day",))
        _refuse_made(former, from_day)
        record(actor, "series.changed", former, last_day=former.last_day.isoformat())
        return _begin(actor, content, rule, from_day, clock, last_day, most)


def stop_series(actor: Actor, *, series_id: UUID) -> Series:
    """No further day becomes an item. Those that have stay: each of them can be withdrawn by itself."""
    require(actor, Verb.ITEM_SUBMIT)
    with durable(actor.brand):
        series = _running(series_id)
        require_own_series(actor, series)
        series.stopped_at = timezone.now()
        series.save(update_fields=("stopped_at",))
        cancel(SERIES, key=str(series.pk))
        record(actor, "series.stopped", series)
        return series


def skip_day(actor: Actor, *, series_id: UUID, day: date) -> Series:
    """None on that day. Conflict('series_day_made') when it is an item already: that one is withdrawn instead."""
    require(actor, Verb.ITEM_SUBMIT)
    with durable(actor.brand):
        series = _running(series_id)
        require_own_series(actor, series)
        if SeriesIssue.objects.filter(series=series, day=day).exists():
            raise Conflict("series_day_made")
        if not any(recurrence_of(series, ZoneInfo(actor.brand.time_zone)).issues(day, day + timedelta(days=1))):
            raise Invalid("series_no_day", "day")
        series.skipped = sorted({*series.skipped, day.isoformat()})
        series.save(update_fields=("skipped",))
        record(actor, "series.skipped", series, day=day.isoformat())
        return series


def make_issues(author: Actor, *, series_id: UUID) -> list[Item]:
    """Drafts of its author for the days ahead that have none yet. Twice is once: a day becomes an item once."""
    require(author, Verb.ITEM_SUBMIT)
    with durable(author.brand):
        series = _running(series_id)
        zone, now = ZoneInfo(author.brand.time_zone), timezone.now()
        today = now.astimezone(zone).date()
        made = set(series.issues.filter(day__gte=today).values_list("day", flat=True))
        content = Content.from_data(series.content)
        items = []
        for issue in recurrence_of(series, zone).issues(today, today + timedelta(days=DAYS_AHEAD)):
            moment = issue.reading.moment.astimezone(zone)
            if issue.day not in made and moment > now:
                items.append(begin_item(author, replace(content, not_before=moment, series=str(series.pk))))
                SeriesIssue.objects.create(series=series, day=issue.day, item=items[-1])
        return items


def end_orphan(brand: BrandRef, *, series_id: UUID) -> None:
    """Its author is gone, or may no longer bring anything: the series stops, and the log says why."""
    process = process_of(brand, EntryPoint.WORKER, "worker")
    with durable(brand):
        series = _running(series_id)
        series.stopped_at = timezone.now()
        series.save(update_fields=("stopped_at",))
        record(process, "series.orphaned", series)


def _begin(
    actor: Actor, content: Content, rule: str, first_day: date, clock: time, last_day: date | None, most: int | None
) -> Series:
    if first_day < timezone.now().astimezone(ZoneInfo(actor.brand.time_zone)).date():
        raise Invalid("time_past", "first_day")
    if last_day is not None and last_day < first_day:
        raise Invalid("end_before_start", "last_day")
    if most is not None and not 1 <= most <= MOST_DAYS:
        raise Invalid("out_of_range", "most")
    plain = replace(content, not_before=None, not_after=None, series="")
    check_content(plain)
    series = Series.objects.create(
        title=plain.title or plain.text[:80],
        content=plain.as_data(),
        rule=checked_rule(rule),
        first_day=first_day,
        clock=clock,
        last_day=last_day,
        most=most,
        author_id=actor.somebody,
        author_name=actor.name,
    )
    enqueue(SERIES, {"series": str(series.pk)}, key=str(series.pk))
    record(actor, "series.begun", series, rule=series.rule)
    return series


def _refuse_made(series: Series, from_day: date) -> None:
    """Conflict('series_day_made') where days from then on are items already: two series would both go out on them."""
    last = series.issues.filter(day__gte=from_day).order_by("-day").first()
    if last is not None:
        raise Conflict("series_day_made", day=last.day.isoformat())


def _running(series_id: UUID) -> Series:
    """The series, locked. Missing('series'), Conflict('series_stopped')."""
    series = Series.objects.select_for_update().filter(pk=series_id).first()
    if series is None:
        raise Missing("series")
    if series.stopped_at is not None:
        raise Conflict("series_stopped")
    return series
