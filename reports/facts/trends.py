"""Some figures week by week, over the weeks that a period touches: each week whole, on the brand's clock."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count, F, Func, IntegerField, Max, Value
from django.db.models.functions import TruncWeek

from clients.custody.clocks import ClockKind
from clients.disclosure.rules import InfoClass
from clients.service.fairness import figures_of
from clients.service.rules import Part
from reports.facts.counting import class_at, is_closed, rank_of, rows_seen
from reports.facts.definitions import DEFINITIONS
from reports.facts.gathering import Gathering, share_of
from reports.facts.periods import Period
from reports.facts.served import class_of, rounds, told_of
from reports.facts.shapes import Dimensions, Point, Series
from reports.facts.sources import ROUNDS, Source

COUNTED = ("acts.done", "field.acts", "mentions.found", "members.said", "insights.noted")
SERVED = ("median", "in_time")


@dataclass(frozen=True, slots=True)
class Weekly:
    """One count by the Monday of its weeks, and the class of the strictest row counted."""

    by_week: Mapping[str, int | None]
    info_class: InfoClass = InfoClass.SHARED


def trends(making: Gathering) -> tuple[Series, ...]:
    """Acts, the field ratio, mentions, what members said, insights, and both clocks. One query for each and three for clocks."""
    weeks = making.period.weeks
    span = replace(making.period, start=weeks[0].start, end=weeks[-1].end)
    counts = {code: _weekly(making, span, code) for code in COUNTED}
    lines = [_series(making, code, weeks, found) for code, found in counts.items()]
    done, field = (counts[code] for code in ("acts.done", "field.acts"))
    ratio = {at: share_of(field.by_week.get(at, 0), every) for at, every in done.by_week.items()}
    lines.insert(2, _series(making, "field.ratio", weeks, Weekly(ratio, done.info_class)))
    return (*lines, *_clocks(making, span, weeks))


def _weekly(making: Gathering, span: Period, code: str) -> Weekly:
    """What is left out is counted over the whole span: a part of it may lie outside the period, in a week it touches."""
    definition = DEFINITIONS[code]
    source = definition.source
    making.sight.require(source.verb)
    if is_closed(source, making.sight):
        return Weekly({})
    rows = source.rows().filter(source.within(span), definition.where()).annotate(week=_week(source, span))
    seen = rows_seen(source, making.sight)
    rank = Value(None, IntegerField()) if source.fixed else rank_of(source)
    counted = {"n": Count("pk", filter=seen), "every": Count("pk"), "rank": Max(rank, filter=seen)}
    found: Any = list(rows.values("week").annotate(**counted))
    making.left_out(source, sum(one["every"] - one["n"] for one in found))
    zero: dict[str, int | None] = dict.fromkeys((one.start.isoformat() for one in span.weeks), 0)
    strict = source.fixed or class_at(max((one["rank"] for one in found if one["rank"] is not None), default=None))
    return Weekly(zero | {one["week"]: one["n"] for one in found}, strict)


def _clocks(making: Gathering, span: Period, weeks: tuple[Period, ...]) -> list[Series]:
    making.sight.require(ROUNDS.verb)
    found = figures_of(rounds(making, span), {Part.ALL: _week(ROUNDS, span)})
    by_clock = {kind: {one.name: one for one in found if one.kind is kind} for kind in ClockKind}
    making.left_out(ROUNDS, rounds(making, span, seen=False).count())
    strict = class_of(making, span)
    return [
        _series(
            making,
            f"clocks.{code}",
            weeks,
            Weekly({name: told_of(one, code) for name, one in by_clock[kind].items()}, strict),
            (("clock", str(kind)),),
        )
        for code in SERVED
        for kind in ClockKind
    ]


def _series(making: Gathering, code: str, weeks: tuple[Period, ...], found: Weekly, by: Dimensions = ()) -> Series:
    values = (found.by_week.get(week.start.isoformat()) if making.is_known(week) else None for week in weeks)
    points = tuple(Point(week.code, value) for week, value in zip(weeks, values, strict=True))
    target = making.goals.get(making.derived(code, None, None, by).key)
    return Series(code, DEFINITIONS[code].unit, points, by, target.a_week if target else None, found.info_class)


def _week(source: Source, span: Period) -> Any:
    """The Monday of a row's week on the brand's clock, as text."""
    monday = TruncWeek(F(source.at), tzinfo=ZoneInfo(span.zone))
    return Func(monday, Value("YYYY-MM-DD"), function="to_char", output_field=CharField())
