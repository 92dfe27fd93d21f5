"""The figures of a report, each opened down to its rows: what was frozen, beside what there is to count of it now."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from clients.disclosure.rules import InfoClass
from clients.disclosure.steps import Reading, note_reads
from portal.brand.figures_rows import figure_lines, row_context
from portal.brand.reports_rows import span_of, title_of
from portal.pages import brand_page, render
from portal.wording import word
from reports.facts.opening import rows_of
from reports.facts.shapes import Facts
from reports.facts.sight import Sight
from reports.kinds.words import SECTIONS
from reports.making.access import access_edition, access_report, facts_of
from reports.making.composing import names_for
from reports.making.models import Report
from tenants.errors import Missing


def sections_to_open(report: Report, facts: Facts) -> list[dict[str, Any]]:
    """Section by section the lines of its figures, each with the address of its rows. Inside the brand's scope."""
    names, address = names_for(facts), reverse("report_rows", args=[report.pk])

    def rows_at(key: str) -> str:
        return f"{address}?{urlencode({'figure': key})}"

    return [
        {"title": word(SECTIONS, section.code), "lines": figure_lines(section, names, rows_at)}
        for section in facts.sections
        if section.figures and section.says_something
    ]


@brand_page
def rows(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """One figure of what this person reads of a report, down to the rows that they may see now. Missing('figure')."""
    actor, key = request.actor, request.GET.get("figure", "")
    report = access_report(actor, report_id)
    edition = access_edition(actor, report)
    facts = facts_of(edition) if edition else None
    figure = next((one for _section, one in facts.figures() if one.key == key), None) if facts else None
    if facts is None or figure is None:
        raise Missing("figure")
    opened = rows_of(key, Sight(InfoClass.BRAND, actor), facts.period)
    note_reads(actor, [Reading(one.kind, one.id, "1", one.info_class) for one in opened.rows])
    context = row_context(opened) | {
        "span": span_of(facts.period),
        "frozen": figure.rows if figure.rows != opened.seen else None,
        "back": f"{reverse('report', args=[report.pk])}#figures-title",
        "of": title_of(report),
    }
    return render(request, "brand/figures_rows.html", context)
