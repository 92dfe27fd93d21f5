"""A document becomes PDF/A-3a and PDF/UA-1 in one file, with its data attached. Runs in a drawing process and nowhere
else.

INVARIANT: nothing is fetched. The only addresses that lead to bytes are those of this document's own pictures; any
other ends the drawing. WeasyPrint writes one standard at a time: its one block of metadata is given the marks of the
second.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from xml.etree import ElementTree as ET

from weasyprint import CSS, HTML
from weasyprint import Attachment as Embedded
from weasyprint.logger import LOGGER, PROGRESS_LOGGER
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.rendering.blocks import Attachment, Block, Document, Note, Picture, Pictures
from reports.rendering.characters import missing_fonts
from reports.rendering.errors import BadPicture, Fault, NotDrawn
from reports.rendering.markup import SHEET, Markup, markup_of
from reports.rendering.pictures import OF_MARK, Ready, ready

VARIANT = "pdf/a-3a"
Tell = Callable[[str, int], None]
"""Told of each step, and of the page that a step has come to (0 where there are no pages yet)."""

_PAGE = re.compile(r"Step 5 .*Page (\d+)", re.ASCII)
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_UA = "http://www.aiim.org/pdfua/ns/id/"
_SPACES = {
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
    "pdfuaid": _UA,
}
_DECLARED = " ".join([f'xmlns:rdf="{_RDF}"', *(f'xmlns:{name}="{space}"' for name, space in _SPACES.items())])
_MARKS = (
    f'<rdf:Description {_DECLARED} rdf:about=""><pdfuaid:part>1</pdfuaid:part></rdf:Description>',
    (
        f'<rdf:Description {_DECLARED} rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
        "<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_UA}</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
        '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
        "<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
        "<pdfaProperty:description>PDF/UA part</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>"
        "</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    ),
)
for _name, _space in _SPACES.items():
    ET.register_namespace(_name, _space)


@dataclass(frozen=True, slots=True)
class Pages:
    """A finished file, unsigned, and how many pages it has."""

    content: bytes
    count: int


class OwnPictures(URLFetcher):
    """Resolves the names of this document's pictures. Everything else is refused loudly."""

    def __init__(self, known: Mapping[str, Ready]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._known = known

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Raises FatalURLFetchingError, which is no Exception: it ends the drawing."""
        found = self._known.get(url)
        if found is None:
            raise FatalURLFetchingError("not a picture of this document")
        return URLFetcherResponse(url, found.content, {"Content-Type": found.media_type})


LOOKS = CSS(string=SHEET.read_text(), url_fetcher=OwnPictures({}))
"""The sheet that all documents share, read once: that is a seventh of the work of one page."""


def draw(document: Document, tell: Tell) -> Pages:
    """The file. Raises NotDrawn('pdf_outside' | 'pdf_fonts_missing') and whatever goes wrong in between."""
    if missing := missing_fonts():
        raise NotDrawn(Fault.NO_FONTS, ", ".join(missing))
    tell("pictures", 0)
    whole, known = _with_pictures(document)
    tell("words", 0)
    markup = markup_of(whole, logo="picture:logo" in known)
    numbered = {f"picture:{at}": known[f"found:{id(picture)}"] for at, picture in enumerate(markup.pictures)}
    return written(markup, {**numbered, **known}, document.made_at, tell)


def written(markup: Markup, known: Mapping[str, Ready], made_at: datetime, tell: Tell) -> Pages:
    """HTML of ours as a file. Raises NotDrawn('pdf_outside')."""
    try:
        with _steps(tell):
            page = HTML(string=markup.html, url_fetcher=OwnPictures(known))
            pages = page.render(pdf_variant=VARIANT, stylesheets=[LOOKS])
            pages.metadata.generate_rdf_metadata = _both_standards(pages.metadata.generate_rdf_metadata)
            pages.metadata.attachments = [_embedded(one, made_at) for one in markup.attachments]
            content = pages.write_pdf(pdf_variant=VARIANT, finisher=_finish)
    except FatalURLFetchingError as error:
        raise NotDrawn(Fault.OUTSIDE, str(error)[:80]) from None
    return Pages(bytes(content), len(pages.pages))


def _with_pictures(document: Document) -> tuple[Document, dict[str, Ready]]:
    """The document with only such pictures as can be drawn, a note where one was left out, and those pictures."""
    known: dict[str, Ready] = {}
    blocks = [kept for block in document.blocks for kept in _tried(block, document, known)]
    if document.look.logo:
        try:
            known["picture:logo"] = ready(document.look.logo, OF_MARK)
        except BadPicture:
            LOGGER.warning("logo left out")
    values = {name: getattr(document, name) for name in document.__dataclass_fields__}
    return Document(**{**values, "blocks": tuple(blocks)}), known


def _tried(block: Block, document: Document, known: dict[str, Ready]) -> Iterator[Block]:
    if not isinstance(block, Pictures):
        yield block
        return
    kept: list[Picture] = []
    notes: list[Note] = []
    for picture in block.pictures:
        try:
            known[f"found:{id(picture)}"] = ready(picture.content)
            kept.append(picture)
        except BadPicture as error:
            reason = dict(document.words.reasons).get(error.reason, error.reason)
            notes.append(Note(document.words.picture_left_out.replace("{reason}", reason), tone="warning"))
    if kept:
        yield Pictures(tuple(kept))
    yield from notes


def _embedded(attachment: Attachment, made_at: datetime) -> Embedded:
    """Named, described and dated by the document: the clock of the machine is not in the file."""
    return Embedded(
        string=attachment.content,
        name=attachment.name,
        description=attachment.description,
        relationship=attachment.relationship,
        created=made_at,
        modified=made_at,
    )


def _both_standards(generate: Callable[..., bytes]) -> Callable[..., bytes]:
    def generated(*told: Any) -> bytes:
        root = ET.fromstring(generate(*told))  # noqa: S314 - WeasyPrint's own, made this moment
        for mark in _MARKS:
            root.append(ET.fromstring(mark))  # noqa: S314 - ours
        return cast("bytes", ET.tostring(root, encoding="utf-8"))

    return generated


def _finish(_: Any, pdf: Any) -> None:
    """What WeasyPrint leaves open: pictures are never smoothed over, inner links have words, every glyph has a meaning.

    A letter that a font draws of two glyphs gives its meaning to the first; the second gets the joiner that is seen by nobody.
    """
    import pydyf

    for one in pdf.objects:
        lines = getattr(one, "stream", None)
        if isinstance(lines, list) and b"1 begincodespacerange" in lines:
            one.stream = [line[:-2] + b"<2060>" if line.endswith(b" <>") else line for line in lines]
        extra = getattr(one, "extra", None)
        if isinstance(extra, dict) and extra.get("Subtype") == "/Image":
            extra["Interpolate"] = "false"
        if isinstance(one, dict) and one.get("Subtype") == "/Link" and "Dest" in one:
            one["Contents"] = pydyf.String("\u2192 " + str(one["Dest"].string).replace("part-", "\u00a7 "))


@contextmanager
def _steps(tell: Tell) -> Iterator[None]:
    """WeasyPrint says in its log where it is: that is passed on."""

    class Told(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            step = record.getMessage()
            if found := _PAGE.match(step):
                tell("layout", int(found[1]))
            elif step.startswith("Step 6"):
                tell("drawing", 0)

    handler = Told()
    before = PROGRESS_LOGGER.level
    PROGRESS_LOGGER.addHandler(handler)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    LOGGER.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(handler)
        PROGRESS_LOGGER.setLevel(before)
