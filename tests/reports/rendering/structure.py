"""More rules of both standards: what may stand in what, what refers to what, what fonts and embedded files say of themselves."""

from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

STANDARD = frozenset(
    (  # noqa: SIM905
        "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody "
        "Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure "
        "Formula Form"
    ).split()
)
INSIDE = {
    "L": {"LI", "Caption"},
    "LI": {"Lbl", "LBody"},
    "Table": {"TR", "THead", "TBody", "TFoot", "Caption"},
    "THead": {"TR"},
    "TBody": {"TR"},
    "TFoot": {"TR"},
    "TR": {"TH", "TD"},
}
ABOVE = {
    "LI": {"L"},
    "Lbl": {"LI"},
    "LBody": {"LI"},
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
}
Fault = Iterator[str]


def _roles(pdf: pikepdf.Pdf) -> Fault:
    """Every kind of element is a standard one, or leads to one without going round."""
    tree = pdf.Root.get("/StructTreeRoot", Dictionary())
    roles = {str(name): str(kind) for name, kind in tree.get("/RoleMap", Dictionary()).items()}
    for name, leads in roles.items():
        if name[1:] in STANDARD:
            yield "standard-role-mapped"
        seen, at = {name}, leads
        while at in roles and at not in seen:
            seen.add(at)
            at = roles[at]
        if at in seen:
            yield "roles-go-round"
    for element, _, _ in _elements(pdf):
        kind = str(element.S)
        if kind[1:] not in STANDARD and kind not in roles:
            yield "unknown-role"


def _nesting(pdf: pikepdf.Pdf) -> Fault:
    """Lists of items, items of bodies, tables of rows of equal width; each element knows the one above it."""
    for element, above, kids in _elements(pdf):
        kind, names = str(element.S)[1:], [str(one.S)[1:] for one in kids]
        if kind in INSIDE and set(names) - INSIDE[kind]:
            yield f"{kind.lower()}-holds-others"
        if kind in ABOVE and (above is None or str(above.S)[1:] not in ABOVE[kind]):
            yield f"{kind.lower()}-stands-alone"
        if above is not None and element.get("/P") != above:
            yield "parent-is-another"
        if kind == "LI" and "LBody" not in names:
            yield "li-without-body"
        if kind == "Table" and len({_width(row) for row in _rows(element)}) > 1:
            yield "rows-of-other-width"


def _referring(pdf: pikepdf.Pdf) -> Fault:
    """Cells name headers that are there; figures have a box; annotations stand in a Link or Form that names them."""
    ids = {bytes(one.ID) for one, _, _ in _elements(pdf) if "/ID" in one}
    annotated = set()
    for element, _, _ in _elements(pdf):
        kind = str(element.S)[1:]
        attributes = list(_attributes(element))
        for one in attributes:
            if any(bytes(name) not in ids for name in one.get("/Headers", [])):
                yield "header-not-there"
        if kind == "Figure" and not any("/BBox" in one for one in attributes):
            yield "figure-without-box"
        if kind in {"Link", "Form"}:
            annotated |= {one.Obj.objgen for one in _kids(element) if one.get("/Type") == Name.OBJR and "/Obj" in one}
    for page in pdf.pages:
        if len(page.obj.get("/Annots", [])) and "/StructParents" not in page.obj:
            yield "page-not-in-tree"
        for one in page.obj.get("/Annots", []):
            if one.get("/Subtype") in {Name.Link, Name.Widget} and one.objgen not in annotated:
                yield "annotation-without-element"


def _fonts(pdf: pikepdf.Pdf) -> Fault:
    """Widths, glyphs and maps of embedded fonts are said as they are."""
    for one in pdf.objects:
        if not isinstance(one, Dictionary) or one.get("/Type") != Name.Font:
            continue
        if one.get("/Subtype") == Name.CIDFontType2 and "/CIDToGIDMap" not in one:
            yield "font-without-glyph-map"
        if one.get("/Subtype") == Name.Type0:
            below, encoding = one.DescendantFonts[0], str(one.get("/Encoding", ""))
            if encoding not in {"/Identity-H", "/Identity-V"}:
                yield "font-of-other-encoding"
            if "/W" not in below:
                yield "font-without-widths"
            if str(below.FontDescriptor.get("/FontName", "")) != str(below.get("/BaseFont", "")):
                yield "font-of-two-names"


def _groups(pdf: pikepdf.Pdf) -> Fault:
    """What is see-through says in which colours; no file inside is without its date and size."""
    for one in pdf.objects:
        if isinstance(one, Dictionary | Stream):
            group = one.get("/Group")
            if isinstance(group, Dictionary) and group.get("/S") == Name.Transparency and "/CS" not in group:
                yield "group-without-colours"
        if isinstance(one, Stream) and one.get("/Type") == Name.EmbeddedFile:
            params = one.get("/Params", Dictionary())
            if "/ModDate" not in params:
                yield "attachment-without-date"
            if int(params.get("/Size", -1)) != len(one.read_bytes()):
                yield "attachment-of-other-size"


def _marks(pdf: pikepdf.Pdf) -> Fault:
    """Nothing that is read stands in an artifact, and no artifact in what is read; marks are closed where they were opened."""
    for page in pdf.pages:
        open_: list[bool] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            word = str(operator)
            if word in {"BDC", "BMC"}:
                artifact = str(operands[0]) == "/Artifact"
                if artifact and any(not one for one in open_):
                    yield "artifact-in-text"
                if not artifact and any(open_):
                    yield "text-in-artifact"
                open_.append(artifact)
            elif word == "EMC":
                if not open_:
                    yield "marks-not-closed"
                    break
                open_.pop()
        if open_:
            yield "marks-not-closed"


PARTS: tuple[Callable[[pikepdf.Pdf], Fault], ...] = (_roles, _nesting, _referring, _fonts, _groups, _marks)


def _elements(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, Any, list[Any]]]:
    """Each element of the tree with the one above it and those in it."""
    tree = pdf.Root.get("/StructTreeRoot")
    waiting: list[tuple[Any, Any]] = [(one, None) for one in _kids(tree)] if tree is not None else []
    while waiting:
        element, above = waiting.pop()
        if "/S" not in element:
            continue
        kids = [one for one in _kids(element) if "/S" in one]
        yield element, above, kids
        waiting += [(one, element) for one in kids]


def _kids(element: Any) -> list[Any]:
    found = element.get("/K", Array([]))
    return [one for one in (found if isinstance(found, Array) else [found]) if isinstance(one, Dictionary)]


def _attributes(element: Any) -> Iterator[Any]:
    found = element.get("/A", Array([]))
    yield from (one for one in (found if isinstance(found, Array) else [found]) if isinstance(one, Dictionary))


def _rows(table: Any) -> Iterator[Any]:
    for one in _kids(table):
        if one.get("/S") == Name.TR:
            yield one
        elif str(one.get("/S", "")) in {"/THead", "/TBody", "/TFoot"}:
            yield from _rows(one)


def _width(row: Any) -> int:
    """Columns of a row, with those that a cell spans."""
    cells = [one for one in _kids(row) if "/S" in one]
    return sum(max([1, *(int(a.ColSpan) for a in _attributes(cell) if "/ColSpan" in a)]) for cell in cells)
