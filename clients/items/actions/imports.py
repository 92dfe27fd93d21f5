"""A table becomes drafts, in two acts: it is read and shown, and only then, by a person's press, are its rows written.

Drafts only: each of them goes to the gate by itself, like any other.
"""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.items.access import access_import
from clients.items.models import ItemImport
from clients.items.rows import read_rows
from clients.items.steps import begin_item
from clients.items.tables import Line, read_table
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable


def read_import(actor: Actor, *, data: bytes, name: str, words: Mapping[str, str] | None = None) -> ItemImport:
    """Keep a table to be looked at; nothing is written of it yet. `words`: what people call kinds and sensitivities, by code.

    Raises Invalid('table_...', 'file') as `tables.read_table` does.
    """
    require(actor, Verb.ITEM_CREATE)
    rows = [_stored(line, words or {}) for line in read_table(data)]
    with durable(actor.brand):
        found = ItemImport.objects.create(
            digest=hashlib.sha256(data).hexdigest(),
            name=name[:200],
            rows=rows,
            author_id=actor.somebody,
            author_name=actor.name,
        )
        record(actor, "import.read", found, digest=found.digest, rows=len(rows))
        return found


def confirm_import(actor: Actor, *, import_id: UUID) -> int:
    """Write a draft for each row in which nothing is wrong; how many. They stand or fall together.

    Raises Missing('import'), Conflict('import_confirmed'), Invalid('import_nothing').
    """
    require(actor, Verb.ITEM_CREATE)
    with durable(actor.brand):
        found = access_import(actor, import_id, lock=True)
        if found.confirmed_at is not None:
            raise Conflict("import_confirmed")
        contents = [row.content for row in read_rows(found.rows, actor.brand.time_zone) if row.content]
        if not contents:
            raise Invalid("import_nothing")
        for content in contents:
            begin_item(actor, content)
        found.confirmed_at, found.items_made = timezone.now(), len(contents)
        found.save(update_fields=("confirmed_at", "items_made"))
        record(actor, "import.confirmed", found, items=len(contents))
        return len(contents)


def _stored(line: Line, words: Mapping[str, str]) -> dict[str, object]:
    """As it is kept: with codes where people wrote words, for the language of whoever looks may be another."""
    cells = dict(line.cells)
    for column in ("kind", "sensitivity"):
        typed = cells.get(column, "").strip().casefold()
        if typed:
            cells[column] = words.get(f"{column}:{typed}", typed)
    return {"number": line.number, "cells": {c: v.replace("\0", "") for c, v in cells.items()}, "odd": line.odd}
