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
        head, rows = numbers_of(table)
    return Attachment(name, csv_of(head, rows), "text/csv", description)


def numbers_of(chart: Chart) -> tuple[list[str], list[list[str]]]:
    """The numbers of a chart as a table: the heads of its columns, and its rows, each with its own head first.

    A row for each label; where the one label has no name (parts of one whole), a row for each strand. INVARIANT: no head is empty
    where the chart names its labels and strands.
    """
    if chart.labels == ("",):
        return [chart.first, chart.title], [[one.name, one.texts[0]] for one in chart.strands]
    heads = [chart.first, *(strand.name for strand in chart.strands)]
    return heads, [[label, *(one.texts[at] for one in chart.strands)] for at, label in enumerate(chart.labels)]


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
