"""Counting in the database: one query for any number of figures over one source, with the period before and what is left out.

Nothing is loaded but the counts, so a quarter with ten thousand rows costs what an empty week does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Max, Q, Value, When
from django.db.models.expressions import Combinable

from clients.disclosure.rules import ORDER, InfoClass, strictness
from reports.facts.periods import Period
from reports.facts.shapes import Dimensions
from reports.facts.sight import Sight
from reports.facts.sources import Source


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows in the period and in the one before, how many more were left out of it, and the class of the strictest.

    Of a source that is closed to the reader everything is 0.
    """

    now: int = 0
    before: int = 0
    withheld: int = 0
    info_class: InfoClass = InfoClass.SHARED


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing to count: rows of a source under a condition, or the different values that `of` has in them."""

    where: Q
    of: Combinable | str = "pk"


def tallies(
    source: Source, sight: Sight, period: Period, what: Mapping[str, Counted], by: Sequence[str] = ()
) -> dict[Dimensions, dict[str, Tally]]:
    """By dimensions (() alone without `by`), by name of `what`, in order. One query.

    Dimensions of which the reader may read no row of either period are not there: their very names may be what is kept.
    """
    rows = source.rows().filter(source.within(period) | source.within(period.before))
    counts = {f"{name}{part}": made for name, one in what.items() for part, made in _parts(source, sight, period, one)}
    places = {f"place_{number}": source.told_by(name) for number, name in enumerate(by)}
    if by:
        found: Any = rows.annotate(**places).values(*places).annotate(**counts).order_by(*places)
    else:
        found = [rows.aggregate(**counts)]
    told: dict[Dimensions, dict[str, Tally]] = {}
    for row in found:
        dimensions = tuple((name, row[place] or "") for name, place in zip(by, places, strict=True))
        tally = {name: _tally(source, row, name) for name in what}
        if not by or any(one.now or one.before for one in tally.values()):
            told[dimensions] = tally
    return told


def is_closed(source: Source, sight: Sight) -> bool:
    """Whether no row of it is for this reader, whatever it holds: then how many there are is not told either."""
    return source.fixed is not None and not sight.reads(source.fixed)


def rows_seen(source: Source, sight: Sight) -> Q:
    """Those that may be read. Of a source that is closed to them: none."""
    if source.fixed is None:
        return sight.readable(source.class_at)
    return NONE if is_closed(source, sight) else Q()


NONE = Q(pk__isnull=True)


def _parts(source: Source, sight: Sight, period: Period, one: Counted) -> list[tuple[str, Any]]:
    seen, now, before = rows_seen(source, sight), source.within(period), source.within(period.before)
    distinct = one.of != "pk"
    parts: list[tuple[str, Any]] = [
        ("_now", Count(one.of, filter=now & seen & one.where, distinct=distinct)),
        ("_before", Count(one.of, filter=before & seen & one.where, distinct=distinct)),
    ]
    if not is_closed(source, sight):
        parts.append(("_all", Count(one.of, filter=now & one.where, distinct=distinct)))
    if source.fixed is None:
        parts.append(("_class", Max(rank_of(source), filter=now & seen & one.where)))
    return parts


def rank_of(source: Source) -> Case:
    """How strict each row is, as a place in `ORDER`, of a source whose rows have classes of their own."""
    return Case(*(When(**{f"{source.class_at}info_class": c}, then=Value(strictness(c))) for c in ORDER))


def class_at(rank: int | None) -> InfoClass:
    """Of the strictest rows counted; what rests on none, or on public ones, both sides share."""
    return InfoClass.SHARED if rank is None else max(ORDER[rank], InfoClass.SHARED, key=strictness)


def _tally(source: Source, row: Mapping[str, Any], name: str) -> Tally:
    now = row[f"{name}_now"]
    rank = row.get(f"{name}_class")
    return Tally(now, row[f"{name}_before"], row.get(f"{name}_all", now) - now, source.fixed or class_at(rank))
