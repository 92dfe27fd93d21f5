"""The log on paper: the newest lines to read, the whole table and the checkpoint attached. PDF/A-3 by WeasyPrint.

A printed table of everything would take minutes and a gigabyte for a busy brand; a file attached to the page takes neither.
"""

from collections.abc import Sequence
from typing import Any

import structlog
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from clients.audit.models import Entry
from clients.audit.notes import fingerprint
from portal.brand.log_lines import Line
from portal.brand.long_table import LongTable
from portal.times import exact
from tenants.errors import Conflict
from tenants.walls.scope import BrandRef

log = structlog.get_logger(__name__)

MOST_ROWS = 500


def render_log(brand: BrandRef, lines: Sequence[Line], table: LongTable[Entry], *, checkpoint: str) -> bytes:
    """`table` is attached; the page says how far back it goes, and what is not in it.

    Conflict('pdf_impossible') on a machine that lacks the libraries that draw text (Pango).
    """
    printer = _printer()
    now = timezone.now()
    context = {
        "brand": brand.name,
        "lines": lines,
        "count": table.count,
        "left_out": table.count - len(lines),
        "missing": table.left,
        "back_to": exact(table.last.at) if table.last else "",
        "made": exact(now),
        "checkpoint": checkpoint,
        "fingerprint": fingerprint(checkpoint),
        "language": get_language(),
    }
    page = render_to_string("print/log.html", context)
    document = printer.HTML(string=page, url_fetcher=printer.URLFetcher(allowed_protocols=("data",))).render()
    document.metadata.attachments = [
        printer.Attachment(string=content, name=name, relationship="Data", created=now, modified=now)
        for name, content in (("log.csv", table.content()), ("checkpoint.txt", checkpoint.encode()))
    ]
    return bytes(document.write_pdf(pdf_variant="pdf/a-3u"))


def plain_pdf(page: str) -> bytes:
    """A page of ours as a PDF; nothing is fetched for it. Conflict('pdf_impossible') as above."""
    printer = _printer()
    fetcher = printer.URLFetcher(allowed_protocols=("data",))
    return bytes(printer.HTML(string=page, url_fetcher=fetcher).write_pdf())


class _Printer:
    """What we use of WeasyPrint, loaded when first needed: it wants libraries of the system."""

    def __init__(self) -> None:
        from weasyprint import HTML, Attachment
        from weasyprint.urls import URLFetcher

        self.HTML, self.Attachment, self.URLFetcher = HTML, Attachment, URLFetcher


def _printer() -> Any:
    try:
        return _Printer()
    except (ImportError, OSError) as error:
        log.warning("pdf_impossible", error=str(error)[:200])
        raise Conflict("pdf_impossible") from None
