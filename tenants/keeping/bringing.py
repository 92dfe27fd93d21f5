"""Bringing a kept brand back: into its own place, or beside it under another name; whole, or not at all.

Everything the database holds changes in one transaction of the owner's. The tables are made from the text recorded on this
installation, never from the file: what a file says is only ever data. Digests are taken of the rows as they stand in the
tables, and compared with what was taken, before anything of them is touched.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID, uuid4

from django.db import transaction

from tenants import dressing, hosts
from tenants.dressing import quoted
from tenants.errors import Conflict, Invalid
from tenants.fingerprint import fingerprint
from tenants.keeping import loghead
from tenants.keeping.container import Digest, Lock, Reader
from tenants.keeping.erased import erased_since, have_erased_again
from tenants.keeping.line import add_line
from tenants.keeping.place import Place, find_place, give_places, spaces_aside
from tenants.keeping.settling import Spaces, rename_files, settle
from tenants.keeping.taking import Seen, Table, digest_of, folder_of, quiet, rows_of, tables_of
from tenants.models import Brand, SchemaText
from tenants.provisioning import owner, schema_text
from tenants.recording import migrate_recording
from tenants.shutting import shut_all
from tenants.walls.backend.base import OWNER


@dataclass
class Restored:
    """What came back. `aside` is the schema in which the state of before waits to be confirmed, '' if there was none."""

    brand: Brand
    aside: str = ""
    rows: int = 0
    tables: int = 0
    files: int = 0
    told: dict[str, int] = field(default_factory=dict)
    absent: list[str] = field(default_factory=list)
    erase_again: list[str] = field(default_factory=list)
    erased_unknown: int = 0


def restore(
    source: BinaryIO,
    lock: Lock,
    *,
    slug: str | None = None,
    replace: bool = False,
    log_of_copy: bool = False,
    seen: Seen = quiet,
) -> Restored:
    """Bring back the brand in `source`; with `slug` as another brand of that name.

    Raises Invalid('backup_unreadable' | 'backup_key' | 'backup_differs' | 'slug_shape'), Conflict('brand_is_there' without
    `replace` | 'slug_taken' | 'log_is_another' | 'brand_busy'), Refused('owner_needed'), Conflict('release_unknown').
    """
    connection = owner()
    reader = Reader(source, lock)
    with _files_undone() as written, transaction.atomic(using=OWNER), connection.cursor() as cursor:
        parts = reader.parts()
        head = _head_of(parts)
        place = find_place(cursor, head, slug=slug, replace=replace)
        _make_space(cursor, place, head["brand"]["fingerprint"])
        tables = _tables(cursor, place, head)
        found = _read(cursor, place, tables, parts, written, seen)
        _compare(cursor, place, tables, reader.manifest, found, seen)
        restored = Restored(
            place.brand, place.aside or "", rows_of(reader.manifest), len(found["table"]), len(found["file"])
        )
        _finish(cursor, place, head, restored, log_of_copy)
    hosts.forget()
    return restored


def confirm(slug: str) -> list[str]:
    """Drop what was set aside for the brand of this slug; returns the names of the schemas."""
    brand = Brand.objects.using(OWNER).filter(slug=slug).first()
    if brand is None:
        return []
    with owner().cursor() as cursor:
        names = spaces_aside(cursor, brand)
        for name in names:
            cursor.execute(f"DROP SCHEMA {quoted(name)} CASCADE")
    return names


def _head_of(parts: Iterator[tuple[str, Iterator[bytes]]]) -> dict[str, Any]:
    name, blocks = next(parts, ("", iter(())))
    if name != "head":
        raise Invalid("backup_unreadable", "file")
    head: dict[str, Any] = json.loads(b"".join(blocks))
    return head


def _make_space(cursor: Any, place: Place, taken_at_fingerprint: str) -> None:
    """Empty tables as they were at the time of taking, without rights or triggers yet: nothing of the filling is a change."""
    text = SchemaText.objects.using(OWNER).filter(pk=taken_at_fingerprint).values_list("sql", flat=True).first()
    if text is None and taken_at_fingerprint == fingerprint():
        text = schema_text()
    if text is None:
        raise Conflict("release_unknown", fingerprint=taken_at_fingerprint[:12])
    if place.aside:
        _set_aside(cursor, place)
    cursor.execute(f"CREATE SCHEMA {quoted(place.schema)}; SET LOCAL search_path = {quoted(place.schema)};\n{text}")
    names = ", ".join(f"{quoted(place.schema)}.{quoted(table.name)}" for table in tables_of(cursor, place.schema))
    cursor.execute(f"TRUNCATE {names}; SET LOCAL search_path = public")


def _set_aside(cursor: Any, place: Place) -> None:
    """Whoever is writing in the brand ends first; who comes later finds no right on what was set aside."""
    old = quoted(place.schema)
    names = [f"{old}.{quoted(table.name)}" for table in tables_of(cursor, place.schema)]
    shut_all(cursor, place.schema)
    cursor.execute("SET LOCAL lock_timeout = '20s'")
    cursor.execute(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE")
    cursor.execute(
        f"REVOKE ALL ON {', '.join(names)} FROM {quoted(place.role)}; REVOKE ALL ON SCHEMA {old} FROM {quoted(place.role)};"
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {old} FROM {quoted(place.role)};"
        f"ALTER SCHEMA {old} RENAME TO {quoted(str(place.aside))}"
    )


def _tables(cursor: Any, place: Place, head: dict[str, Any]) -> dict[str, Table]:
    """With their columns in the order in which they were taken. Raises Invalid('backup_differs') where they are not the same."""
    made = {table.name: table for table in tables_of(cursor, place.schema)}
    if {name: set(columns) for name, columns in head["columns"].items()} != {
        t.name: set(t.columns) for t in made.values()
    }:
        raise Invalid("backup_differs", "file", part="columns")
    return {name: Table(name, tuple(head["columns"][name]), table.order) for name, table in made.items()}


def _read(
    cursor: Any,
    place: Place,
    tables: dict[str, Table],
    parts: Iterator[tuple[str, Iterator[bytes]]],
    written: list[Path],
    seen: Seen,
) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {"table": {}, "file": {}}
    for full, blocks in parts:
        kind, _, name = full.partition("/")
        if kind == "table" and name in tables:
            found[kind][name] = _fill(cursor, place.schema, tables[name], blocks)
            seen(name, len(found[kind]), len(tables))
        elif kind == "file":
            found[kind][name] = _write(place.brand.id, name, blocks, written)
        else:
            raise Invalid("backup_differs", "file", part=full[:80])
    return found


def _fill(cursor: Any, schema: str, table: Table, blocks: Iterator[bytes]) -> dict[str, Any]:
    digest = Digest()
    with cursor.copy(table.into(schema)) as copy:
        for block in blocks:
            digest.add(block)
            copy.write(block)
    return digest.told()


def _write(brand_id: UUID, name: str, blocks: Iterator[bytes], written: list[Path]) -> dict[str, Any]:
    """Beside its place first, then into it: no half file under a name that somebody opens."""
    folder = folder_of(brand_id).resolve()
    path = (folder / name).resolve()
    if folder not in path.parents:
        raise Invalid("backup_unreadable", "file", part=name[:80])
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, beside = Digest(), path.with_name(f".{uuid4().hex}.part")
    written.append(beside)
    with beside.open("wb") as target:
        for block in blocks:
            digest.add(block)
            target.write(block)
    if not path.exists():
        written.append(path)
    beside.replace(path)
    return {key: value for key, value in digest.told().items() if key != "rows"}


@contextmanager
def _files_undone() -> Iterator[list[Path]]:
    """New files go again when the transaction does not stand; a file that was there has the same bytes it had."""
    written: list[Path] = []
    try:
        yield written
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def _compare(
    cursor: Any,
    place: Place,
    tables: dict[str, Table],
    manifest: dict[str, Any],
    found: dict[str, dict[str, Any]],
    seen: Seen,
) -> None:
    """Of the file as read, and of the tables as filled. Raises Invalid('backup_differs')."""
    said = manifest["tables"]
    if said != found["table"] or manifest["files"] != found["file"]:
        raise Invalid("backup_differs", "file")
    for number, table in enumerate(tables.values(), 1):
        if digest_of(cursor, place.schema, table) != said.get(table.name):
            raise Invalid("backup_differs", "file", table=table.name)
        seen("digests", number, len(tables))
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _finish(cursor: Any, place: Place, head: dict[str, Any], restored: Restored, log_of_copy: bool) -> None:
    connection, schema = owner(), place.schema
    spaces = Spaces(new=schema, old=place.aside, was=UUID(head["brand"]["id"]), now=place.brand.id)
    for name, value in head["sequences"].items():
        cursor.execute("SELECT setval(%s, %s)", [f"{quoted(schema)}.{quoted(name)}", max(1, int(value))])
    before = _remembered(cursor, place.brand.id)
    if spaces.is_copy:
        loghead.begin_anew(cursor, schema, place.brand.id)
    elif place.aside and not log_of_copy:
        loghead.carry_on(cursor, schema, place.aside)
    else:
        loghead.come_back(cursor, schema, place.brand.id)
    rename_files(cursor, spaces)
    if head["brand"]["fingerprint"] != fingerprint():
        migrate_recording(connection, schema)
    cursor.execute(f"SET LOCAL search_path = {quoted(schema)}")
    cursor.execute(dressing.brand_dress(schema=schema, role=place.role, brand_id=place.brand.id))
    cursor.execute("SET LOCAL search_path = public")
    restored.told = settle(cursor, spaces)
    since = erased_since(cursor, spaces)
    have_erased_again(cursor, spaces, since)
    restored.erase_again, restored.erased_unknown = [one.member for one in since.again], since.unknown
    restored.absent = give_places(place, head)
    facts = {**restored.told, "rows": restored.rows, "taken_at": head["taken_at"], "log_before": before}
    facts |= {"erase_again": restored.erase_again, "erased_unknown": restored.erased_unknown}
    if spaces.is_copy:
        facts["copy_of"] = str(spaces.was)
    add_line(cursor, "brand.restored", schema, aside=place.aside or "", **facts)
    Brand.objects.using(OWNER).filter(pk=place.brand.pk).update(fingerprint=fingerprint())


def _remembered(cursor: Any, brand_id: UUID) -> int:
    """How long the sealed log was, as far as the hub knows: a log that came back shorter says so in its own line."""
    cursor.execute("SELECT size FROM tenants_loghead WHERE brand_id = %s", [brand_id])
    row = cursor.fetchone()
    return int(row[0]) if row else 0
