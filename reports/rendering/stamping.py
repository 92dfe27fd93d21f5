"""A reader's copy of a finished file: whose it is, across every page, as an artifact; and the place for the seal, in
the tree of tags.

The words are drawn as outlines of a shipped font: no font is added to the file, nothing is laid out again. Same file
and same words, same bytes. A seal is an invisible field: it stands in the structure tree, so that both standards hold
after signing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import cos, radians, sin
from typing import Any

import pikepdf
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, String

from reports.rendering.characters import FOLDER, TEXT_FONT, printable

FIELD = "Seal"
SLANT = 34.0
LARGEST, SMALL = 46.0, 6.6
FOOT = (59.5, 21.0)
"""Where the small line begins: points from the left and the lower edge."""
PALE = "0.2 0.22 0.25"
OPACITY = 0.085
PRINTED = 4
LOCKED = 128


@dataclass(frozen=True, slots=True)
class Watermark:
    """`across` is set large over every page (an address), `line` small at its foot (for whom, when, by which link)."""

    across: str
    line: str


def copy_for(base: bytes, watermark: Watermark | None, *, seal: str = "") -> bytes:
    """The file with a field to be signed, named to screen readers as `seal`, if there is to be one; with the watermark on
    every page if there is one."""
    with pikepdf.open(BytesIO(base)) as pdf:
        if watermark is not None:
            _stamp(pdf, watermark)
        if seal:
            _prepare(pdf, seal)
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _stamp(pdf: pikepdf.Pdf, watermark: Watermark) -> None:
    forms: dict[tuple[float, float], Any] = {}
    for page in pdf.pages:
        size = float(page.mediabox[2]), float(page.mediabox[3])
        if size not in forms:
            forms[size] = _form(pdf, watermark, *size)
        resources = page.obj.Resources
        if "/XObject" not in resources:
            resources.XObject = Dictionary()
        resources.XObject["/Reader"] = forms[size]
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"Q\n/Artifact <</Type/Pagination/Subtype/Watermark>> BDC q /Reader Do Q EMC\n")


def _form(pdf: pikepdf.Pdf, watermark: Watermark, width: float, height: float) -> Any:
    """One drawing for all pages of a size."""
    across, line = printable(watermark.across)[:120], printable(watermark.line)[:200]
    size = min(LARGEST, 0.82 * (width**2 + height**2) ** 0.5 / max(1.0, _length(across)))
    turn = radians(SLANT)
    begin = -_length(across) * size / 2
    matrix = f"{cos(turn):.5f} {sin(turn):.5f} {-sin(turn):.5f} {cos(turn):.5f} {width / 2:.2f} {height / 2:.2f} cm"
    content = (
        f"{PALE} rg q /Pale gs {matrix} {_outlines(across, begin, 0, size)} Q "
        f"q 0.35 0.38 0.43 rg {_outlines(line, *FOOT, SMALL)} Q"
    )
    pale = Dictionary(Type=Name.ExtGState, ca=OPACITY, CA=OPACITY)
    return pdf.make_stream(
        content.encode("ascii"),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, width, height]),
        Resources=Dictionary(ExtGState=Dictionary(Pale=pale)),
    )


class _Outline(BasePen):
    """Writes the outline of a glyph in the words of a page, in the units of its font."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.words: list[str] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - named by fontTools
        self.words.append(f"{_at(pt)} m")

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.words.append(f"{_at(pt)} l")

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802
        self.words.append(f"{_at(pt1)} {_at(pt2)} {_at(pt3)} c")

    def _closePath(self) -> None:  # noqa: N802
        self.words.append("h")


def _at(point: tuple[float, float]) -> str:
    return f"{round(point[0])} {round(point[1])}"


@cache
def _font() -> tuple[Any, dict[int, str], int]:
    font = TTFont(FOLDER / TEXT_FONT, lazy=True)
    return font.getGlyphSet(), font.getBestCmap(), int(font["head"].unitsPerEm)


def _glyphs(text: str) -> Iterator[str]:
    """The glyph of each character; the sign for 'none' where this one font has none."""
    _, known, _ = _font()
    return (known.get(ord(one), known[0xFFFD]) for one in text)


def _length(text: str) -> float:
    """How long it is in ems."""
    glyphs, _, em = _font()
    return sum(glyphs[name].width for name in _glyphs(text)) / float(em)


@cache
def _outline(name: str) -> str:
    """A glyph filled at the place where the last one ended; the next begins where it ends."""
    glyphs = _font()[0]
    pen = _Outline(glyphs)
    glyphs[name].draw(pen)
    drawn = " ".join((*pen.words, "f ")) if pen.words else ""
    return f"{drawn}1 0 0 1 {glyphs[name].width:.0f} 0 cm"


def _outlines(text: str, x: float, y: float, size: float) -> str:
    scale = size / _font()[2]
    return " ".join((f"{scale:.6f} 0 0 {scale:.6f} {x:.2f} {y:.2f} cm", *map(_outline, _glyphs(text))))


def _prepare(pdf: pikepdf.Pdf, seal: str) -> None:
    """An empty field for the signature: a Form element with a name, on the first page, of no size."""
    page, tree = pdf.pages[0], pdf.Root.StructTreeRoot
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(FIELD),
            TU=String(seal),
            F=PRINTED | LOCKED,
            Rect=Array([0, 0, 0, 0]),
            P=page.obj,
        )
    )
    top: Any = tree.K[0] if isinstance(tree.K, Array) else tree.K
    element = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=top,
            Pg=page.obj,
            Alt=String(seal),
            K=Dictionary(Type=Name.OBJR, Obj=field, Pg=page.obj),
        )
    )
    numbers: Any = tree.ParentTree.Nums
    free = max((int(numbers[at]) for at in range(0, len(numbers), 2)), default=-1) + 1
    field.StructParent = free
    numbers.append(free)
    numbers.append(element)
    tree.ParentTreeNextKey = free + 1
    top.K.append(element)
    if "/Annots" in page.obj:
        page.obj.Annots.append(field)
    else:
        page.obj.Annots = Array([field])
    for one in pdf.pages:
        one.obj.Tabs = Name.S
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array([field]), SigFlags=3))
