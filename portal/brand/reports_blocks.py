"""A document as a page shows it: the blocks that become paper, drawn by one template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.utils.translation import override

from portal.brand.figures_charts import shown_chart
from portal.brand.figures_glance import Glance, glance_of
from reports.facts.shapes import Facts
from reports.making.composing import section_word
from reports.rendering.blocks import (
    Block,
    Chart,
    Document,
    Heading,
    Linked,
    Note,
    Paragraph,
    Picture,
    Pictures,
    Points,
    Table,
    Tiles,
)
from reports.rendering.tables import numbers_of
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
class Part:
    """One section of a document, to be folded: what stands on it while it is closed, and its blocks."""

    code: str
    title: str
    glance: Glance
    blocks: list[Shown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document in its own language: what is told before its sections, these, and what is to be looked up after them."""

    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    lead: list[Shown]
    parts: list[Part]
    tail: list[Shown]


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """`url`: where its bytes are; `alternative` says what is on it, `caption` when it went out."""

    url: str
    alternative: str
    caption: str


def shown(
    document: Document, facts: Facts, names: Mapping[str, str], picture_at: Callable[[str], str]
) -> ShownDocument:
    """`facts`: those that the document was made of; `names`: what their channels and topics are called; `picture_at`: the
    address of a picture by its digest, for the reader of this page."""
    head, spoken = document.head, document.language
    page = ShownDocument(spoken, head.title, head.subtitle, head.facts, [], [], [])
    with override(spoken):
        glances = {section_word(one.code): (one.code, glance_of(one, names, spoken)) for one in facts.sections}
    into = page.lead
    for block in document.blocks:
        if isinstance(block, Heading) and block.quiet:
            into = page.tail
        elif isinstance(block, Heading) and block.text in glances:
            code, glance = glances[block.text]
            page.parts.append(Part(code, block.text, glance))
            into = page.parts[-1].blocks
            continue
        if (found := _block(block, spoken, picture_at)) is not None:
            into.append(found)
    return page


def _block(  # noqa: PLR0911  one for each kind of block
    block: Block, language: Language, picture_at: Callable[[str], str]
) -> Shown | None:
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
            return Shown("pictures", items=[_picture(one, picture_at) for one in block.pictures])
        case Note():
            return Shown("note", block.text, block.title, block.tone, block.by)
        case _:
            return None


def _picture(picture: Picture, picture_at: Callable[[str], str]) -> ShownPicture:
    """A stored picture is known by the digest of its bytes, which were compared when they were read."""
    return ShownPicture(picture_at(sha256(picture.content).hexdigest()), picture.alternative, picture.caption)


def _table(block: Table) -> ShownTable:
    rows = [
        [_cell(cell, numeric=column.numeric) for cell, column in zip(row, block.columns, strict=True)]
        for row in block.rows[:MOST_ROWS]
    ]
    heads = [(column.label, column.numeric) for column in block.columns]
    return ShownTable(block.caption, heads, rows, max(0, len(block.rows) - MOST_ROWS))


def _chart(block: Chart) -> ShownTable:
    (first, *heads), lines = numbers_of(block)
    rows = [[(label, False, ""), *((text, True, "") for text in texts)] for label, *texts in lines[:MOST_ROWS]]
    left = max(0, len(lines) - MOST_ROWS)
    return ShownTable(block.title, [(first, False), *((head, True) for head in heads)], rows, left)


def _cell(cell: str | Linked, *, numeric: bool) -> tuple[str, bool, str]:
    if isinstance(cell, Linked):
        return cell.text, numeric, cell.address if cell.address.startswith(SAFE) else ""
    return cell, numeric, ""
