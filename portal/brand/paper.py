"""Papers of the portal that are no reports: drawn by the children that draw reports, with the same caps, and nothing fetched."""

import structlog
from django.utils import timezone
from django.utils.translation import get_language

from reports.kinds.composing import words_of
from reports.looks.queries import look_in_force, worn
from reports.rendering.blocks import Attachment, Block, Document, Head
from reports.rendering.caps import USUAL, Caps
from reports.rendering.errors import NotDrawn
from reports.rendering.printer import printer
from reports.rendering.typography import Language
from tenants.errors import Conflict
from tenants.walls.scope import BrandRef, brand_scope

log = structlog.get_logger(__name__)


def language_of_paper() -> Language:
    """Of whoever asks for it."""
    return "fr" if (get_language() or "").startswith("fr") else "en"


def paper(
    brand: BrandRef, head: Head, footer: str, blocks: tuple[Block, ...], attachments: tuple[Attachment, ...] = ()
) -> bytes:
    """A file of both standards. Conflict with the code of what stood in the way: 'pdf_impossible' where text cannot be drawn."""
    language = language_of_paper()
    with brand_scope(brand):
        look = worn(look_in_force(), brand.name)
    document = Document(
        language,
        head,
        blocks,
        timezone.now(),
        brand.name,
        footer,
        look,
        words_of(language),
        attachments,
    )
    return drawn(document)


def drawn(document: Document, caps: Caps = USUAL) -> bytes:
    """The file of a document, with no more of the machine than `caps`. Conflict with the code of what stood in the way."""
    try:
        return printer().draw(document, caps=caps).content
    except NotDrawn as error:
        log.warning("paper_not_made", fault=str(error.fault), detail=error.detail)
        raise Conflict(str(error.fault)) from None
