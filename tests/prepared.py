"""A database that nobody works in, with the hub's tables and the recorded text of a brand's: the others are copies of it.

To run all migrations takes fifteen seconds of a processor, a copy a part of one. The name says which migrations, which Django
and which way of making it; the real migrations run whenever one of these changes, so in every CI run, which begins without any.
"""

import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import psycopg
from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from tenants import provisioning, recording
from tenants.fingerprint import fingerprint

_PREFIX = "relais_ready_"
_LOCK = 0x52454144
_KEPT = timedelta(days=2)


def prepared(admin: psycopg.Connection[Any], point_at: Callable[[str], None]) -> str:
    """The name of that database on the server of `admin`, made now if there is none; `point_at(name)` turns this process to it.

    Several processes at once: the first makes it, the others wait. Autocommit is on.
    """
    name = f"{_PREFIX}{_version()[:16]}"
    with alone(admin):
        if name not in _there(admin):
            _forget_old(admin)
            half = f"{name}_half"
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(half)))
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half)))
            point_at(half)
            provisioning.migrate_hub(provisioning.owner())
            provisioning.schema_text()
            connections.close_all()
            today = datetime.now(UTC).isoformat()
            admin.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(half), sql.Literal(today)))
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name)))
    return name


def copied(admin: psycopg.Connection[Any], name: str, ready: str) -> None:
    """A new database, as the prepared one is."""
    admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(ready)))


def _version() -> str:
    """All that decides what is in it."""
    digest = hashlib.sha256(f"{django.__version__} {settings.INSTALLED_APPS} {fingerprint()}".encode())
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    modules = {key: sys.modules[migration.__module__] for key, migration in migrations.items()}
    for key in sorted(modules):
        digest.update(repr(key).encode() + Path(modules[key].__file__ or "").read_bytes())
    for module in (provisioning, recording, sys.modules[__name__]):
        digest.update(Path(module.__file__ or "").read_bytes())
    return digest.hexdigest()


@contextmanager
def alone(admin: psycopg.Connection[Any]) -> Iterator[None]:
    """One process at a time tidies up or prepares on that server."""
    admin.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        admin.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _there(admin: psycopg.Connection[Any]) -> dict[str, datetime | None]:
    """When each was made; None for one of which it is not known."""
    rows = admin.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE starts_with(datname, %s)",
        [_PREFIX],
    )
    return {name: datetime.fromisoformat(at) if at else None for name, at in rows.fetchall()}


def _forget_old(admin: psycopg.Connection[Any]) -> None:
    """Those of other versions, once another checkout on the same server will hardly want them any more."""
    for name, made in _there(admin).items():
        if made is not None and made < datetime.now(UTC) - _KEPT:
            with suppress(psycopg.Error):  # somebody makes a copy of it: the next one forgets it
                admin.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
