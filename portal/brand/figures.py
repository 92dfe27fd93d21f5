"""Figures of a period: beside the period before and the goal, down to their rows, and as a table to take home."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from clients.disclosure.rules import InfoClass, Way
from clients.disclosure.steps import Matter, Reading, Recipient, disclose, note_reads
from clients.items.tables import table_pieces
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.figures_charts import charts_by_section
from portal.brand.figures_glance import glance_of
from portal.brand.figures_rows import (
    began_on,
    figure_lines,
    language,
    listing_tables,
    row_context,
    series_tables,
)
from portal.brand.reports_rows import span_of
from portal.pages import brand_page, render
from portal.wording import word
from reports.facts.canonical import COLUMNS, figure_rows
from reports.facts.opening import rows_of
from reports.facts.periods import Period, PeriodKind, period_named, period_of, today
from reports.facts.shapes import Facts
from reports.facts.sight import Sight
from reports.facts.whole import facts_of
from reports.kinds.summary import so_far
from reports.kinds.words import SECTIONS
from reports.making.access import note_facts
from reports.making.composing import names_for
from tenants.errors import Invalid

VIEWS: Mapping[str, tuple[str, PeriodKind, Any]] = {
    "week": ("weekly", PeriodKind.WEEK, pgettext_lazy("figures", "Week")),
    "month": ("monthly", PeriodKind.MONTH, pgettext_lazy("figures", "Month")),
    "quarter": ("monthly", PeriodKind.QUARTER, pgettext_lazy("figures", "Quarter")),
    "audit": ("audit", PeriodKind.QUARTER, pgettext_lazy("figures", "Audit")),
}
KEPT = frozenset({"audit"})
"""Views for those alone who read the log."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    view: str
    period: Period

    @property
    def kind(self) -> str:
        return VIEWS[self.view][0]

    def query(self, **more: str) -> str:
        return urlencode({"view": self.view, "period": self.period.code, **more})

    def rows_at(self, key: str) -> str:
        """Where a figure is opened."""
        return f"{reverse('figures_rows')}?{self.query(figure=key)}"


@brand_page
def figures(request: HttpRequest) -> HttpResponse:
    """The last whole week, or the period and view that are asked for."""
    asked = _asked(request)
    facts = _facts(request.actor, asked)
    note_facts(request.actor, facts)
    names = names_for(facts)
    return render(request, "brand/figures.html", _context(request.actor, asked, facts, names))


@brand_page
def rows(request: HttpRequest) -> HttpResponse:
    """One figure down to the rows that the reader may see, and how many more there are."""
    asked, actor = _asked(request), request.actor
    opened = rows_of(request.GET.get("figure", ""), _sight(actor), asked.period.told_at(timezone.now()))
    note_reads(actor, [Reading(one.kind, one.id, "1", one.info_class) for one in opened.rows])
    context = row_context(opened) | {"span": span_of(asked.period), "back": f"{reverse('figures')}?{asked.query()}"}
    return render(request, "brand/figures_rows.html", context)


@brand_page
def export(request: HttpRequest) -> HttpResponse:
    """The figures as a table. That it was taken home stands in the ledger before it is."""
    asked = _asked(request)
    facts = _facts(request.actor, asked)
    lines = (["" if cell is None else str(cell) for cell in row] for row in figure_rows(facts))
    table = b"".join(table_pieces(COLUMNS, lines))
    count = sum(1 for _ in facts.figures())
    what = Matter("reports.facts", (), facts.info_class, sha256(table).hexdigest(), count)
    disclose(request.actor, way=Way.CSV, to=Recipient.person(request.actor), what=what, why="downloaded")
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    name = f"{request.brand.slug}-figures-{asked.view}-{asked.period.start}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _asked(request: HttpRequest) -> Asked:
    """Raises Refused('not_allowed'), Invalid for a period that is none."""
    require(request.actor, Verb.REPORT_READ)
    view = request.GET.get("view", "week")
    if view not in VIEWS:
        raise Invalid("unknown_view", "view")
    zone, code = request.brand.time_zone, request.GET.get("period", "")
    if code:
        return Asked(view, period_named(code, zone))
    return Asked(view, period_of(VIEWS[view][1], today(timezone.now(), zone), zone).before)


def _sight(actor: Actor) -> Sight:
    return Sight(InfoClass.BRAND, actor)


def _facts(actor: Actor, asked: Asked) -> Facts:
    return facts_of(actor.brand, _sight(actor), asked.kind, asked.period, now=timezone.now())


def _context(actor: Actor, asked: Asked, facts: Facts, names: Mapping[str, str]) -> dict[str, Any]:
    period = asked.period
    near = {name: Asked(asked.view, one) for name, one in (("earlier", period.before), ("later", period.after))}
    views = [one for one in VIEWS if one not in KEPT or may(actor.role, Verb.AUDIT_READ)]
    return {
        "span": span_of(period),
        "before": "" if facts.is_first else span_of(period.before),
        "began": began_on(facts),
        "views": [(one, str(VIEWS[one][2]), one == asked.view) for one in views],
        "earlier": near["earlier"].query(),
        "later": near["later"].query(),
        "query": asked.query(),
        "withheld": facts.withheld,
        "checkpoint": facts.checkpoint,
        "nothing": "" if any(one.says_something for one in facts.sections) else _nothing(facts),
        "running": so_far(facts, language()),
        "sections": _sections(asked, facts, names),
    }


def _sections(asked: Asked, facts: Facts, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each section that has anything to show: what its fold says, and what is under it."""
    charts = charts_by_section(facts, names)
    lines = {section.code: figure_lines(section, names, asked.rows_at) for section in facts.sections}
    return [
        {
            "code": section.code,
            "title": word(SECTIONS, section.code),
            "glance": glance_of(section, names, language()),
            "lines": [one for one in lines[section.code] if not one["folded"]],
            "folded": [one for one in lines[section.code] if one["folded"]],
            "charts": charts[section.code],
            "series": series_tables(section, names),
            "tables": listing_tables(section, facts, names),
        }
        for section in facts.sections
        if section.figures or section.series or section.listings
    ]


def _nothing(facts: Facts) -> str:
    """Why there is no figure above nought."""
    if not facts.period.has_begun(facts.made_at):
        return _("This period has not begun: there is nothing to count yet.")
    if facts.brand.began is not None and facts.period.until <= facts.brand.began:
        told = {"brand": facts.brand.name, "day": began_on(facts)}
        return _("There is nothing to count: %(brand)s came here on %(day)s, after this period.") % told
    if facts.withheld:
        return _("Of this period there is nothing that you may read.")
    return _("Nothing to count in this period: no act went out, nobody wrote, nothing was found.")
