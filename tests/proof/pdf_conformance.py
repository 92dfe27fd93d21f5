"""Every kind of report in both languages against the rules that break in practice; then sealed, changed and found out.

The checker is shown to find what it looks for: a good file is broken in one way at a time. A sealed copy is flipped
byte by byte and given another revision; what is attached is compared with the facts it was made from, and the same
facts are drawn twice. Each is composed by the product, as an edition of a brand with a look of its own.
"""

import random
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from django.utils import timezone
from pikepdf import Dictionary, Name

from reports.facts.canonical import canonical
from reports.rendering.printer import Printer
from reports.rendering.sealing_keys import made_key
from reports.rendering.signing import sign
from reports.rendering.stamping import Watermark, copy_for
from reports.rendering.verifying import Fault, verify
from tests.proof._paper_breaks import STRUCTURE
from tests.proof._scene import scene
from tests.reports.kinds import examples
from tests.reports.making.composed import Composer
from tests.reports.rendering.conformance import attachments, faults

Break = Callable[[pikepdf.Pdf], None]
FLIPS = {"small": 40, "full": 1500}
WATERMARK = Watermark("anna.beck@client.example", "Copy for anna.beck@client.example, 23 November 2026, link 7f3a")


def run(scale: str) -> tuple[str, bool]:
    """Faults of good files, faults found in broken ones, changes found in a sealed one."""
    printer, lines, good = Printer(), [], True
    composer = Composer(scene(), made_key("Maison Verte", timezone.now()))
    drawn: dict[tuple[str, str], bytes] = {}
    for kind, make in (examples.KINDS | examples.ODD).items():
        for language in ("en", "fr"):
            composed = composer.composed(make(), language)
            content = printer.draw(composed.document).content
            drawn[kind, language] = content
            found = faults(content)
            if found or attachments(content)["facts.json"] != canonical(composed.facts):
                good = False
                lines.append(f"  {kind} {language}: {found or 'attached data differ'}")
    weekly = composer.composed(examples.weekly(), "fr").document
    base, again = printer.draw(weekly).content, printer.draw(weekly).content
    printer.close()
    missed = [name for name, broken in broken_files(base).items() if name not in faults(broken)]
    tried, unfound, sealed = _sealed(base, FLIPS[scale])
    lines += [f"  not found: {name}" for name in (*missed, *unfound)]
    for line in (*lines, *(f"  sealed copy: {one}" for one in sealed)):
        print(line)
    figures = (
        f"{len(drawn)} files of {len(examples.KINDS)} kinds and {len(examples.ODD)} odd weeks: "
        f"{'no' if good else 'some'} faults; {len(BREAKS)} ways to break one, "
        f"{len(BREAKS) - len(missed)} found; sealed copy: {tried} changes, {tried - len(unfound)} found; "
        f"drawn twice: {'same' if again == base else 'other'} bytes"
    )
    return figures, good and not missed and not unfound and not sealed and again == base


def broken_files(base: bytes) -> dict[str, bytes]:
    """The same file broken in one way each, by the code of the fault."""
    found = {}
    for name, break_it in BREAKS.items():
        with pikepdf.open(BytesIO(base)) as pdf:
            break_it(pdf)
            out = BytesIO()
            pdf.save(out, static_id=True)
        found[name] = out.getvalue()
    return found


