"""A section of facts as blocks: what stands alone as tiles, what is told apart as charts and tables, then trends and
listings.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.facts.shapes import Figure, Section
from reports.kinds import listing
from reports.kinds.charting import bars, label_of, shares, trend
from reports.kinds.reading import Reading
from reports.kinds.values import NOTHING, change_text, goal_text, tile_of, told, value_text
from reports.kinds.words import DIMENSIONS, FIGURES, SECTIONS, value_word, word
from reports.rendering.blocks import Block, Chart, Column, Heading, Paragraph, Table, Tiles
from reports.rendering.typography import Language, set_text

PARTED = frozenset({"channels.share", "acts.basis"})
BARRED = frozenset({"mentions.kind", "acts.level", "acts.done", "mentions.found", "acts.at_once"})
LISTED = frozenset({"mentions.topic"})
"""What a listing of the same section already tells."""


def section_blocks(section: Section, reading: Reading) -> Iterator[Block]:
    """The blocks of a section that has anything, its heading first."""
    yield Heading(word(SECTIONS, section.code))
    if section.is_closed:
        yield Paragraph(_("All there is to tell here is kept more strictly than this report."), "small")
        return
    if section.code == "fairness":
        yield from _fairness(section, reading)
    elif section.code == "goals":
        yield from _goals(section, reading)
    else:
        yield from _figures(section, reading)
    for series in section.series:
        if (drawn := trend(series, reading.names, reading.language)) is not None:
            yield drawn
    for one in section.listings:
        yield from listing.shown(section.code, one, reading)


def empty_ones(sections: Sequence[Section], language: Language) -> Iterator[Block]:
    """One line for all sections without content: what is silent is missed, what is empty wants no room. No goal is no content."""
    if names := [word(SECTIONS, one.code) for one in sections if one.is_empty and one.code != "goals"]:
        told = _("Nothing in this period: %(sections)s.") % {"sections": ", ".join(names)}
        yield Paragraph(set_text(told, language), "small")


def _figures(section: Section, reading: Reading) -> Iterator[Block]:
    alone = [one for one in section.figures if not one.dimensions]
    if alone:
        yield Tiles(tuple(tile_of(one, word(FIGURES, one.code), reading.language) for one in alone))
    apart = [one for one in section.figures if one.dimensions]
    clocks = [one for one in apart if tuple(name for name, _ in one.dimensions) == ("clock",)]
    if clocks:
        yield _clocks(clocks, reading)
    for code, group in groupby((one for one in apart if one not in clocks), key=lambda one: one.code):
        if code not in LISTED or not any(one.code == "topics" for one in section.listings):
            yield from _apart(list(group), reading)


def _apart(figures: Sequence[Figure], reading: Reading) -> Iterator[Block]:
    """One figure told apart: a chart where few parts make it readable, a table where it needs both or many."""
    code, single = figures[0].code, len(figures[0].dimensions) == 1
    found: Chart | None = None
    if single and code in PARTED:
        found = shares(figures, reading.names, reading.language)
    elif single and code in BARRED:
        found = bars(figures, reading.names, reading.language)
    yield found if found is not None else _table(figures, reading)


def _table(figures: Sequence[Figure], reading: Reading) -> Table:
    language, first = reading.language, figures[0]
    told_apart = tuple(Column(word(DIMENSIONS, name), weight=3) for name, _ in first.dimensions)
    compared = any(one.before is not None for one in figures)
    numbers: tuple[Column, ...] = (Column(pgettext("report", "This period"), True),)
    if compared:
        numbers = (*numbers, Column(pgettext("report", "Before"), True))
    rows = []
    for one in figures:
        cells = [value_word(name, value, reading.names) for name, value in one.dimensions]
        cells.append(value_text(one.value, one.unit, language))
        if compared:
            cells.append(value_text(one.before, one.unit, language))
        rows.append(tuple(cells))
    return Table(first.code, word(FIGURES, first.code), (*told_apart, *numbers), tuple(rows))


def _clocks(figures: Sequence[Figure], reading: Reading) -> Table:
    """Both clocks side by side, each with what changed."""
    kinds = tuple(dict.fromkeys(dict(one.dimensions)["clock"] for one in figures))
    codes = tuple(dict.fromkeys(one.code for one in figures))
    found = {(one.code, dict(one.dimensions)["clock"]): one for one in figures}
    compared = any(one.change is not None for one in figures)
    columns: tuple[Column, ...] = (Column(word(DIMENSIONS, "clock"), weight=3),)
    for kind in kinds:
        columns = (*columns, Column(value_word("clock", kind, reading.names), True))
        if compared:
            columns = (*columns, Column(pgettext("report", "Change"), True, 3))
    rows = []
    for code in codes:
        cells = [word(FIGURES, code)]
        for kind in kinds:
            one = found.get((code, kind))
            cells.append(_value(one, reading))
            if compared:
                cells.append((change_text(one, reading.language) if one else "") or NOTHING)
        rows.append(tuple(cells))
    return Table("clocks", _("Both clocks, in the brand’s working time"), columns, tuple(rows))


def _fairness(section: Section, reading: Reading) -> Iterator[Block]:
    """For each way of telling members apart a table: one line for each part and clock, the same figures across."""
    part_of = {one: next(name for name, _ in one.dimensions if name != "clock") for one in section.figures}
    for part in dict.fromkeys(part_of.values()):
        mine = [one for one in section.figures if part_of[one] == part]
        codes = tuple(dict.fromkeys(one.code for one in mine))
        lines = tuple(dict.fromkeys(one.dimensions for one in mine))
        found = {(one.code, one.dimensions): one for one in mine}
        rows = tuple(
            (
                *(value_word(name, dict(line)[name], reading.names) for name in (part, "clock")),
                *(_value(found.get((code, line)), reading) for code in codes),
            )
            for line in lines
        )
        heads = tuple(Column(word(FIGURES, f"clocks.{code.rpartition('.')[2]}"), True) for code in codes)
        columns = (Column(word(DIMENSIONS, part), weight=3), Column(word(DIMENSIONS, "clock")), *heads)
        yield Table(f"fairness-{part}", word(DIMENSIONS, part), columns, rows)


def _goals(section: Section, reading: Reading) -> Iterator[Block]:
    rows = []
    for one in section.figures:
        words, goal = told(one, reading.language), goal_text(one, reading.language)
        rows.append((label_of(one.code, one.dimensions, reading.names), words.value, goal, words.reached or NOTHING))
    columns = (
        Column(_("Figure"), weight=5),
        Column(pgettext("report", "This period"), True),
        Column(pgettext("report", "Goal"), weight=3),
        Column(pgettext("report", "Reached"), weight=3),
    )
    yield Table("goals", word(SECTIONS, "goals"), columns, tuple(rows))


def _value(figure: Figure | None, reading: Reading) -> str:
    return NOTHING if figure is None else value_text(figure.value, figure.unit, reading.language)
