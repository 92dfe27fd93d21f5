"""Tables of contacts as spreadsheets write them: the columns are the names that the system uses. Pure.

The column `external_id` (or `id`) says which contact a line is about. Every trouble names its line.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from clients.crm.reading import RowProblem, Said, read_row
from clients.crm.rules import MOST_AT_ONCE, Policy
from clients.items.tables import DELIMITERS, MOST_BYTES, decoded, plain
from tenants.errors import Invalid

IDS = ("external_id", "id", "identifiant")


def read_table(data: bytes) -> list[dict[str, Any]]:
    """The lines that are not blank, as they are kept: {"number", "cells", "odd"}.

    Raises Invalid with field 'file': table_empty, table_too_big, table_unreadable, table_too_long, table_column_twice,
    table_without_ids.
    """
    if len(data) > MOST_BYTES:
        raise Invalid("table_too_big", "file", limit=MOST_BYTES // 1_000_000)
    rows = list(_rows(decoded(data)))
    if len(rows) < 2:
        raise Invalid("table_empty", "file")
    if len(rows) - 1 > MOST_AT_ONCE:
        raise Invalid("table_too_long", "file", limit=MOST_AT_ONCE, actual=len(rows) - 1)
    heads = _heads(rows[0][1])
    return [
        {
            "number": number,
            "cells": {head: plain(cell) for head, cell in zip(heads, cells, strict=False) if head},
            "odd": any(cell.strip() for cell in cells[len(heads) :]),
        }
        for number, cells in rows[1:]
    ]


def said_in(policy: Policy, line: Mapping[str, Any]) -> Said:
    """What one kept line says. Columns that the brand has named nowhere are left out: other tools write many."""
    cells, known = dict(line["cells"]), {rule.theirs for rule in policy.values()}
    external_id = cells.pop("external_id", "")
    said = read_row(policy, {name: cell for name, cell in cells.items() if name in known}, external_id)
    said.left_out += [name for name in cells if name not in known]
    if line.get("odd"):
        said.problems.append(RowProblem("external_id", "table_too_many_cells"))
    return said


def _heads(cells: list[str]) -> list[str]:
    heads = [cell.strip() for cell in cells]
    at = next((heads.index(name) for name in IDS if name in heads), None)
    if at is None:
        raise Invalid("table_without_ids", "file")
    heads[at] = "external_id"
    named = [head for head in heads if head]
    if len(set(named)) != len(named):
        raise Invalid("table_column_twice", "file", name=next(h for h in named if named.count(h) > 1)[:60])
    return heads


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=head.count), strict=True)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield number, cells
            number = reader.line_num + 1
    except csv.Error:
        raise Invalid("table_unreadable", "file", line=number) from None
