"""The statements by which mentions are found again and stored: by hand, because of a batch of hundreds each may take one only."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from orjson import dumps
from psycopg.types.json import Jsonb

Row = tuple[Any, ...]
_TYPES = {
    "id": "uuid", "info_class": "varchar", "named": "jsonb", "owner_side": "varchar", "source": "uuid", "medium": "varchar",
    "key": "varchar", "copy_of_id": "uuid", "title": "varchar", "text": "text", "author": "varchar", "author_handle": "varchar",
    "url": "varchar", "language": "varchar", "marks": "int8[]", "published_at": "timestamptz", "found_at": "timestamptz",
    "channel": "uuid", "remote_id": "varchar", "kind": "varchar", "kind_why": "jsonb", "sorted_by": "varchar",
    "matched": "jsonb", "sensitivity": "varchar", "priority": "int2", "priority_why": "jsonb", "state": "varchar",
    "outcome": "varchar",
}  # fmt: skip
COLUMNS = tuple(_TYPES)
_JSON = tuple(place for place, kind in enumerate(_TYPES.values()) if kind == "jsonb")
_COPY = f"COPY mentions_mention ({', '.join(COLUMNS)}) FROM STDIN (FORMAT BINARY)"
KNOWN = "SELECT key FROM mentions_mention WHERE source = %s AND key = ANY(%s)"
TOLD = """
    SELECT DISTINCT ON (told.found_at, told.id) told.id, told.title, told.text, told.marks
    FROM unnest(%s::bigint[]) asked (mark)
    JOIN mentions_mention told ON told.marks @> ARRAY[asked.mark] AND told.copy_of_id IS NULL
    WHERE told.found_at > %s ORDER BY told.found_at, told.id
"""
# One mark after the other: asked for thousands at once (`&&`), the planner takes them for half of the table and reads it whole.


def known(source: UUID, keys: list[str]) -> set[str]:
    """Those of these keys that the source has brought before."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [source, keys])
        return {key for (key,) in cursor.fetchall()}


def told_before(marks: list[int], since: datetime) -> Iterator[tuple[UUID, str, str, list[int]]]:
    """(id, title, text, marks) of what may tell one of these stories, the first to tell it first."""
    if not marks:
        return
    with connection.cursor() as cursor:
        cursor.execute(TOLD, [marks, since])
        yield from cursor.fetchall()


def insert(rows: Iterable[Row]) -> None:
    """One statement. Raises IntegrityError where somebody else has just stored one of them."""
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(_COPY) as copy:
        copy.set_types(list(_TYPES.values()))
        for row in rows:
            copy.write_row(_with_json(row))


def _with_json(row: Row) -> list[Any]:
    values = list(row)
    for place in _JSON:
        values[place] = Jsonb(values[place], dumps=dumps)
    return values
