"""A figure down to its rows: those that a person may see, and how many more there are that they may not.

A share or a time opens to the rows it rests on. What is opened is the definition's own condition, asked again: a number and its
rows cannot disagree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Concat

from clients.disclosure.rules import InfoClass
from reports.facts.counting import is_closed, rows_seen
from reports.facts.definitions import DEFINITIONS, Definition
from reports.facts.lists import shown_in
from reports.facts.periods import Period
from reports.facts.sections import NEEDS
from reports.facts.sight import Sight
from reports.facts.sources import COMING, PICTURES, Source, text
from tenants.errors import Missing

MOST = 100
ALWAYS_TOLD = frozenset({"clock"})
"""Dimensions that are shown to everybody, with all their values and whether there are rows or not."""


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One row: of what (`kind` as in 'gate.receipt'), which, when it counts, what names it to people, and its class."""

    kind: str
    id: UUID
    at: datetime | date
    title: str
    info_class: InfoClass


@dataclass(frozen=True, slots=True)
class Opened:
    """The newest rows behind a figure. `seen`: how many the reader may read in all; `withheld`: how many more there are.

    Of what is closed to them as a whole, both are 0.
    """

    definition: Definition
    dimensions: Mapping[str, str]
    rows: tuple[OpenRow, ...]
    seen: int
    withheld: int


def rows_of(key: str, sight: Sight, period: Period, *, most: int = MOST) -> Opened:
    """The rows behind the figure that `Figure.key` names. Three queries at most.

    INVARIANT: of dimensions that `counting.tallies` does not tell the reader of, nothing is withheld either: whoever guesses at
    the name of what is kept gets the answer of a name that there is not.

    Raises Missing('figure') for what is none, Refused('not_allowed') where the reader's role may not read such rows.
    """
    definition, dimensions = _asked(key)
    source = definition.source
    sight.require(source.verb)
    if definition.section in NEEDS:
        sight.require(NEEDS[definition.section])
    rows = behind(definition, dimensions, period)
    readable = rows_seen(source, sight)
    if is_closed(source, sight):
        return Opened(definition, dimensions, (), 0, 0)
    count, every = rows.aggregate(seen=Count("pk", filter=readable), every=Count("pk")).values()
    withheld = every - count
    if withheld and not count and dimensions.keys() - ALWAYS_TOLD:
        known = behind(definition, dimensions, period.before).filter(readable).exists()
        withheld = withheld if known else 0
    found = tuple(_row(source, one) for one in _named(source, rows.filter(readable))[:most])
    return Opened(definition, dimensions, found, count, withheld)


def behind(definition: Definition, dimensions: Mapping[str, str], period: Period) -> QuerySet[Any]:
    """All rows that a figure rests on, whoever may read them."""
    source = definition.source
    if source is PICTURES:
        return shown_in(period)
    within = source.within(period.after if source is COMING else period)
    rows: QuerySet[Any] = source.rows().filter(within, definition.where())
    for name, value in dimensions.items():
        rows = _of_dimension(rows, source, name, value)
    return rows


def _asked(key: str) -> tuple[Definition, dict[str, str]]:
    code, *parts = key.split(";")
    definition = DEFINITIONS.get(code)
    pairs = [part.partition("=") for part in parts]
    dimensions = {name: value for name, _, value in pairs}
    # No text of the database holds a NUL: it would not even take the question.
    if definition is None or "\0" in key or len(dimensions) < len(pairs) or not definition.opens(dimensions):
        raise Missing("figure")
    return definition, dimensions


def _of_dimension(rows: QuerySet[Any], source: Source, name: str, value: str) -> QuerySet[Any]:
    if source.lists(name):
        return rows.filter(**{f"{source.by[name]}__contains": [value]})
    place = f"place_{name}"
    asked = Q(**{place: value}) if value else Q(**{place: ""}) | Q(**{f"{place}__isnull": True})
    return rows.annotate(**{place: source.told_by(name)}).filter(asked)


def _named(source: Source, rows: QuerySet[Any]) -> QuerySet[Any]:
    title = Concat(text(source.title), Value("")) if source.title else Value("")
    mark = Value(str(source.fixed)) if source.fixed else F(f"{source.class_at}info_class")
    found = rows.annotate(row_title=title, row_at=F(source.at), row_class=mark).order_by(f"-{source.at}", "-pk")
    return found.values_list("pk", "row_at", "row_title", "row_class")


def _row(source: Source, one: tuple[Any, ...]) -> OpenRow:
    pk, at, title, mark = one
    return OpenRow(source.kind, pk, at, title or "", InfoClass(mark))
