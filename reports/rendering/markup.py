"""HTML of a document: plain values into templates that escape everything. The same for paper and for a page's preview.

Pictures stand as addresses that only `pictures` of the caller resolves ('picture:0'); there is no other address in it
but the links that the document itself has.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from django.template import Context, Engine, Template
from django.utils.safestring import mark_safe

from reports.rendering import charts
from reports.rendering.blocks import (
    Attachment,
    Block,
    Cell,
    Chart,
    Document,
    Heading,
    Linked,
    Picture,
    Pictures,
    Table,
    Tile,
    Tiles,
)
from reports.rendering.characters import REPLACED, printable
from reports.rendering.look import OF_TEXT, readable, tint
from reports.rendering.tables import SHOWN, attached, is_long, numbers_of

FOOTER = 92
"""Letters that fit one line at the foot of a page."""
_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_TURNED = re.compile(f"[{_RIGHT}](?:[^a-zA-Z0-9]*[{_RIGHT}])?")
LEADS = re.compile(r"(?:https?://|mailto:)[^\s\"<>\\]{1,1900}", re.IGNORECASE | re.ASCII)
SHEET = Path(__file__).parent / "templates" / "sheet.css"
"""What all documents look like; `own.css` says after it what is this one's own."""
NAME = re.compile(r"[^a-z0-9-]+")
ACROSS, SHORT = 8, 14
"""So many labels of so many letters stand side by side below their chart, one row for each strand."""
BESIDE, STRANDS = 10, 3
"""So many rows of so many strands stand beside their chart."""
TOGETHER = 6
"""Rows of a table that no page's end parts."""
NARROW = 24
"""Letters of a label that has room where four figures stand side by side."""
POINTS_SHOWN = 16
"""Labels of a chart whose numbers still stand below it; more are attached."""


@dataclass(frozen=True, slots=True)
class Markup:
    """The HTML, the pictures it names in order, and every file that goes with it."""

    html: str
    pictures: tuple[Picture, ...]
    attachments: tuple[Attachment, ...]


def markup_of(
    document: Document, address_of: Callable[[int], str] = "picture:{}".format, *, logo: bool = True
) -> Markup:
    """HTML of the whole. `address_of` says where the picture with a number is; the mark of the brand is 'picture:logo'."""
    page = _Page(document, address_of)
    shown = [page.shown(block) for block in document.blocks]
    files = (*document.attachments, *page.files)
    html = _template("document.html").render(Context(page.context(shown, files, logo=logo)))
    return Markup(html, tuple(page.pictures), files)


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(Path(__file__).parent / "templates")], autoescape=True, debug=False)


@cache
def _template(name: str) -> Template:
    return _engine().get_template(name)


