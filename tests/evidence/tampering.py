"""What somebody with the owner's password does to the tables of a log: triggers off, one change, triggers on again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

from tenants.walls.backend.base import OWNER
from tenants.walls.scope import BrandRef

TABLES = ("audit_entry", "audit_rowchange", "audit_private", "audit_leaf", "audit_checkpoint")


@contextmanager
def as_owner(brand: BrandRef) -> Iterator[Any]:
    """A cursor in the brand's schema, past every guard that the database has."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f'SET search_path TO "{brand.schema_name}"')
        guards = _guards(cursor)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield cursor
        finally:
            for table, guard in guards:
                cursor.execute(f'ALTER TABLE {table} ENABLE ALWAYS TRIGGER "{guard}"')
            cursor.execute("RESET search_path")


def _guards(cursor: Any) -> list[tuple[str, str]]:
    """Every trigger of these tables that holds always, so that nothing is left to be seen of the intruder but what he did."""
    cursor.execute(
        """SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.oid = ANY (%s::regclass[]) AND t.tgenabled = 'A' AND NOT t.tgisinternal""",
        [list(TABLES)],
    )
    return list(cursor.fetchall())


def tamper(brand: BrandRef, *statements: tuple[str, list[Any]]) -> None:
    with as_owner(brand) as cursor:
        for statement, values in statements:
            cursor.execute(statement, values)
