"""Some figures week by week, over the weeks that a period touches: each week whole, on the brand's clock."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count, F, Func, Value
from django.db.models.functions import TruncWeek

from clients.custody.clocks import ClockKind
from clients.service.fairness import figures_of
from clients.service.rules import Part
from reports.facts.counting import rows_seen
from reports.facts.definitions import DEFINITIONS
from reports.facts.gathering import Gathering, share_of
from reports.facts.periods import Period
from reports.facts.served import rounds, told_of
from reports.facts.shapes import Dimensions, Point, Series
from reports.facts.sources import ROUNDS, Source

COUNTED = ("acts.done", "field.acts", "mentions.found", "members.said", "insights.noted")
SERVED = ("median", "in_time")


def trends(making: Gathering) -> tuple[Series, ...]:
    """Acts, the field ratio, mentions, what members said, insights, and both clocks. One query for each and two for clocks."""
    weeks = making.period.weeks
    span = replace(making.period, start=weeks[0].start, end=weeks[-1].end)
    counts = {code: _weekly(making, span, code) for code in COUNTED}
    lines = [_series(making, code, weeks, found) for code, found in counts.items()]
    ratio = {at: share_of(counts["field.acts"].get(at, 0), every) for at, every in counts["acts.done"].items()}
    lines.insert(2, _series(making, "field.ratio", weeks, ratio))
    return (*lines, *_clocks(making, span, weeks))


def _weekly(making: Gathering, span: Period, code: str) -> dict[str, int | None]:
    definition = DEFINITIONS[code]
    source = definition.source
    making.sight.require(source.verb)
    if source.fixed is not None and not making.sight.reads(source.fixed):
        return {}
    rows = source.rows().filter(source.within(span), rows_seen(source, making.sight), definition.where())
    found: Any = rows.annotate(week=_week(source, span)).values("week").annotate(n=Count("pk"))
    zero: dict[str, int | None] = dict.fromkeys((one.start.isoformat() for one in span.weeks), 0)
    return zero | {one["week"]: one["n"] for one in found}


def _clocks(making: Gathering, span: Period, weeks: tuple[Period, ...]) -> list[Series]:
    making.sight.require(ROUNDS.verb)
    found = figures_of(rounds(making, span), {Part.ALL: _week(ROUNDS, span)})
    by_clock = {kind: {one.name: one for one in found if one.kind is kind} for kind in ClockKind}
    return [
        _series(
            making,
            f"clocks.{code}",
            weeks,
            {name: told_of(one, code) for name, one in by_clock[kind].items()},
            (("clock", str(kind)),),
        )
        for code in SERVED
        for kind in ClockKind
    ]


def _series(
    making: Gathering, code: str, weeks: tuple[Period, ...], found: Mapping[str, int | None], by: Dimensions = ()
) -> Series:
    values = (found.get(week.start.isoformat()) if making.is_known(week) else None for week in weeks)
    points = tuple(Point(week.code, value) for week, value in zip(weeks, values, strict=True))
    key = making.derived(code, None, None, by)
    return Series(code, DEFINITIONS[code].unit, points, by, key.goal)


def _week(source: Source, span: Period) -> Any:
    """The Monday of a row's week on the brand's clock, as text."""
    monday = TruncWeek(F(source.at), tzinfo=ZoneInfo(span.zone))
    return Func(monday, Value("YYYY-MM-DD"), function="to_char", output_field=CharField())
