"""A document as a page shows it: the blocks that become paper, drawn by one template; and two sets of figures side by side."""

from dataclasses import dataclass, field
from typing import Any

from portal.brand.figures_charts import shown_chart
from reports.facts.shapes import Facts, Figure
from reports.making.composing import figure_words, names_for, section_word
from reports.rendering.blocks import (
    Block,
    Chart,
    Document,
    Heading,
    Linked,
    Note,
    Paragraph,
    Pictures,
    Points,
    Table,
    Tiles,
)
from reports.rendering.typography import Language

MOST_ROWS = 200
"""Rows of a table on a page; the file has them all."""
SAFE = ("https://", "http://", "mailto:")


@dataclass(frozen=True, slots=True)
class ShownTable:
    """`heads` and cells as (text, numeric, address). `left`: rows that only the file has."""

    caption: str
    heads: list[tuple[str, bool]]
    rows: list[list[tuple[str, bool, str]]]
    left: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One block: what it is, and what its part of the template needs."""

    form: str
    text: str = ""
    title: str = ""
    kind: str = ""
    by: str = ""
    items: list[Any] = field(default_factory=list)
    table: ShownTable | None = None
    drawing: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document in its own language."""

    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    blocks: list[Shown]


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure of two periods; `change` is '' where one of them has none."""

    label: str
    ours: str
    theirs: str
    change: str


def shown(document: Document) -> ShownDocument:
    head = document.head
    blocks = [found for block in document.blocks if (found := _block(block, document.language)) is not None]
    return ShownDocument(document.language, head.title, head.subtitle, head.facts, blocks)


def figures_of(ours: Facts, theirs: Facts, language: str) -> list[tuple[str, list[Compared]]]:
    """Section by section every figure of the first beside the same of the second. Inside the brand's scope."""
    known = {(section.code, figure.key): figure for section, figure in theirs.figures()}
    names = names_for(ours)
    found: list[tuple[str, list[Compared]]] = []
    for section in ours.sections:
        lines = [_compared(one, known.get((section.code, one.key)), names, language) for one in section.figures]
        if lines:
            found.append((section_word(section.code), lines))
    return found


def _compared(figure: Figure, other: Figure | None, names: dict[str, str], language: str) -> Compared:
    words = figure_words(figure, names, language)
    there = other.value if other else None
    known = figure.value is not None and there is not None
    change = (figure.value or 0) - (there or 0)
    beside = figure_words(other, names, language).value if other else "\u2013"
    return Compared(words.label, words.value, beside, words.number(change) if known else "")


def _block(block: Block, language: Language) -> Shown | None:  # noqa: PLR0911  one for each kind of block
    match block:
        case Heading():
            return Shown("heading", block.text, kind=str(block.level))
        case Paragraph():
            return Shown("paragraph", block.text, kind=block.kind)
        case Points():
            return Shown("points", items=[_cell(one, numeric=False) for one in block.items])
        case Tiles():
            return Shown("tiles", items=list(block.tiles))
        case Table():
            return Shown("table", table=_table(block))
        case Chart():
            return Shown("chart", table=_chart(block), drawing=shown_chart(block, language))
        case Pictures():
            return Shown("pictures", items=[(one.alternative, one.caption) for one in block.pictures])
        case Note():
            return Shown("note", block.text, block.title, block.tone, block.by)
        case _:
            return None


def _table(block: Table) -> ShownTable:
    rows = [
        [_cell(cell, numeric=column.numeric) for cell, column in zip(row, block.columns, strict=True)]
        for row in block.rows[:MOST_ROWS]
    ]
    heads = [(column.label, column.numeric) for column in block.columns]
    return ShownTable(block.caption, heads, rows, max(0, len(block.rows) - MOST_ROWS))


def _chart(block: Chart) -> ShownTable:
    heads = [(block.first, False), *((strand.name, True) for strand in block.strands)]
    rows = [
        [(label, False, ""), *((strand.texts[at], True, "") for strand in block.strands)]
        for at, label in enumerate(block.labels[:MOST_ROWS])
    ]
    return ShownTable(block.title, heads, rows, max(0, len(block.labels) - MOST_ROWS))


def _cell(cell: str | Linked, *, numeric: bool) -> tuple[str, bool, str]:
    if isinstance(cell, Linked):
        return cell.text, numeric, cell.address if cell.address.startswith(SAFE) else ""
    return cell, numeric, ""
