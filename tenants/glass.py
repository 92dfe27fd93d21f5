"""What the database knows of an opening of one brand for an operator: a role for it alone, and views that it may read.

The role is nobody's: it has a password only for the moment of one page, made and forgotten here, so nobody can read past the
line of the log that each page costs. Making one needs the owner's address; taking one away any process of ours may do.
"""

import json
import re
import secrets
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction
from psycopg import sql

from tenants.brandref import BrandRef
from tenants.dressing import quoted
from tenants.provisioning import owner
from tenants.server import database_tag
from tenants.walls.backend.base import OWNER
from tenants.walls.router import brand_labels
from tenants.walls.scope import hub_scope
from tenants.walls.stamps import Stamped

_SQL = Path(__file__).parent / "sql" / "glass.sql"
WITHHELD = frozenset({"audit_private"})
"""Tables that no opening shows: names and words that the log only commits to."""
LAST_ENDS_WITHIN = 5.0
"""Seconds that a page waits for the session of the one before to be gone; after it the server refuses, and says so."""
_SECRET = re.compile(r"secret|token|key|password|seal|code|credential|salt|seed")
"""Columns so called are withheld, whatever they hold: better one too many."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of one table: rows whose columns read exactly so, by id, from `offset` on."""

    table: str
    where: tuple[tuple[str, str], ...] = ()
    offset: int = 0
    limit: int = 50


def name_of(opening: UUID) -> str:
    """The schema of its views; its role is called so too, after the tag of the database."""
    return f"glass_{opening.hex[-12:]}"


def readable(parts: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Table -> the columns that an opening of these parts shows, the primary key first."""
    found = {}
    for model in apps.get_models():
        of_a_brand = issubclass(model, Stamped) and model._meta.app_label in brand_labels() and model._meta.managed
        if of_a_brand and model._meta.app_label in parts and model._meta.db_table not in WITHHELD:
            found[model._meta.db_table] = _columns(model)
    return dict(sorted(found.items()))


def _columns(model: type[models.Model]) -> tuple[str, ...]:
    sealed = getattr(model, "sealed_columns", ())
    shown = [
        str(field.column)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.BinaryField) and field.name not in sealed and not _SECRET.search(field.name)
    ]
    key = str(model._meta.pk.column)
    return (key, *(column for column in shown if column != key))


def put_up(opening: UUID, brand: BrandRef, parts: Collection[str], until: datetime) -> None:
    """Make the role and its views. The row of the opening is committed. Raises Refused('owner_needed')."""
    raw = owner()
    glass, role = quoted(name_of(opening)), quoted(_role(opening))
    values = {
        ":opening": f"'{opening}'::uuid",
        ":owner": quoted(raw.settings_dict["USER"]),
        ":until": f"'{until.isoformat()}'",
        ":database": quoted(raw.settings_dict["NAME"]),
        ":glass": glass,
        ":role": role,
        ":space": quoted(brand.schema_name),
        ":brand": f"'{brand.schema_name}'",
    }
    text = re.sub("|".join(values), lambda found: values[found[0]], _SQL.read_text())
    for table, columns in readable(parts).items():
        view = f"{glass}.{quoted(table)}"
        text += (
            f"CREATE VIEW {view} WITH (security_barrier) AS SELECT {', '.join(map(quoted, columns))}"  # noqa: S608  our own names
            f" FROM {quoted(brand.schema_name)}.{quoted(table)} WHERE (SELECT {glass}.passed('{table}'));"
            f"GRANT SELECT ON {view} TO {role};\n"
        )
    with transaction.atomic(using=OWNER), raw.cursor() as cursor:
        cursor.execute(text)


def shut(opening: UUID) -> bool:
    """Take role and views away, whoever is reading. False where there is none (any more)."""
    with hub_scope(), connection.cursor() as cursor:
        cursor.execute("SELECT tenants_shut_glass(%s)", [name_of(opening)])
        return bool(cursor.fetchone()[0])


def keys(page: Page) -> list[Any]:
    """The primary keys of the page's rows. In the brand's own scope, before the line that says how many there are."""
    key = sql.Identifier(str(model_of(page.table)._meta.pk.column))
    statement, values = _statement(page, sql.Identifier(page.table), [key])
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [found for (found,) in cursor.fetchall()]


def model_of(table: str) -> type[models.Model]:
    """Whose rows a table of a brand holds."""
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def read(opening: UUID, page: Page, columns: Sequence[str]) -> list[dict[str, Any]]:
    """The rows of a page, as the role of this opening. Raises psycopg.Error when the database refuses."""
    names = [sql.Identifier(column) for column in columns]
    statement, values = _statement(page, sql.Identifier(name_of(opening), page.table), names)
    with session(opening) as raw:
        found = raw.execute(sql.SQL("SELECT to_jsonb(page)::text FROM ({}) AS page").format(statement), values)
        return [json.loads(row) for (row,) in found.fetchall()]


def _statement(page: Page, table: sql.Identifier, columns: Sequence[Any]) -> tuple[sql.Composed, list[Any]]:
    compared = [sql.SQL("{}::text = %s").format(sql.Identifier(column)) for column, _ in page.where]
    statement = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY 1 LIMIT %s OFFSET %s").format(
        sql.SQL(", ").join(columns),
        table,
        sql.SQL(" AND ").join(compared) if compared else sql.SQL("true"),
    )
    return statement, [*(value for _, value in page.where), page.limit, page.offset]


@contextmanager
def session(opening: UUID) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the role of the opening, which can sign in only meanwhile, with a password that nobody is told."""
    raw = owner()
    raw.ensure_connection()
    word, role = secrets.token_urlsafe(32), _role(opening)
    hidden = raw.connection.pgconn.encrypt_password(word.encode(), role.encode(), b"scram-sha-256").decode()
    with _alone(opening):
        _wait_for_last(role)
        try:
            _alter(f"ALTER ROLE {quoted(role)} LOGIN PASSWORD '{hidden}'")
            asked = raw.get_connection_params() | {"user": role, "password": word, "connect_timeout": 10}
            with psycopg.connect(**asked) as reader:
                yield reader
        finally:
            with suppress(ProgrammingError):  # somebody has ended it meanwhile: the role is gone
                _alter(f"ALTER ROLE {quoted(role)} NOLOGIN PASSWORD NULL")


def _wait_for_last(role: str) -> None:
    """The server may still be ending the session of the page before, and lets the role in once at a time."""
    until = time.monotonic() + LAST_ENDS_WITHIN
    with owner().cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE usename = %s)", [role])
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.02)


@contextmanager
def _alone(opening: UUID) -> Iterator[None]:
    """One page of an opening at a time."""
    with owner().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name_of(opening)])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name_of(opening)])


def _alter(statement: str) -> None:
    with owner().cursor() as cursor:
        cursor.execute(statement)


def _role(opening: UUID) -> str:
    return f"{database_tag(owner().settings_dict['NAME'])}_{name_of(opening)}"
