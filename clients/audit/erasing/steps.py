"""Looking for somebody's values in every holder, and taking them out: the one place that writes into other features' rows.

It may, because each feature has said in `holders` which columns and how. In the caller's open transaction, which must have
written the line of an erasure first: triggers refuse to touch rows that never change without it.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from clients.audit.erasing.holders import Holder, holders
from clients.audit.erasing.values import Sought
from clients.audit.models import Private
from tenants.dressing import quoted
from tenants.walls.scope import required_brand

AT_ONCE = 500
# All but Django's own list of migrations, which no brand may read and which holds their names alone.
_READABLE = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = %s AND has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'SELECT')"""


@dataclass(frozen=True, slots=True)
class Piece:
    """One row that holds words about somebody: what kind of thing, where, and the words."""

    kind: str
    table: str
    id: UUID
    words: dict[str, Any]


@dataclass
class TakenOut:
    """How many rows of each kind, and the files that go once this is committed."""

    counts: "Counter[str]" = field(default_factory=Counter)
    files: list[str] = field(default_factory=list)


def held(sought: Sought) -> Iterator[Piece]:
    """Every row of every holder in which one of the values stands."""
    for holder in holders():
        table = holder.model._meta.db_table
        for pk, words in _rows(holder, sought):
            yield Piece(holder.kind, table, pk, words)


def private_of(sought: Sought) -> list[UUID]:
    """The lines of the log whose private part holds one of the values."""
    found = _matching(Private._meta.db_table, {"data": "data"}, sought)
    return [pk for pk, _ in found]


def take_out(sought: Sought) -> TakenOut:
    """Take the values out of every holder, as it says; files are named, not deleted."""
    done = TakenOut()
    for holder in holders():
        rows = list(_rows(holder, sought, lock=True))
        if rows:
            done.counts[holder.kind] += len(rows)
            _take_out(holder, rows, sought, done)
    return done


def tables_that_hold(sought: Sought) -> tuple[int, int, dict[str, int]]:
    """Every table of the brand whatever it is, and every column of it, as text: (tables, rows, rows found by table)."""
    tables, rows, found = 0, 0, {}
    with connection.cursor() as cursor:
        cursor.execute(_READABLE, [required_brand().schema_name])
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {quoted(name)}")  # noqa: S608  names of the catalogue, quoted
            tables, rows = tables + 1, rows + cursor.fetchone()[0]
            text = f"SELECT to_jsonb(t)::text FROM {quoted(name)} t WHERE to_jsonb(t)::text ~ %s"  # noqa: S608  the same
            cursor.execute(text, [sought.sieve])
            if many := sum(sought.found_in(text) for (text,) in cursor.fetchall()):
                found[name] = many
    return tables, rows, found


def _rows(holder: Holder, sought: Sought, *, lock: bool = False) -> list[tuple[UUID, dict[str, Any]]]:
    if not sought.values:
        return []
    if holder.which is not None:
        return [(pk, {}) for pk in holder.which(sought)]
    columns = {name: _column(holder.model, name) for name in holder.fields}
    return _matching(holder.model._meta.db_table, columns, sought, lock=lock and not _fixed(holder))


def _fixed(holder: Holder) -> bool:
    """Rows that never change need no lock, and no right to lock is given on them."""
    model = holder.model
    return bool(getattr(model, "append_only", False) or getattr(model, "never_updated", False))


def _matching(
    table: str, columns: dict[str, str], sought: Sought, *, lock: bool = False
) -> list[tuple[UUID, dict[str, Any]]]:
    if not sought.values:
        return []
    words = "jsonb_build_object({})".format(", ".join(f"'{name}', {quoted(col)}" for name, col in columns.items()))
    with connection.cursor() as cursor:
        text = f"SELECT id, {words}::text FROM {quoted(table)} WHERE {words}::text ~ %s ORDER BY id"  # noqa: S608  our models'
        cursor.execute(text + " FOR UPDATE" * lock, [sought.sieve])
        return [(pk, json.loads(text)) for pk, text in cursor.fetchall() if sought.found_in(text)]


def _take_out(holder: Holder, rows: list[tuple[UUID, dict[str, Any]]], sought: Sought, done: TakenOut) -> None:
    table, ids = quoted(holder.model._meta.db_table), [pk for pk, _ in rows]
    if holder.files is not None:
        done.files += holder.files(ids)
    with connection.cursor() as cursor:
        if holder.whole:
            cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [ids])  # noqa: S608  our models'
            return
        columns = [_column(holder.model, name) for name in holder.fields]
        sets = ", ".join(f"{quoted(c)} = new.{quoted(c)}" for c in columns)
        for start in range(0, len(rows), AT_ONCE):
            fresh = [{"id": str(pk)} | _renewed(holder, words, sought) for pk, words in rows[start : start + AT_ONCE]]
            given = f"jsonb_populate_recordset(NULL::{table}, %s::jsonb)"
            cursor.execute(f"UPDATE {table} t SET {sets} FROM {given} new WHERE t.id = new.id", [json.dumps(fresh)])  # noqa: S608


def _renewed(holder: Holder, words: dict[str, Any], sought: Sought) -> dict[str, Any]:
    """The columns' new values by column; what was sought may also stand in the name of a key."""
    fresh = holder.rewrite(words, sought) if holder.rewrite else {n: sought.without(v) for n, v in words.items()}
    return {_column(holder.model, name): value for name, value in fresh.items()}


def naming(model: type[Any], fields: tuple[str, ...], ids: list[UUID], sought: Sought) -> set[UUID]:
    """Which of these rows hold one of the values."""
    columns = {name: _column(model, name) for name in fields}
    wanted = set(ids)
    return {pk for pk, _ in _matching(model._meta.db_table, columns, sought) if pk in wanted}


def remove_rows(model: type[Any], ids: list[UUID]) -> int:
    """Rows whose time is over."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {quoted(model._meta.db_table)} WHERE id = ANY(%s)", [ids])  # noqa: S608  our models'
        return cursor.rowcount


def empty_columns(model: type[Any], ids: list[UUID], empty: dict[str, str]) -> int:
    """Words whose time is over, out of rows that stay. `empty` is each column's value without words."""
    sets = ", ".join(f"{quoted(_column(model, name))} = %s" for name in empty)
    with connection.cursor() as cursor:
        text = f"UPDATE {quoted(model._meta.db_table)} SET {sets} WHERE id = ANY(%s)"  # noqa: S608  our models'
        cursor.execute(text, [*empty.values(), ids])
        return cursor.rowcount


def _column(model: type[Any], name: str) -> str:
    return next(str(field.column) for field in model._meta.concrete_fields if field.name == name)
