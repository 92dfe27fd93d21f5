"""Taking a brand: every table of its space as of one moment, its files, and the hub's rows that belong to it, into one file.

One REPEATABLE READ transaction, COPY table by table, constant memory; nobody who works in the brand waits for it. The brand's own
log says afterwards that everything was taken, and with which digest.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tenants.dressing import quoted
from tenants.errors import Missing
from tenants.keeping.container import Digest, Lock, Writer
from tenants.keeping.line import add_line
from tenants.models import Brand, Domain, Membership
from tenants.provisioning import owner
from tenants.vocabulary import BrandState
from tenants.walls.backend.base import OWNER

Seen = Callable[[str, int, int], None]
"""Progress: what is being done, how much of it is done, how much there is."""

HAVE_A_SPACE = (BrandState.ACTIVE, BrandState.SUSPENDED, BrandState.CLOSING)

_TABLES = """
    SELECT c.relname,
           (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
           (SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i
            CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (number, place)
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number WHERE i.indrelid = c.oid AND i.indisprimary)
    FROM pg_class c WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' ORDER BY c.relname"""
_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = %s ORDER BY 1"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is copied: its columns, and the order that makes its digest the same each time."""

    name: str
    columns: tuple[str, ...]
    order: tuple[str, ...]

    def out(self, schema: str) -> str:
        columns, order = (", ".join(map(quoted, names)) for names in (self.columns, self.order))
        return f"COPY (SELECT {columns} FROM {quoted(schema)}.{quoted(self.name)} ORDER BY {order}) TO STDOUT"  # noqa: S608

    def into(self, schema: str) -> str:
        return f"COPY {quoted(schema)}.{quoted(self.name)} ({', '.join(map(quoted, self.columns))}) FROM STDIN"


def quiet(what: str, done: int, whole: int) -> None:
    """Progress nobody watches."""


def back_up(slug: str, target: BinaryIO, lock: Lock, seen: Seen = quiet) -> dict[str, Any]:
    """Write the brand of this slug into `target`; returns the manifest. Raises Missing('brand'), Refused('owner_needed')."""
    connection = owner()
    with transaction.atomic(using=OWNER), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        brand = Brand.objects.using(OWNER).filter(slug=slug, state__in=HAVE_A_SPACE).first()
        if brand is None:
            raise Missing("brand")
        tables = tables_of(cursor, brand.schema_name)
        head = _head(cursor, brand) | {"columns": {table.name: table.columns for table in tables}}
        writer = Writer(target, lock)
        writer.part("head")
        writer.data(json.dumps(head, sort_keys=True).encode())
        told = _write_tables(cursor, brand, tables, writer, seen)
        manifest = {**head, "tables": told, "files": _write_files(brand, writer, seen)}
        writer.finish(manifest)
    with transaction.atomic(using=OWNER), connection.cursor() as cursor:
        add_line(cursor, "brand.backed_up", brand.schema_name, rows=rows_of(manifest), files=len(manifest["files"]))
    return manifest


def rows_of(manifest: dict[str, Any]) -> int:
    return sum(int(table["rows"]) for table in manifest["tables"].values())


def tables_of(cursor: Any, schema: str) -> list[Table]:
    """In the order of their names; a table without a key is in the order of all its columns."""
    cursor.execute(_TABLES, [quoted(schema)])
    return [Table(name, tuple(columns), tuple(key or columns)) for name, columns, key in cursor.fetchall()]


def digest_of(cursor: Any, schema: str, table: Table) -> dict[str, Any]:
    """Of the rows as they stand now."""
    digest = Digest()
    for block in copied(cursor, schema, table):
        digest.add(block)
    return digest.told()


def copied(cursor: Any, schema: str, table: Table) -> Iterator[memoryview]:
    with cursor.copy(table.out(schema)) as copy:
        yield from copy


def folder_of(brand_id: object) -> Path:
    """Where the files of a brand lie."""
    return Path(settings.MEDIA_ROOT) / str(brand_id)


def _head(cursor: Any, brand: Brand) -> dict[str, Any]:
    cursor.execute(f"SELECT app, name FROM {quoted(brand.schema_name)}.django_migrations ORDER BY 1, 2")  # noqa: S608
    migrations = [list(row) for row in cursor.fetchall()]
    names = ("name", "slug", "time_zone", "language", "schema_name", "fingerprint")
    return {
        "brand": {name: getattr(brand, name) for name in names} | {"id": str(brand.id)},
        "taken_at": timezone.now().isoformat(),
        "migrations": migrations,
        "sequences": _sequences(cursor, brand.schema_name),
        "domains": list(Domain.objects.using(OWNER).filter(brand=brand).order_by("host").values("host", "is_primary")),
        "people": _people(brand),
    }


def _sequences(cursor: Any, schema: str) -> dict[str, int]:
    cursor.execute(_SEQUENCES, [schema])
    found = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f"SELECT last_value FROM {quoted(schema)}.{quoted(name)}")  # noqa: S608  read off the catalogue
        found[name] = int(cursor.fetchone()[0])
    return found


def _people(brand: Brand) -> list[dict[str, Any]]:
    """Who has a place here, by address: on another installation the same person has another id."""
    live = Membership.objects.using(OWNER).filter(brand=brand, ended_at=None).select_related("person", "agency")
    return [
        {"email": one.person.email, "side": one.side, "role": one.role, "agency": one.agency.slug if one.agency else ""}
        for one in live.order_by("created_at", "id")
    ]


def _write_tables(cursor: Any, brand: Brand, tables: list[Table], writer: Writer, seen: Seen) -> dict[str, Any]:
    told = {}
    for number, table in enumerate(tables, 1):
        digest = Digest()
        writer.part(f"table/{table.name}")
        for block in copied(cursor, brand.schema_name, table):
            digest.add(block)
            writer.data(block)
        told[table.name] = digest.told()
        seen(table.name, number, len(tables))
    return told


def _write_files(brand: Brand, writer: Writer, seen: Seen) -> dict[str, Any]:
    """Those that are there: a file is written once and never changed, so the moment of the transaction needs none of it."""
    folder, told = folder_of(brand.id), {}
    names = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    for number, path in enumerate(names, 1):
        digest, name = Digest(), path.relative_to(folder).as_posix()
        writer.part(f"file/{name}")
        with path.open("rb") as source:
            while block := source.read(1 << 16):
                digest.add(block)
                writer.data(block)
        told[name] = {key: value for key, value in digest.told().items() if key != "rows"}
        seen("files", number, len(names))
    return told
