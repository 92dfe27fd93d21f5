"""Reports over all of a person's brands: which are due, made, proposed, held, released, and which could not be made.

Of what is due one learns the kind and the day.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from clients.people.rules import Verb
from portal.brand.reports_rows import span_of
from portal.hub.asking import Facts, ask, enter_brands, readers_of
from portal.links import brand_url
from portal.pages import hub_page, render
from portal.times import when
from portal.wording import Badge, badge, word
from portal.wording.reports import HUB_BOXES, KINDS, STATES
from reports.facts.periods import Period, PeriodKind
from reports.making.rules import ReportState as State
from tenants.pointers import Place

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

_LISTED = """
    SELECT * FROM ((SELECT id, state, kind, title, period_kind, starts_on, ends_on, zone,
    coalesce(release_at, state_since), asked_name
    FROM reports_report WHERE info_class = ANY(%(classes)s) AND state = ANY(%(states)s)
    ORDER BY ends_on DESC, id DESC LIMIT %(most)s)
    UNION ALL
    (SELECT id, %(due)s, kind, '', '', NULL, NULL, '', next_at, ''
    FROM reports_reportrule WHERE next_at IS NOT NULL AND %(due)s = ANY(%(states)s)
    ORDER BY next_at LIMIT %(most)s)) listed LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class HubReport:
    """One report of one brand, or one that is due there (without an address of its own)."""

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
    asked = request.GET.get("box", "")
    box = Box(asked) if asked in set(Box) else Box.OPEN
    readers = readers_of(request, Verb.REPORT_READ)
    answers = ask(_LISTED, readers, states=[str(state) for state in HOLDS[box]], due=DUE)
    rows = [_row(place, facts) for place, facts in answers.first(_rank)]
    enter_brands(request, readers, (row.brand_id for row in rows))
    boxes = [(f"{reverse('hub_reports')}?box={one}", word(HUB_BOXES, one), one is box) for one in Box]
    return render(request, "hub/reports.html", {"boxes": boxes, "tiles": answers.tiles("reports"), "rows": rows})


def _rank(facts: Facts) -> tuple[int, float, int]:
    """What is due comes last and the soonest first; of all else the newest first."""
    pk, state, *_, at, _by = facts
    urgency = -OPEN.index(State(state)) if state in OPEN else -len(OPEN)
    return urgency, -at.timestamp() if state == DUE else at.timestamp(), -pk.int


def _row(place: Place, facts: Facts) -> HubReport:
    pk, state, kind, title, span, starts, ends, zone, at, by = facts
    return HubReport(
        url="" if state == DUE else brand_url(place.brand.slug, "report", pk),
        title=title or word(KINDS, kind),
        brand=place.brand.name,
        brand_id=place.brand.id,
        state=badge(STATES, state),
        period=span_of(Period(PeriodKind(span), starts, ends, zone)) if span else "",
        by=by,
        at=when(at),
    )
