"""Papers of the portal that are no reports: drawn by the children that draw reports, with the same caps, and nothing fetched."""

import structlog
from django.utils import timezone
from django.utils.translation import get_language

from reports.kinds.composing import words_of
from reports.rendering.blocks import Attachment, Block, Document, Head
from reports.rendering.errors import NotDrawn
from reports.rendering.look import Look
from reports.rendering.printer import printer
from reports.rendering.typography import Language
from tenants.errors import Conflict
from tenants.walls.scope import BrandRef

log = structlog.get_logger(__name__)


def language_of_paper() -> Language:
    """Of whoever asks for it."""
    return "fr" if (get_language() or "").startswith("fr") else "en"


def paper(
    brand: BrandRef, head: Head, footer: str, blocks: tuple[Block, ...], attachments: tuple[Attachment, ...] = ()
) -> bytes:
    """A file of both standards. Conflict with the code of what stood in the way: 'pdf_impossible' where text cannot be drawn."""
    language = language_of_paper()
    document = Document(
        language,
        head,
        blocks,
        timezone.now(),
        brand.name,
        footer,
        Look(brand.name),
        words_of(language),
        attachments,
    )
    try:
        return printer().draw(document).content
    except NotDrawn as error:
        log.warning("paper_not_made", fault=str(error.fault), detail=error.detail)
        raise Conflict(str(error.fault)) from None