class _Page:
    """One document on its way to HTML: what it gathers while block after block is shown."""

    def __init__(self, document: Document, address_of: Callable[[int], str]) -> None:
        self.document, self.address_of = document, address_of
        self.pictures: list[Picture] = []
        self.files: list[Attachment] = []
        self.parts: list[dict[str, str]] = []
        self.lost = 0

    def context(self, shown: Sequence[dict[str, Any]], files: Sequence[Attachment], *, logo: bool) -> dict[str, Any]:
        document, look, words = self.document, self.document.look, self.document.words
        page, _, pages = self.said(words.page).partition("{page}")
        between, _, after = pages.partition("{pages}")
        return {
            "language": document.language,
            "head": {
                "kind": self.said(document.head.kind),
                "title": self.said(document.head.title),
                "subtitle": self.said(document.head.subtitle),
                "subtitle_set": _set_apart(self.said(document.head.subtitle)),
                "facts": [(self.said(name), self.said(value)) for name, value in document.head.facts],
                "cover": document.head.cover,
            },
            "brand": self.said(look.name),
            "mark": self.said(look.alternative or look.name),
            "logo": self.address_of("logo") if logo and look.logo else "",  # type: ignore[arg-type]
            "author": self.said(document.author),
            "footer": _set_apart(_cut(self.said(document.footer))),
            "made": document.made_at.isoformat(timespec="seconds"),
            "page_words": (_css(page), _css(between), _css(after)),
            "blocks": shown,
            "parts": self.parts if document.contents else [],
            "contents": self.said(words.contents),
            "seal": self._seal(),
            "verify": self.said(words.verify),
            "attached": self.said(words.attached),
            "files": [{"name": self.said(one.name), "description": self.said(one.description)} for one in files],
            "not_printable": self.said(words.not_printable.replace("{number}", str(self.lost))) if self.lost else "",
            "css": _style(look.colour, look.second),
        }

    def said(self, text: str) -> str:
        """A text as it is printed; what could not be is counted."""
        shown = printable(text)
        self.lost += shown.count(REPLACED) - text.count(REPLACED) if REPLACED in shown else 0
        return shown

    def shown(self, block: Block) -> dict[str, Any]:
        """What the template of a block is given."""
        kind = type(block).__name__.lower()
        find = getattr(self, f"_{kind}", None)
        values = find(block) if find else {name: self.said(getattr(block, name)) for name in block.__dataclass_fields__}
        return {"template": f"blocks/{kind}.html", **values}

    def _heading(self, block: Heading) -> dict[str, Any]:
        text, anchor = self.said(block.text), f"part-{len(self.parts) + 1}"
        if block.level == 2:
            self.parts.append({"text": text, "anchor": anchor})
        return {"text": text, "level": block.level, "quiet": block.quiet, "anchor": anchor if block.level == 2 else ""}

    def _points(self, block: Any) -> dict[str, Any]:
        return {"items": [self._cell(item) for item in block.items]}

    def _tiles(self, block: Tiles) -> dict[str, Any]:
        return {
            "tiles": [self._tile(tile) for tile in block.tiles],
            "four": len(block.tiles) > 3 and all(len(tile.label) <= NARROW for tile in block.tiles),
        }

    def _tile(self, tile: Tile) -> dict[str, Any]:
        mood = "" if tile.good is None or tile.direction == "same" else "well" if tile.good else "ill"
        reached = None if tile.reached is None else round(min(1.0, max(0.0, tile.reached)) * 100)
        words = {name: self.said(getattr(tile, name)) for name in ("label", "value", "change", "goal")}
        return {**words, "direction": tile.direction, "mood": mood, "reached": reached}

    def _table(self, block: Table) -> dict[str, Any]:
        whole = sum(column.weight for column in block.columns) or 1
        columns = [
            {"label": self.said(column.label), "numeric": column.numeric, "width": f"{100 * column.weight / whole:.2f}"}
            for column in block.columns
        ]
        rows, beyond = block.rows, ""
        if is_long(block):
            name = self._file(block, block.name, block.caption)
            told = {"shown": str(SHOWN), "total": str(len(block.rows)), "name": name}
            beyond, rows = self.said(_filled(self.document.words.part_of, told)), block.rows[:SHOWN]
        numeric = [column.numeric for column in block.columns]
        cells = [[{**self._cell(cell), "numeric": n} for cell, n in zip(row, numeric, strict=True)] for row in rows]
        caption, short = self.said(block.caption), len(cells) <= TOGETHER
        return {"caption": caption, "columns": columns, "rows": cells, "beyond": beyond, "short": short}

    def _chart(self, block: Chart) -> dict[str, Any]:
        look, document = self.document.look, self.document
        beyond = self._beyond(block) if len(block.labels) > POINTS_SHOWN else ""
        heads, rows = self._numbers(block)
        beside = not beyond and len(rows) <= BESIDE and len(heads) <= STRANDS
        across = not beside and not beyond and len(rows) <= ACROSS and all(len(row["label"]) <= SHORT for row in rows)
        room = charts.BESIDE if beside else charts.WHOLE
        return {
            "title": self.said(block.title),
            "summary": self.said(block.summary),
            "svg": mark_safe(charts.drawn(block, look, document.language, room)),  # noqa: S308 - escaped there
            "strands": [
                {"name": self.said(strand.name), "colour": hue, "texts": [self.said(text) for text in strand.texts]}
                for strand, hue in zip(block.strands, charts.colours(block, look), strict=True)
            ],
            "beside": beside,
            "across": across,
            "heads": heads,
            "legend": len(block.strands) > 1,
            "rows": [] if beyond else rows,
            "beyond": beyond,
            "first": self.said(block.first),
            "words": self.said(document.words.data),
        }

    def _numbers(self, block: Chart) -> tuple[list[str], list[dict[str, Any]]]:
        """The heads of its table after the first, and its rows: each with its head and its texts."""
        heads, rows = numbers_of(block)
        found = [{"label": self.said(label), "texts": [self.said(one) for one in texts]} for label, *texts in rows]
        return [self.said(head) for head in heads[1:]], found

    def _beyond(self, block: Chart) -> str:
        """Attaches the numbers and says where."""
        told = {"total": str(len(block.labels)), "name": self._file(block, block.title, block.title)}
        return self.said(_filled(self.document.words.data_attached, told))

    def _pictures(self, block: Pictures) -> dict[str, Any]:
        found = []
        for picture in block.pictures:
            if picture.alternative.strip():
                found.append(
                    {
                        "address": self.address_of(len(self.pictures)),
                        "alternative": self.said(picture.alternative),
                        "caption": self.said(picture.caption),
                    }
                )
                self.pictures.append(picture)
        return {"pictures": found, "few": len(found) < 3}

    def _file(self, block: Table | Chart, name: str, description: str) -> str:
        """Attaches a table under a name of its own and says which."""
        plain = (NAME.sub("-", name.lower()).strip("-") or "table")[:60]
        taken = {one.name for one in (*self.document.attachments, *self.files)}
        free = next(one for one in _names(plain) if one not in taken)
        self.files.append(attached(block, free, printable(description)))
        return free

    def _cell(self, cell: Cell) -> dict[str, Any]:
        if isinstance(cell, Linked):
            leads = cell.address if LEADS.fullmatch(cell.address) else ""
            return {"text": self.said(cell.text) or leads, "address": leads}
        return {"text": self.said(cell), "address": ""}

    def _seal(self) -> dict[str, str] | None:
        seal = self.document.seal
        if seal is None:
            return None
        before, _, rest = self.document.words.verify_at.partition("{address}")
        told = {"code": seal.code, "key": seal.key}
        leads = seal.address if LEADS.fullmatch(seal.address) else ""
        return {
            "before": self.said(before),
            "address": self.said(seal.address),
            "leads": leads,
            "after": self.said(_filled(rest, told)),
        }


