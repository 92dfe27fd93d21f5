"""The rows of a listing: those that the reader may read, up to a bound; how many there are, and how many more are kept back."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from reports.facts.counting import is_closed, rows_seen
from reports.facts.gathering import Gathering
from reports.facts.shapes import Listing, Row
from reports.facts.sources import Source

MOST_LISTED = 5_000
"""Rows of one listing that facts hold. What prints them prints fewer; beyond this only the count is told."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """`rows` are all that may be read, not asked for yet: whoever lists them adds columns and an order, and takes `first`."""

    rows: QuerySet[Any]
    total: int
    withheld: int

    def first(self, rows: QuerySet[Any], *order: str) -> list[Any]:
        """At most `MOST_LISTED` of `rows`, in order. No query where there are none."""
        return list(rows.order_by(*order)[:MOST_LISTED]) if self.total else []

    def listing(self, code: str, columns: tuple[str, ...], rows: list[Row]) -> Listing:
        return Listing(code, columns, tuple(rows), self.total, self.withheld)


def bounded(making: Gathering, source: Source, rows: QuerySet[Any]) -> Bounded:
    """Of `rows` of a source what the reader may read; what they may not is counted, here and for the whole. One query; none, and
    no count, of what is closed to them.

    Raises Refused('not_allowed') for an actor who may not read such rows at all.
    """
    making.sight.require(source.verb)
    if is_closed(source, making.sight):
        return Bounded(rows.none(), 0, 0)
    seen = rows_seen(source, making.sight)
    total, every = rows.aggregate(seen=Count("pk", filter=seen), every=Count("pk")).values()
    making.left_out(source, every - total)
    return Bounded(rows.filter(seen), total, every - total)
