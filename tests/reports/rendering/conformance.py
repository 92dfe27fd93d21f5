"""The rules of PDF/A-3a and PDF/UA-1 that break in practice, checked on a file. Not a validator: that one is run from outside.

Each fault has a code, so that a test can break a file in one way and expect exactly that to be found.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
from defusedxml.ElementTree import fromstring
from pikepdf import Array, Dictionary, Name, Stream

from tests.reports.rendering import structure

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
FILES = ("/FontFile", "/FontFile2", "/FontFile3")
PAINTING = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "INLINE IMAGE"}
ACTING = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/ResetForm",
    "/Sound",
    "/Movie",
    "/Hide",
    "/Rendition",
    "/SubmitForm",
}
RELATIONS = {"/Data", "/Source", "/Alternative", "/Supplement", "/Unspecified"}


def faults(content: bytes) -> list[str]:
    """Codes of every rule that the file breaks, sorted, each once."""
    with pikepdf.open(BytesIO(content)) as pdf:
        parts = (_head, _metadata, _attached, _objects, _tree, _pages)
        found = {fault for part in (*parts, *structure.PARTS) for fault in part(pdf)}
    return sorted(found)


def attachments(content: bytes) -> dict[str, bytes]:
    """The files inside, by name."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return {name: bytes(pdf.attachments[name].get_file().read_bytes()) for name in pdf.attachments}


def _head(pdf: pikepdf.Pdf) -> Iterator[str]:
    root: Any = pdf.Root
    if pdf.is_encrypted:
        yield "encrypted"
    if "/ID" not in pdf.trailer:
        yield "no-id"
    intents = root.get("/OutputIntents", [])
    if not any(one.get("/S") == Name.GTS_PDFA1 and "/DestOutputProfile" in one for one in intents):
        yield "no-output-intent"
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "not-marked"
    if not str(root.get("/Lang", "")):
        yield "no-language"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "title-not-shown"
    if "/OpenAction" in root or "/AA" in root or "/JavaScript" in root.get("/Names", {}):
        yield "acts-on-opening"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in pdf.Root:
        yield "no-metadata"
        return
    raw = bytes(pdf.Root.Metadata.read_bytes())
    packet = re.sub(rb"<\?xpacket.*?\?>", b"", raw, flags=re.DOTALL)
    roots = fromstring(packet).findall(f".//{RDF}")
    if len(roots) != 1:
        yield "not-one-rdf-root"
    if not re.search(rb"pdfaid:part(=\"|>)3", raw) or not re.search(rb"pdfaid:conformance(=\"|>)A", raw):
        yield "not-pdfa-3a"
    if not re.search(rb"pdfuaid:part(=\"|>)1", raw):
        yield "not-pdfua-1"
    if b"pdfuaid" in raw and b"pdfaExtension:schemas" not in raw:
        yield "no-extension-schema"
    if not re.search(rb"<dc:title[ >]", raw):
        yield "no-title"
    if "/Title" in pdf.docinfo and str(pdf.docinfo["/Title"]).encode() not in _unescaped(raw):
        yield "titles-differ"


def _unescaped(raw: bytes) -> bytes:
    return raw.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&quot;", b'"').replace(b"&amp;", b"&")


def _attached(pdf: pikepdf.Pdf) -> Iterator[str]:
    named = list(pdf.attachments)
    associated = [one.objgen for one in pdf.Root.get("/AF", [])]
    for one in pdf.objects:
        if not isinstance(one, Dictionary) or one.get("/Type") != Name.Filespec:
            continue
        if str(one.get("/AFRelationship", "")) not in RELATIONS:
            yield "attachment-without-relationship"
        if "/F" not in one or "/UF" not in one:
            yield "attachment-without-name"
        if "/Desc" not in one:
            yield "attachment-without-description"
        if one.objgen not in associated:
            yield "attachment-not-associated"
        if "/Subtype" not in one.EF.F:
            yield "attachment-without-type"
    if len(named) != len(set(named)):
        yield "attachment-twice"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for one in _all(pdf):
        kind, sub = one.get("/Type"), one.get("/Subtype")
        if kind == Name.FontDescriptor and not any(name in one for name in FILES):
            yield "font-not-embedded"
        if kind == Name.Font and sub in {Name.Type1, Name.TrueType} and "/FontDescriptor" not in one:
            yield "font-not-embedded"
        if kind == Name.Font and sub == Name.Type0:
            yield from _font(one)
        if str(one.get("/S", "")) in ACTING or "/JS" in one:
            yield "acts"
        if one.get("/S") == Name.URI and not re.match(r"(?:https?|mailto):", str(one.get("/URI", "")), re.IGNORECASE):
            yield "leads-elsewhere"
        if sub == Name.Image and one.get("/Interpolate", False):
            yield "interpolated"
        if isinstance(one, Stream) and "/LZWDecode" in str(one.get("/Filter", "")):
            yield "lzw"
        if kind == Name.XObject and "/PS" in one:
            yield "postscript"