def _sealed(base: bytes, flips: int) -> tuple[int, list[str], list[str]]:
    """How many changes were made to a sealed copy, which were not found, and what is wrong with the copy itself."""
    key = made_key("Relais", timezone.now())
    copy = copy_for(base, WATERMARK, seal="Seal of the agency")
    content = sign(copy, key, reason="Issued")
    known = [made_key("Another", timezone.now()).certificate, key.certificate]
    wrong = [*faults(copy), *faults(content)]
    if not verify(content, known).whole:
        wrong.append("seal does not hold")
    chance = random.Random(8)
    gap = content.rindex(b"/Contents <")
    places = [
        *(chance.randrange(len(content)) for _ in range(flips // 2)),
        *(gap + chance.randrange(min(3000, len(content) - gap)) for _ in range(flips // 2)),
    ]
    unfound = []
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        if verify(bytes(changed), known).whole:
            unfound.append(f"flip at {place}")
    tries = {
        "appended": (appended(content), Fault.APPENDED),
        "cut": (content[:-1], Fault.CHANGED),
        "grown": (content + b"\n", Fault.APPENDED),
        "unsigned": (copy, Fault.NOT_SIGNED),
        "no pdf": (b"%PDF-", Fault.NOT_SIGNED),
    }
    unfound += [name for name, (bytes_, expected) in tries.items() if verify(bytes_, known).fault is not expected]
    if verify(content, known[:1]).fault is not Fault.UNKNOWN_KEY:
        unfound.append("another's key")
    return len(places) + len(tries) + 1, unfound, wrong


def appended(content: bytes) -> bytes:
    """Another revision behind a sealed file: what a viewer still calls intact."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer, out = IncrementalPdfFileWriter(BytesIO(content)), BytesIO()
    writer.root["/Added"] = generic.NumberObject(1)
    writer.update_root()
    writer.write(out)
    return out.getvalue()


def _first(pdf: pikepdf.Pdf, fits: Callable[[Any], bool]) -> Any:
    return next(one for one in pdf.objects if isinstance(one, pikepdf.Object) and hasattr(one, "get") and fits(one))


def _drop(name: str) -> Break:
    def drop(pdf: pikepdf.Pdf) -> None:
        del pdf.Root[name]

    return drop


def _drop_of(kind: Any, name: str, key: str = "/Type") -> Break:
    def drop(pdf: pikepdf.Pdf) -> None:
        one = _first(pdf, lambda found: _get(found, key) == kind and name in found)
        del one[name]

    return drop


def _get(one: Any, key: str) -> Any:
    try:
        return one.get(key)
    except (TypeError, ValueError, AttributeError):
        return None


def _metadata(old: bytes, new: bytes) -> Break:
    def change(pdf: pikepdf.Pdf) -> None:
        raw = bytes(pdf.Root.Metadata.read_bytes())
        assert old in raw
        pdf.Root.Metadata = pdf.make_stream(raw.replace(old, new), Type=Name.Metadata, Subtype=Name.XML)

    return change


def _second_root(pdf: pikepdf.Pdf) -> None:
    raw = bytes(pdf.Root.Metadata.read_bytes())
    more = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"></rdf:RDF></x:xmpmeta>'
    pdf.Root.Metadata = pdf.make_stream(raw.replace(b"</x:xmpmeta>", more), Type=Name.Metadata, Subtype=Name.XML)


def _embedded_font(pdf: pikepdf.Pdf) -> None:
    font = _first(pdf, lambda one: _get(one, "/Type") == Name.FontDescriptor)
    for name in ("/FontFile", "/FontFile2", "/FontFile3"):
        if name in font:
            del font[name]


def _interpolated(pdf: pikepdf.Pdf) -> None:
    _first(pdf, lambda one: _get(one, "/Subtype") == Name.Image).Interpolate = True


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def _elsewhere(pdf: pikepdf.Pdf) -> None:
    _first(pdf, lambda one: _get(one, "/Subtype") == Name.Link and "/A" in one).A.URI = pikepdf.String(
        "file:///etc/passwd"
    )


def _loose(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"q 0 0 9 9 re f Q\n")


def _tabs(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        if "/Tabs" in page.obj:
            del page.obj.Tabs


def _meaningless(pdf: pikepdf.Pdf) -> None:
    font = _first(pdf, lambda one: _get(one, "/Type") == Name.Font and _get(one, "/Subtype") == Name.Type0)
    font.ToUnicode = pdf.make_stream(b"1 beginbfchar\n<0003> <0000>\nendbfchar\n")


def _no_glyph(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"/Span <</MCID 0>> BDC BT <0000> Tj ET EMC\n")


def _heading(pdf: pikepdf.Pdf) -> None:
    _first(pdf, lambda one: _get(one, "/S") == Name.H2).S = Name.H4


def _unmarked(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


BREAKS: dict[str, Break] = {
    "no-language": _drop("/Lang"),
    "no-metadata": _drop("/Metadata"),
    "no-output-intent": _drop("/OutputIntents"),
    "no-tags": _drop("/StructTreeRoot"),
    "title-not-shown": _drop("/ViewerPreferences"),
    "not-marked": _unmarked,
    "attachment-not-associated": _drop("/AF"),
    "not-one-rdf-root": _second_root,
    "not-pdfua-1": _metadata(b"pdfuaid:part>1", b"pdfuaid:part>9"),
    "not-pdfa-3a": _metadata(b'pdfaid:conformance="A"', b'pdfaid:conformance="B"'),
    "no-extension-schema": _metadata(b"pdfaExtension:schemas", b"pdfaExtension:nothing"),
    "no-title": _metadata(b"dc:title", b"dc:nothing"),
    "font-not-embedded": _embedded_font,
    "font-without-unicode": _drop_of(Name.Type0, "/ToUnicode", "/Subtype"),
    "glyph-without-meaning": _meaningless,
    "no-such-glyph": _no_glyph,
    "figure-without-alternative": _drop_of(Name.Figure, "/Alt", "/S"),
    "header-without-scope": _drop_of(Name.TH, "/ID", "/S"),
    "heading-left-out": _heading,
    "attachment-without-relationship": _drop_of(Name.Filespec, "/AFRelationship"),
    "attachment-without-name": _drop_of(Name.Filespec, "/UF"),
    "attachment-without-description": _drop_of(Name.Filespec, "/Desc"),
    "attachment-without-type": _drop_of(Name.EmbeddedFile, "/Subtype"),
    "interpolated": _interpolated,
    "acts": _script,
    "acts-on-opening": _script,
    "leads-elsewhere": _elsewhere,
    "painted-outside-marks": _loose,
    "tabs-not-by-structure": _tabs,
    "annotation-not-printed": _drop_of(Name.Link, "/F", "/Subtype"),
    "annotation-not-in-tree": _drop_of(Name.Link, "/StructParent", "/Subtype"),
    "link-without-words": _drop_of(Name.Link, "/Contents", "/Subtype"),
    **STRUCTURE,
}
