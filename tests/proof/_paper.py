"""A PDF as it is read: the structure tree with the words that stand on the pages, out of the drawing itself.

Nothing of the making is used, and none of the attached files: fonts say which letters their signs are, marked content says which
words belong to which element, the tree says what the element is.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pikepdf

Marked = dict[tuple[Any, int], str]
"""Words by page (its object) and number of the marked content."""


@dataclass
class Element:
    """One element of the tree: 'H2', 'Table', 'TD' ... with its own words and what is in it, in order."""

    tag: str
    parts: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All words in it, with single spaces; those that hold numbers together stay."""
        return " ".join(re.sub(r"[ \n]+", " ", "".join(self._words())).split(" ")).strip()

    @property
    def children(self) -> list["Element"]:
        return [one for one in self.parts if isinstance(one, Element)]

    def all(self, *tags: str) -> Iterator["Element"]:
        """Every element with one of these tags, in reading order."""
        for one in self.children:
            if one.tag in tags:
                yield one
            yield from one.all(*tags)

    def _words(self) -> Iterator[str]:
        for one in self.parts:
            if isinstance(one, str):
                yield one
            else:
                yield from one._words()


def tree_of(content: bytes) -> Element:
    """The document's tree."""
    with pikepdf.open(BytesIO(content)) as pdf:
        words: Marked = {}
        for page in pdf.pages:
            words |= {(page.objgen, mark): text for mark, text in _page(page).items()}
        root = Element("root")
        _grow(root, pdf.Root.StructTreeRoot.K, None, words)
        return root


def _grow(parent: Element, kids: Any, page: Any, words: Marked) -> None:
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            parent.parts.append(words.get((page, kid), ""))
        elif kid.get("/Type") == "/MCR":
            parent.parts.append(words.get((kid.Pg.objgen if "/Pg" in kid else page, int(kid.MCID)), ""))
        elif "/S" in kid:
            element = Element(str(kid.S)[1:])
            parent.parts.append(element)
            here = kid.Pg.objgen if "/Pg" in kid else page
            if "/K" in kid:
                _grow(element, kid.K, here, words)


def _page(page: Any) -> dict[int, str]:
    """The words of a page by the number of their marked content."""
    found: defaultdict[int, str] = defaultdict(str)
    _contents(page, page.Resources, found)
    return found


def _contents(stream: Any, resources: Any, found: "defaultdict[int, str]") -> None:
    fonts = {name: _letters(font) for name, font in dict(resources.get("/Font", {})).items()}
    marks: list[int | None] = []
    letters: dict[int, str] = {}
    for one in pikepdf.parse_content_stream(stream):
        operands: Any = one.operands
        match str(one.operator):
            case "BDC":
                marks.append(int(operands[1].MCID) if "/MCID" in operands[1] else None)
            case "BMC":
                marks.append(None)
            case "EMC":
                marks.pop()
            case "Tf":
                letters = fonts[str(operands[0])]
            case "Tj" | "TJ":
                mark = next((one for one in reversed(marks) if one is not None), None)
                if mark is not None:
                    found[mark] += _said(operands[0], letters)
            case "Do":
                shape = resources.XObject[str(operands[0])]
                if shape.Subtype == "/Form" and "/Resources" in shape:
                    _contents(shape, shape.Resources, found)


def _said(operand: Any, letters: dict[int, str]) -> str:
    pieces = operand if isinstance(operand, pikepdf.Array) else [operand]
    raw = b"".join(bytes(one) for one in pieces if isinstance(one, pikepdf.String))
    return "".join(letters.get(int.from_bytes(raw[at : at + 2]), "\ufffd") for at in range(0, len(raw), 2))


def _letters(font: Any) -> dict[int, str]:
    """What each sign of a font stands for, by its own table (ToUnicode)."""
    table = font.ToUnicode.read_bytes().decode("latin-1") if "/ToUnicode" in font else ""
    found: dict[int, str] = {}
    for body in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for sign, letter in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", body):
            found[int(sign, 16)] = bytes.fromhex(letter).decode("utf-16-be")
    for body in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, letter in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", body):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + step] = chr(int(letter, 16) + step)
    return found