def _set_apart(text: str) -> Any:
    """Words that run from right to left as a piece of their own: what stands behind them keeps its place."""
    return mark_safe(_TURNED.sub("<bdi>\\g<0></bdi>", escape(text)))  # noqa: S308 - escaped before


def _cut(footer: str) -> str:
    """One line: a long name in front gives way, what kind of paper it is and of when stays."""
    name, dot, rest = footer.partition(" · ")
    room = max(20, FOOTER - len(rest))
    short = name if len(name) <= room else name[: room - 1].rstrip() + "\u2026"
    return (short + dot + rest)[:FOOTER]


def _names(plain: str) -> Iterator[str]:
    yield f"{plain}.csv"
    yield from (f"{plain}-{number}.csv" for number in range(2, 1000))


def _filled(words: str, told: dict[str, str]) -> str:
    for name, value in told.items():
        words = words.replace("{" + name + "}", value)
    return words


def _css(text: str) -> Any:
    """A text inside a CSS string. Only letters, digits and plain marks pass."""
    return mark_safe("".join(one for one in text if one.isalnum() or one in " \u00a0\u202f.,/·-"))  # noqa: S308 - reduced above


def _style(colour: str, second: str) -> dict[str, str]:
    """The colours of the sheet, from the brand's, each dark enough."""
    main = readable(colour, OF_TEXT)
    return {"main": main, "wash": tint(main, 0.07), "line": tint(main, 0.28), "second": readable(second, OF_TEXT)}