def _all(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream, those that stand inside others too."""
    for top in pdf.objects:
        waiting: list[Any] = [top]
        while waiting:
            one = waiting.pop()
            if isinstance(one, Array):
                waiting += [part for part in one if isinstance(part, Array | Dictionary) and not part.is_indirect]
            elif isinstance(one, Dictionary | Stream):
                yield one
                parts = (one[name] for name in one.keys())  # noqa: SIM118 - a PDF dictionary, not one of Python
                waiting += [part for part in parts if isinstance(part, Array | Dictionary) and not part.is_indirect]


def _font(font: Any) -> Iterator[str]:
    if "/ToUnicode" not in font:
        yield "font-without-unicode"
        return
    table = bytes(font.ToUnicode.read_bytes())
    meanings = re.findall(rb"<[0-9A-Fa-f]+>\s+<([0-9A-Fa-f]*)>", table)
    if any(one.upper() in {b"", b"0000", b"FEFF", b"FFFE"} for one in meanings):
        yield "glyph-without-meaning"


def _tree(pdf: pikepdf.Pdf) -> Iterator[str]:
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None:
        yield "no-tags"
        return
    levels: list[int] = []
    for element in _elements(tree):
        kind = str(element.get("/S", ""))[1:]
        if kind == "Figure" and not str(element.get("/Alt", element.get("/ActualText", ""))):
            yield "figure-without-alternative"
        if kind == "TH" and "/ID" not in element and "/Scope" not in str(element.get("/A", "")):
            yield "header-without-scope"
        if kind == "Form" and not str(element.get("/Alt", "")):
            yield "field-without-name"
        if re.fullmatch(r"H[1-6]", kind):
            levels.append(int(kind[1]))
    if not levels or levels[0] != 1:
        yield "first-heading-not-h1"
    if any(after > before + 1 for before, after in pairwise(levels)):
        yield "heading-left-out"


def _elements(tree: Any) -> Iterator[Any]:
    waiting = [tree.K]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Array):
            waiting += list(one)[::-1]
        elif isinstance(one, Dictionary) and "/S" in one:
            yield one
            waiting.append(one.get("/K", Array([])))


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        annotations = page.obj.get("/Annots", [])
        if len(annotations) and page.obj.get("/Tabs") != Name.S:
            yield "tabs-not-by-structure"
        for one in annotations:
            yield from _annotation(one)
        depth = loose = missing = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            word = str(operator)
            depth += word in {"BDC", "BMC"}
            depth -= word == "EMC"
            loose += word in PAINTING and depth <= 0
            missing += word in {"Tj", "TJ"} and _draws_nothing(operands)
        if loose:
            yield "painted-outside-marks"
        if missing:
            yield "no-such-glyph"


def _annotation(one: Any) -> Iterator[str]:
    if not int(one.get("/F", 0)) & 4:
        yield "annotation-not-printed"
    if one.get("/Subtype") == Name.Link and not str(one.get("/Contents", "")):
        yield "link-without-words"
    if one.get("/Subtype") == Name.Widget and not str(one.get("/TU", "")):
        yield "field-without-name"
    if "/StructParent" not in one:
        yield "annotation-not-in-tree"


def _draws_nothing(operands: Any) -> bool:
    """Whether glyph 0 ('no such glyph') is shown; ours are all of two bytes."""
    parts = operands[0] if isinstance(operands[0], Array) else [operands[0]]
    shown = [bytes(part) for part in parts if isinstance(part, pikepdf.String)]
    return any(text[at : at + 2] == b"\0\0" for text in shown for at in range(0, len(text) - 1, 2))
