"""Ways to break the structure of a good file, one for each rule of `tests.reports.rendering.structure`."""

from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

Break = Callable[[pikepdf.Pdf], None]


def first(pdf: pikepdf.Pdf, key: str, kind: Any, having: str = "") -> Any:
    """The first object whose `key` is `kind`, and that has `having`."""
    for one in pdf.objects:
        if (
            isinstance(one, pikepdf.Dictionary | pikepdf.Stream)
            and one.get(key) == kind
            and (not having or having in one)
        ):
            return one
    raise LookupError(str(kind))


def _roles(**roles: Any) -> Break:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.StructTreeRoot.RoleMap = Dictionary(**roles)

    return change


def _renamed(old: Any, new: Any) -> Break:
    def rename(pdf: pikepdf.Pdf) -> None:
        first(pdf, "/S", old, "/K").S = new

    return rename


def _other_parent(pdf: pikepdf.Pdf) -> None:
    first(pdf, "/S", Name.LI).P = pdf.Root.StructTreeRoot


def _short_row(pdf: pikepdf.Pdf) -> None:
    row = first(pdf, "/S", Name.TR)
    row.K = Array(list(row.K)[:-1])


def _no_header(pdf: pikepdf.Pdf) -> None:
    first(pdf, "/S", Name.TD).A = Dictionary(O=Name.Table, Headers=Array([pikepdf.String("nowhere")]))


def _no_box(pdf: pikepdf.Pdf) -> None:
    del first(pdf, "/S", Name.Figure).A


def _no_parents(pdf: pikepdf.Pdf) -> None:
    del next(page for page in pdf.pages if "/Annots" in page.obj).obj.StructParents


def _no_element(pdf: pikepdf.Pdf) -> None:
    link = first(pdf, "/S", Name.Link)
    link.K = Array(
        [one for one in (link.K if isinstance(link.K, Array) else [link.K]) if not isinstance(one, Dictionary)]
    )


def _of_font(name: str, value: Any) -> Break:
    def change(pdf: pikepdf.Pdf) -> None:
        font = first(pdf, "/Subtype", Name.Type0)
        below = font.DescendantFonts[0]
        holder = font if name == "/Encoding" else below
        if value is None:
            del holder[name]
        else:
            holder[name] = value

    return change


def _no_map(pdf: pikepdf.Pdf) -> None:
    below = first(pdf, "/Subtype", Name.Type0).DescendantFonts[0]
    below.Subtype = Name.CIDFontType2
    if "/CIDToGIDMap" in below:
        del below.CIDToGIDMap


def _group(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Group = Dictionary(Type=Name.Group, S=Name.Transparency)


def _of_file(name: str, value: Any) -> Break:
    def change(pdf: pikepdf.Pdf) -> None:
        params = first(pdf, "/Type", Name.EmbeddedFile).Params
        if value is None:
            del params[name]
        else:
            params[name] = value

    return change


def _painted(words: bytes) -> Break:
    def paint(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].contents_add(words)

    return paint


STRUCTURE: dict[str, Break] = {
    "standard-role-mapped": _roles(P=Name.H1),
    "roles-go-round": _roles(One=Name.Two, Two=Name.One),
    "unknown-role": _renamed(Name.P, Name.Words),
    "l-holds-others": _renamed(Name.LI, Name.P),
    "table-holds-others": _renamed(Name.TBody, Name.Div),
    "tr-holds-others": _renamed(Name.TD, Name.P),
    "tr-stands-alone": _renamed(Name.TBody, Name.Div),
    "li-stands-alone": _renamed(Name.L, Name.Div),
    "li-without-body": _renamed(Name.LBody, Name.Div),
    "parent-is-another": _other_parent,
    "rows-of-other-width": _short_row,
    "header-not-there": _no_header,
    "figure-without-box": _no_box,
    "page-not-in-tree": _no_parents,
    "annotation-without-element": _no_element,
    "font-without-glyph-map": _no_map,
    "font-of-other-encoding": _of_font("/Encoding", Name.WinAnsiEncoding),
    "font-without-widths": _of_font("/W", None),
    "font-of-two-names": _of_font("/BaseFont", Name("/Another")),
    "group-without-colours": _group,
    "attachment-without-date": _of_file("/ModDate", None),
    "attachment-of-other-size": _of_file("/Size", 1),
    "artifact-in-text": _painted(b"/P <</MCID 0>> BDC /Artifact BMC EMC EMC\n"),
    "text-in-artifact": _painted(b"/Artifact BMC /P <</MCID 0>> BDC EMC EMC\n"),
    "marks-not-closed": _painted(b"/Artifact BMC\n"),
}
