"""The archive of reports: filters, what waits for the brand, two periods side by side."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language

from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.inbox_one import typed_id
from portal.brand.reports_rows import row_of, short_span, span_of, title_of
from portal.failures import failure_of
from portal.pages import brand_page, render
from portal.wording import word
from portal.wording.reports import KINDS, STATES
from reports.kinds.comparing import compared, remarks
from reports.making.access import access_edition, access_report, facts_of, reads_sections
from reports.making.composing import side_by_side
from reports.making.models import Report
from reports.making.queries import comparable, reports, reports_at_brand
from reports.making.rules import READY, ReportKind, ReportState
from tenants.errors import Conflict, Invalid

A_PAGE, MOST_TO_COMPARE = 30, 60
FILTERS = ("kind", "state", "year")


@brand_page
def list_page(request: HttpRequest) -> HttpResponse:
    """A page of the archive, the newest period first; the next one is asked for by the last of this."""
    actor = request.actor
    require(actor, Verb.REPORT_READ)
    filters = {name: value for name in FILTERS if (value := request.GET.get(name, ""))}
    after = request.GET.get("after", "")
    last = access_report(actor, typed_id(after, "after")) if after else None
    waiting = [] if filters else list(reports_at_brand(actor)[:A_PAGE])
    found = list(reports(actor, filters, last).exclude(pk__in=[one.pk for one in waiting])[: A_PAGE + 1])
    page, more = found[:A_PAGE], found[A_PAGE:]
    following = urlencode(filters | {"after": str(page[-1].pk)}) if more else ""
    context = {
        "rows": [row_of(one) for one in page],
        "waiting": [row_of(one) for one in waiting] if last is None else [],
        "next": f"{reverse('reports')}?{following}" if more else "",
        "kinds": [(str(k), word(KINDS, k), str(k) == filters.get("kind")) for k in ReportKind],
        "states": [(str(s), str(STATES[s][2]), str(s) == filters.get("state")) for s in ReportState],
        "year": filters.get("year", ""),
        "filtered": bool(filters),
        "may_draft": may(actor.role, Verb.REPORT_DRAFT),
        "may_rule": may(actor.role, Verb.REPORT_RULE),
    }
    return render(request, "brand/reports.html", context)


@brand_page
def compare(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One report beside another of its kind: every figure of either, by how much they differ, and what their listings share."""
    actor = request.actor
    report = access_report(actor, report_id)
    found = list(comparable(actor, report)[: MOST_TO_COMPARE + 1])
    others = _readable(actor, found[:MOST_TO_COMPARE])
    wanted = request.GET.get("with", "")
    other = _beside(report, others, wanted)
    if other is not None and wanted not in {"", str(other.pk)}:
        request.failure = failure_of(Invalid("unknown_report", "with"))
    context: dict[str, Any] = {
        "report": report,
        "title": title_of(report),
        "span": span_of(report.period),
        "others": [(str(one.pk), span_of(one.period), one == other) for one in others],
        "most": MOST_TO_COMPARE if len(found) > MOST_TO_COMPARE else 0,
        "heads": [short_span(one.period) for one in (report, other)] if other else [],
    }
    if other is not None and report.state in READY:
        context |= _compared(actor, report, other)
    return render(request, "brand/report_compare.html", context)


def _beside(report: Report, others: list[Report], wanted: str) -> Report | None:
    """The one that is asked for; else the last one that was over before this began, or whichever is the newest."""
    chosen = (one for one in others if str(one.pk) == wanted)
    earlier = (one for one in others if one.ends_on < report.starts_on)
    return next(chosen, None) or next(earlier, None) or next(iter(others), None)


def _compared(actor: Actor, report: Report, other: Report) -> dict[str, Any]:
    """Both as this person reads them. `altered`: words were taken out of one of them, so nothing of it can be shown."""
    editions = access_edition(actor, report), access_edition(actor, other)
    if editions[0] is None or editions[1] is None:
        return {}
    try:
        ours, theirs = facts_of(editions[0]), facts_of(editions[1])
    except Conflict:
        return {"altered": True}
    both = side_by_side(ours, theirs, "fr" if (get_language() or "").startswith("fr") else "en")
    return {"sections": compared(both), "remarks": remarks(both)}


def _readable(actor: Actor, reports: Iterable[Report]) -> list[Report]:
    """Those whose every section this role reads."""
    return [report for report in reports if reads_sections(actor, report.kind, report.sections)]
