"""Tables of things that were said, row by row: what would be taken of them, and what is wrong where. Pure but for `now`."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from clients.items.tables import DELIMITERS, MOST_BYTES, decoded, plain
from clients.mentions.raw import RawMention
from clients.sources.kinds.table import MOST_ROWS, NAMES, raw_of
from tenants.errors import Invalid


@dataclass(frozen=True, slots=True)
class ReadTable:
    """What a table says. `left_out`: (line, code) of rows that say nothing, or have more cells than there are columns."""

    raws: list[RawMention] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)


def read_rows(data: bytes, now: datetime) -> ReadTable:
    """Raises Invalid with field 'file': table_empty, table_too_big, table_unreadable, table_without_text, table_too_long.

    A column that we do not know is nobody's, and left out: other tools write many.
    """
    if len(data) > MOST_BYTES:
        raise Invalid("table_too_big", "file", limit=MOST_BYTES // 1_000_000)
    rows = _rows(decoded(data))
    if len(rows) < 2:
        raise Invalid("table_empty", "file")
    if len(rows) - 1 > MOST_ROWS:
        raise Invalid("table_too_long", "file", limit=MOST_ROWS, actual=len(rows) - 1)
    columns = [NAMES.get(head.strip().lower(), "") for head in rows[0][1]]
    if not {"title", "text"} & set(columns):
        raise Invalid("table_without_text", "file")
    table = ReadTable()
    for number, cells in rows[1:]:
        _add(table, number, cells, columns, now)
    return table


def _add(table: ReadTable, number: int, cells: Sequence[str], columns: Sequence[str], now: datetime) -> None:
    if any(cell.strip() for cell in cells[len(columns) :]):
        table.left_out.append((number, "table_too_many_cells"))
        return
    known = {column: plain(cell) for column, cell in zip(columns, cells, strict=False) if column}
    raw = raw_of(known, sha256("\0".join(cells).encode("utf-8", "replace")).hexdigest(), now)
    if raw is None:
        table.left_out.append((number, "text_missing"))
    else:
        table.raws.append(raw)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Each row that is not blank, with the line on which it begins."""
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count), strict=True)
    found, number = list[tuple[int, list[str]]](), 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((number, cells))
            number = reader.line_num + 1
    except csv.Error:
        raise Invalid("table_unreadable", "file", line=number) from None
    return found
