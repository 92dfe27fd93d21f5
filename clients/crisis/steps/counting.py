"""Writes that others share, in their open transaction: counting what was found."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from clients.crisis.models import HourSeen
from clients.crisis.queries import SIGNAL
from clients.outbox.actions import enqueue
from clients.outbox.models import OutboxRow
from tenants.ids import uuid7
from tenants.walls.scope import required_brand

LONGEST_KEY = 80
LOOK = "crisis.look"
"""Kind of the outbox row that looks at the numbers; no payload, 'hourly' or 'soon' as key."""
SOON = timedelta(minutes=2)

_ADD = """
    INSERT INTO crisis_hourcount AS had (id, hour, key, total, negative) SELECT * FROM unnest(%s::uuid[], %s::timestamptz[],
        %s::text[], %s::int[], %s::int[])
    ON CONFLICT (key, hour) DO UPDATE SET total = had.total + excluded.total, negative = had.negative + excluded.negative
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for one hour. `keys` and `signals` may name the same one several times: each is counted."""

    hour: datetime
    keys: Iterable[str]
    total: int
    negative: int
    signals: Iterable[str] = ()


def count(hour: datetime, keys: Iterable[str], total: int, negative: int, signals: Iterable[str] = ()) -> None:
    """Add what was found for one hour: one statement. `hour` is any moment in it."""
    count_all([Found(hour, keys, total, negative, signals)])


def count_all(found: Iterable[Found]) -> None:
    """The same for many hours, in one statement; the order of the rows keeps two batches from waiting for each other."""
    required_brand()
    totals: Counter[tuple[datetime, str]] = Counter()
    negatives: Counter[tuple[datetime, str]] = Counter()
    for one in found:
        hour = hour_of(one.hour)
        totals[hour, ""] += one.total
        negatives[hour, ""] += one.negative
        totals.update((hour, key[:LONGEST_KEY]) for key in one.keys)
        totals.update((hour, (SIGNAL + name)[:LONGEST_KEY]) for name in one.signals)
    rows = [(uuid7(), *at, totals[at], negatives[at]) for at in sorted(totals) if totals[at]]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])


def look_soon() -> None:
    """Have the numbers looked at within minutes. Called after taking in; many calls are one look, and none puts it off."""
    if not OutboxRow.objects.filter(kind=LOOK, key="soon", done_at=None).exists():
        enqueue(LOOK, {}, key="soon", due_at=timezone.now() + SOON)


def note_sources(hour: datetime, sources: int, silent: int) -> None:
    """That this hour is being looked at, and how many sources are silent; of several notes the worst counts.

    What is silent for a part of an hour was silent in it: half an hour's mentions are no whole hour's.
    """
    seen, _ = HourSeen.objects.get_or_create(hour=hour_of(hour), defaults={"sources": sources, "silent": silent})
    if silent > seen.silent or sources > seen.sources:
        seen.sources, seen.silent = max(sources, seen.sources), max(silent, seen.silent)
        seen.save(update_fields=("sources", "silent"))


def hour_of(moment: datetime) -> datetime:
    """The beginning of its hour, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
