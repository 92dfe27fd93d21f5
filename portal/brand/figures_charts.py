"""Figures drawn: as on paper, by the same hand. Each drawing says its numbers itself, and the table below it has them all."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.brand.figures_rows import language
from reports.facts.shapes import Facts, Figure, Section, Unit
from reports.kinds.charting import bars, drawn_value, shares, trend
from reports.kinds.sections import BARRED, PARTED
from reports.kinds.values import value_text
from reports.kinds.words import FIGURES, word
from reports.rendering.blocks import Chart, Strand
from reports.rendering.charts import colours, drawn
from reports.rendering.look import Look
from reports.rendering.typography import Language

MOST_SIDE_BY_SIDE = 7


def charts_by_section(facts: Facts, names: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """What is drawn in each section, in order."""
    return {
        section.code: [shown_chart(one, language()) for one in _charts(section, names)] for section in facts.sections
    }


def _charts(section: Section, names: Mapping[str, str]) -> Iterator[Chart]:
    whole = _side_by_side(section)
    apart = (one for one in section.figures if len(one.dimensions) == 1)
    found = [_apart(list(group), names) for _code, group in groupby(apart, key=lambda one: one.code)]
    found += [trend(one, names, language()) for one in section.series]
    yield from (one for one in (whole, *found) if one is not None)


def _apart(figures: list[Figure], names: Mapping[str, str]) -> Chart | None:
    """As on paper: parts of a whole, or bars beside those of the period before; None where a table says it better."""
    code = figures[0].code
    if code in PARTED:
        return shares(figures, names, language())
    return bars(figures, names, language()) if code in BARRED else None


def _side_by_side(section: Section) -> Chart | None:
    """The counts of the whole: this period, the one before, and the goals where there is one."""
    found = [one for one in section.figures if not one.dimensions and one.unit is Unit.COUNT and one.value is not None]
    if not 2 <= len(found) <= MOST_SIDE_BY_SIDE or not any(one.value or one.before for one in found):
        return None
    largest = max(found, key=lambda one: (one.value or 0, one.code))
    told = {"name": word(FIGURES, largest.code), "value": value_text(largest.value, largest.unit, language())}
    strands = [_strand(pgettext("report", "This period"), found, [one.value for one in found])]
    if any(one.before is not None for one in found):
        strands.append(_strand(pgettext("report", "Before"), found, [one.before for one in found]))
    if any(one.goal is not None for one in found):
        strands.append(_strand(pgettext("report", "Goal"), found, [one.goal for one in found]))
    labels = tuple(word(FIGURES, one.code) for one in found)
    summary = _("Most: %(name)s, %(value)s.") % told
    return Chart("bars", _("Side by side"), summary, labels, tuple(strands))


def _strand(name: str, figures: list[Figure], values: list[int | None]) -> Strand:
    unit = figures[0].unit
    drawn_values = tuple(None if value is None else drawn_value(value, unit) for value in values)
    return Strand(name, drawn_values, tuple(value_text(value, unit, language()) for value in values))


def shown_chart(chart: Chart, spoken: Language) -> dict[str, Any]:
    """A drawing with its words; numbers as `spoken` writes them."""
    look = Look()
    swatch = (
        '<svg class="chart-swatch" viewBox="0 0 1 1" aria-hidden="true"><rect width="1" height="1" fill="{}"/></svg>'
    )
    hues = zip(chart.strands, colours(chart, look), strict=True) if len(chart.strands) > 1 else ()
    return {
        "title": chart.title,
        "summary": chart.summary,
        "key": [(strand.name, format_html(swatch, colour)) for strand, colour in hues],
        "svg": mark_safe(drawn(chart, look, spoken)),  # noqa: S308  # every text is escaped where it is drawn
    }
