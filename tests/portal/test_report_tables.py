"""No table of a report has a head without words, of a column or of a row: not on paper, not on a page, not in a file."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO

import pytest
from django.template.loader import render_to_string

from portal.brand.reports_blocks import shown
from reports.facts.shapes import Facts
from reports.kinds.composing import document_of
from reports.rendering.blocks import Chart, Document, Table
from reports.rendering.markup import markup_of
from reports.rendering.tables import attached
from reports.rendering.typography import Language
from tests.reports.kinds import examples

EMPTY = re.compile(r"<th[^>]*>\s*</th>|<tr>\s*<td[^>]*>\s*</td>")


def first() -> Facts:
    """The first week of a brand: nothing to compare with."""
    week = examples.weekly()
    sections = tuple(
        replace(one, figures=tuple(replace(figure, before=None) for figure in one.figures)) for one in week.sections
    )
    return replace(week, sections=sections)


def drawn(document: Document, facts: Facts) -> Iterator[str]:
    yield markup_of(document).html
    yield render_to_string("components/report_document.html", {"document": shown(document, facts, {}, str)})


def files(document: Document) -> Iterator[list[list[str]]]:
    """The table of each block as the file that it becomes when it is long."""
    for block in document.blocks:
        if isinstance(block, Table | Chart):
            text = attached(block, "table.csv", "").content.decode("utf-8-sig")
            yield list(csv.reader(StringIO(text)))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("make", [*examples.KINDS.values(), *examples.ODD.values(), first])
def test_every_head_has_words(make: Callable[[], Facts], language: Language) -> None:
    facts = make()
    document = document_of(facts, language, examples.dress())
    for page in drawn(document, facts):
        assert EMPTY.findall(page) == []
    for head, *rows in files(document):
        assert all(head) and all(row[0] for row in rows)


def test_acts_by_right_have_a_line_for_each_right() -> None:
    facts = examples.weekly()
    document = document_of(facts, "en", examples.dress())
    (chart,) = [one for one in document.blocks if isinstance(one, Chart) and one.title == "Acts by right"]
    assert chart.labels == ("",)  # parts of one whole, which has no name of its own
    paper, page = drawn(document, facts)
    for drawing in (paper, page):
        assert re.search(r'<th scope="row"[^>]*>standing approval</th>\s*<td[^>]*>12</td>', drawing)
        assert "standing approval: 12" in drawing
    (table,) = [one for one in files(document) if one[0][1] == "Acts by right"]
    assert table[0] == ["Part", "Acts by right"] and ["standing approval", "12"] in table
