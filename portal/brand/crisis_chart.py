"""Two days of numbers as a drawing and as a table: bars for what was found, a line for what is usual. Drawn here, no script.

An hour that nobody looked at, or while sources were silent, is drawn as a gap: never as nothing found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from clients.crisis import queries
from clients.crisis.detecting import Look, is_blind, look
from clients.crisis.usual import Count, Usual, learn

HOURS, WIDTH, HEIGHT = 48, 480, 120
STEP = WIDTH / HOURS
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """One hour: where it is drawn, and what the table says. `seen` is None for an hour that is unknown."""

    x: str
    y: str
    height: str
    negative_y: str
    negative_height: str
    hour: str
    seen: int | None
    negative: int
    usual: str
    loud: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """`line` is the usual as the points of a polyline; `sight` what can be said of the last hour, 'loud' where it is an alert."""

    bars: tuple[Bar, ...]
    line: str
    top: int
    sight: str
    seen: int
    days: tuple[tuple[str, str], ...]
    width: int = WIDTH
    height: int = HEIGHT


def chart(until: datetime, zone: str) -> Chart:
    """The two days that end with the hour of `until`. Three queries."""
    last = until.replace(minute=0, second=0, microsecond=0)
    hours = [last - n * HOUR for n in range(HOURS - 1, -1, -1)]
    counts, trusted = queries.counts_to_judge(last), queries.trusted_hours(last)
    usual = learn(counts, trusted, last, ZoneInfo(zone))
    blind = is_blind(*queries.sources_of(last))
    judged = look(last, counts, trusted, usual, blind=blind, signals={})
    return _drawn(hours, counts, set(trusted), usual, judged)


def _drawn(
    hours: list[datetime], counts: Mapping[datetime, Count], known: set[datetime], usual: Usual, judged: Look
) -> Chart:
    means = [usual.mean(hour) if not usual.is_learning else 0.0 for hour in hours]
    most = max(1.0, *means, *(float(counts.get(hour, Count()).total) for hour in hours))
    scale = (HEIGHT - 4) / most
    bars = tuple(_bar(n, hour, counts.get(hour), hour in known, means[n], scale) for n, hour in enumerate(hours))
    line = " ".join(f"{(n + 0.5) * STEP:.1f},{HEIGHT - mean * scale:.1f}" for n, mean in enumerate(means))
    midnights = [(n, timezone.localtime(hour)) for n, hour in enumerate(hours) if timezone.localtime(hour).hour == 0]
    days = tuple((f"{n * STEP:.1f}", date_format(local, "D j")) for n, local in midnights)
    seen = counts.get(hours[-1], Count()).total
    sight = "loud" if judged.alerts else str(judged.sight)
    return Chart(bars, "" if usual.is_learning else line, round(most), sight, seen, days)


def _bar(n: int, hour: datetime, count: Count | None, known: bool, mean: float, scale: float) -> Bar:
    found = count or Count()
    tall, bad = found.total * scale, found.negative * scale
    return Bar(
        x=f"{n * STEP + 1:.1f}",
        y=f"{HEIGHT - tall:.1f}",
        height=f"{tall:.1f}",
        negative_y=f"{HEIGHT - bad:.1f}",
        negative_height=f"{bad:.1f}",
        hour=date_format(timezone.localtime(hour), "D j, H:i"),
        seen=found.total if known or found.total else None,
        negative=found.negative,
        usual=f"{mean:.1f}" if mean else "",
        loud=bool(mean) and found.total > 2 * mean + 8,
    )
