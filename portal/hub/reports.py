"""Reports over all of a person's brands: which are due, made, proposed, held, released, and which could not be made.

Each brand is asked the same small question inside its own walls, in one round trip, and only brands are asked where the person
has a place. What a brand keeps to itself is in its own archive, where the reading is written down; of what is due one learns the
kind and the day.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from clients.disclosure.rules import InfoClass, classes_open_to
from clients.people.rules import Verb, may
from portal.brand.reports_rows import span_of
from portal.links import brand_url
from portal.pages import enter, hub_page, render
from portal.second_factor import closed_to
from portal.times import when
from portal.wording import Badge, badge, word
from portal.wording.reports import HUB_BOXES, KINDS, STATES
from reports.facts.periods import Period, PeriodKind
from reports.making.rules import ReportState as State
from tenants.pointers import Place, places_of
from tenants.walls.scope import ask_each, hub_scope

A_PAGE, OF_ONE = 50, 20
DUE = "due"


class Box(StrEnum):
    """What one looks for."""

    OPEN = "open"
    DUE = "due"
    MADE = "made"
    PROPOSED = "proposed"
    HELD = "held"
    RELEASED = "released"
    FAILED = "failed"


OPEN = (State.FAILED, State.PROPOSED, State.HELD, State.ANNOTATED, State.DRAFT, State.MAKING)
"""What somebody has to do with yet, what is the most urgent first."""
HOLDS: dict[Box, tuple[str, ...]] = {
    Box.OPEN: (*OPEN, DUE),
    Box.DUE: (DUE,),
    Box.MADE: (State.DRAFT, State.ANNOTATED),
    Box.PROPOSED: (State.PROPOSED,),
    Box.HELD: (State.HELD,),
    Box.RELEASED: (State.RELEASED,),
    Box.FAILED: (State.FAILED,),
}

_LISTED = f"""
    SELECT * FROM ((SELECT id, state, kind, title, period_kind, starts_on, ends_on, zone,
    coalesce(release_at, state_since), asked_name
    FROM reports_report WHERE info_class = ANY(%(classes)s) AND state = ANY(%(states)s)
    ORDER BY ends_on DESC, id DESC LIMIT {OF_ONE + 1})
    UNION ALL
    (SELECT id, '{DUE}', kind, '', '', NULL, NULL, '', next_at, ''
    FROM reports_reportrule WHERE next_at IS NOT NULL AND '{DUE}' = ANY(%(states)s)
    ORDER BY next_at LIMIT {OF_ONE + 1})) listed LIMIT {OF_ONE + 1}
"""  # noqa: S608  from the names above alone


@dataclass(frozen=True, slots=True)
class ReportTile:
    """One brand and how many there are of the chosen box, '20+' for more."""

    id: UUID
    name: str
    url: str
    count: str


@dataclass(frozen=True, slots=True)
class HubReport:
    """One report of one brand, or one that is due there (without an address of its own)."""

    rank: tuple[int, float, UUID]
    url: str
    title: str
    brand: str
    brand_id: UUID
    state: Badge
    period: str
    by: str
    at: str


@hub_page
def reports(request: HttpRequest) -> HttpResponse:
    """Counts by brand, then the list of one box."""
    assert request.user.pk is not None  # `hub_page` sent everybody else to sign in
    asked = request.GET.get("box", "")
    box = Box(asked) if asked in set(Box) else Box.OPEN
    places = places_of(request.user.pk)
    closed = closed_to(request.user, [(place.brand, place.role) for place in places])
    readers = [place for place in places if place.brand.id not in closed and may(place.role, Verb.REPORT_READ)]
    counts, rows = reports_of(readers, box)
    shown = {row.brand_id for row in rows}
    for place in readers:
        if place.brand.id in shown:
            enter(request, place.brand)
    boxes = [(f"{reverse('hub_reports')}?box={one}", word(HUB_BOXES, one), one is box) for one in Box]
    return render(request, "hub/reports.html", {"boxes": boxes, "tiles": _tiles(readers, counts), "rows": rows})


def reports_of(readers: list[Place], box: Box) -> tuple[list[int], list[HubReport]]:
    """By brand how many are in the box, more than `OF_ONE` for more; and the most urgent of them all. One round trip."""
    states = [str(state) for state in HOLDS[box]]
    with hub_scope():
        found = ask_each(_LISTED, [(place.brand, {"classes": _classes(place), "states": states}) for place in readers])
    rows = [_row(place, facts) for place, some in zip(readers, found, strict=True) for facts in some[:OF_ONE]]
    return [len(some) for some in found], sorted(rows, key=lambda row: row.rank)[:A_PAGE]


def _classes(place: Place) -> list[str]:
    plain = {InfoClass.PUBLIC, InfoClass.SHARED}
    return sorted(str(one) for one in classes_open_to(place.side, place.role) if one in plain)


def _tiles(readers: list[Place], counts: list[int]) -> list[ReportTile]:
    return [
        ReportTile(
            place.brand.id,
            place.brand.name,
            brand_url(place.brand.slug, "reports"),
            f"{OF_ONE}+" if count > OF_ONE else str(count),
        )
        for place, count in zip(readers, counts, strict=True)
        if count
    ]


def _row(place: Place, facts: list[Any]) -> HubReport:
    pk, state, kind, title, span, starts, ends, zone, at, by = facts
    brand = place.brand
    return HubReport(
        rank=_rank(state, at, pk),
        url="" if state == DUE else brand_url(brand.slug, "report", pk),
        title=title or word(KINDS, kind),
        brand=brand.name,
        brand_id=brand.id,
        state=badge(STATES, state),
        period=span_of(Period(PeriodKind(span), starts, ends, zone)) if span else "",
        by=by,
        at=when(at),
    )


def _rank(state: str, at: datetime, pk: UUID) -> tuple[int, float, UUID]:
    """What is due comes last and the soonest first; of all else the newest first."""
    place = OPEN.index(State(state)) if state in OPEN else len(OPEN)
    return place, at.timestamp() if state == DUE else -at.timestamp(), pk
