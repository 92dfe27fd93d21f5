"""The log on paper: the newest lines to read, the whole table and the checkpoint attached.

A printed table of everything would take minutes and a gigabyte for a busy brand; a file attached to the page takes neither.
"""

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.audit.models import Entry
from clients.audit.notes import fingerprint
from portal.brand.log_lines import Line
from portal.brand.long_table import LongTable
from portal.brand.paper import language_of_paper, paper
from portal.times import exact
from reports.rendering.blocks import Attachment, Block, Column, Head, Heading, Note, Paragraph, Table
from reports.rendering.tables import LAID_OUT
from reports.rendering.typography import set_text
from tenants.walls.scope import BrandRef

MOST_ROWS = LAID_OUT


def render_log(brand: BrandRef, lines: Sequence[Line], table: LongTable[Entry], *, checkpoint: str) -> bytes:
    """`table` is attached; the page says how far back it goes, and what is not in it. Raises Conflict as `paper` does."""
    title = _("Log of %(brand)s") % {"brand": brand.name}
    blocks = (
        *_extent(lines, table),
        Heading(_("Checkpoint")),
        Paragraph(
            _(
                "The log is sealed up to here. Keep this: whoever has it can show later that nothing before it was changed, "
                "taken out or put in. It is attached to this file, too (checkpoint.txt)."
            )
        ),
        Note(checkpoint),
        Paragraph(
            _("Fingerprint, to compare over the telephone: %(fingerprint)s") % {"fingerprint": fingerprint(checkpoint)}
        ),
        Heading(_("Lines, newest first")),
        _table(lines),
    )
    files = (
        Attachment("log.csv", table.content(), "text/csv", _("Lines, newest first")),
        Attachment("checkpoint.txt", checkpoint.encode(), "text/plain", _("Checkpoint")),
    )
    return paper(brand, Head(_("Log"), title), f"{brand.name} · {fingerprint(checkpoint)}", blocks, files)


def _extent(lines: Sequence[Line], table: LongTable[Entry]) -> Iterator[Block]:
    told = {"n": table.count, "made": exact(timezone.now())}
    words = [ngettext("%(n)s line, as of %(made)s.", "%(n)s lines, as of %(made)s.", table.count) % told]
    left_out = table.count - len(lines)
    if left_out > 0:
        more = ngettext(
            "%(n)s older line is only in the table that is attached to this file (log.csv).",
            "%(n)s older lines are only in the table that is attached to this file (log.csv).",
            left_out,
        )
        words.append(more % {"n": left_out})
    else:
        words.append(_("The same table is attached to this file (log.csv)."))
    yield Paragraph(_set(" ".join(words)))
    if table.left and table.last is not None:
        missing = ngettext(
            "This file goes back to %(back_to)s: %(n)s line before it is not in it. The last row of log.csv says where the "
            "next part is.",
            "This file goes back to %(back_to)s: %(n)s lines before it are not in it. The last row of log.csv says where the "
            "next part is.",
            table.left,
        )
        yield Note(_set(missing % {"n": table.left, "back_to": exact(table.last.at)}), tone="warning")


def _table(lines: Sequence[Line]) -> Table:
    columns = (Column(_("When")), Column(_("Who")), Column(_("What"), weight=5), Column(_("Path"), weight=1))
    rows = tuple(
        (
            line.at,
            ", ".join(filter(None, (line.who, line.role))),
            " · ".join(filter(None, (line.did, line.subject, line.told))),
            line.via,
        )
        for line in lines
    )
    return Table("lines", _("Lines, newest first"), columns, rows)


def _set(text: str) -> str:
    return set_text(text, language_of_paper())
