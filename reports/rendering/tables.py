"""Tables as files: CSV that a spreadsheet opens without running anything. Pure."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from reports.rendering.blocks import Attachment, Cell, Chart, Linked, Table

LAID_OUT = 300
"""Rows that are still set on pages; a longer table is attached."""
SHOWN = 20
"""Rows of a longer table that stand on the page, to show what it is like."""
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def is_long(table: Table) -> bool:
    """Whether a table is attached instead of laid out."""
    return len(table.rows) > LAID_OUT


def attached(table: Table | Chart, name: str, description: str) -> Attachment:
    """A table, or the numbers of a chart, as the file `name`."""
    if isinstance(table, Table):
        head = [column.label for column in table.columns]
        rows: Iterable[Sequence[str]] = (tuple(map(_plain, row)) for row in table.rows)
    else:
        head = [table.first, *(strand.name for strand in table.strands)]
        rows = zip(table.labels, *(strand.texts for strand in table.strands), strict=True)
    return Attachment(name, csv_of(head, rows), "text/csv", description)


def csv_of(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with its mark, so that spreadsheets know it; a cell that a spreadsheet would run begins with an apostrophe."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(_harmless, head))
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    return f"{cell.text} ({cell.address})" if isinstance(cell, Linked) else cell


def _harmless(text: str) -> str:
    runs = text.startswith(_RUNS) and not text.lstrip("+-").replace(".", "", 1).isdigit()
    return f"'{text}" if runs else text
