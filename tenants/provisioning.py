"""Making a brand's space: one recorded text, replayed in one transaction, with its role, rights and triggers.

A sign-up does not wait for this: spaces are made ahead as `blank` brands, and `tenants.actions.create_brand` takes one with a
single UPDATE. Everything here needs the owner's connection, which web processes do not have.
"""

from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from tenants import dressing, server
from tenants.dressing import quoted
from tenants.errors import Refused
from tenants.fingerprint import fingerprint
from tenants.ids import new_schema_name
from tenants.models import Brand, SchemaText
from tenants.recording import migrate_recording
from tenants.vocabulary import BrandState
from tenants.walls.backend.base import OWNER

Progress = Callable[[str], None]
_PROVISIONING_LOCK = 0x52454C41  # one writer of roles and of the recorded text at a time, per database
_RECORDING_SCHEMA = "recording"  # lives inside one transaction that is rolled back


def quietly(line: str) -> None:
    """Progress nobody watches."""


def owner() -> Any:
    """The owner's connection. Raises Refused('owner_needed') in processes that have none."""
    if OWNER not in connections.settings:
        raise Refused("owner_needed")
    return connections[OWNER]


def prepare_hub(progress: Progress = quietly) -> None:
    """Roles, public migrations, rights, the recorded text. Idempotent; several at once queue up for a lock."""
    connection = owner()
    _refuse_old_server(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_PROVISIONING_LOCK])
    try:
        with transaction.atomic(using=OWNER):
            _make_roles(connection)
        progress("roles")
        migrate_hub(connection)
        progress("hub tables")
        with transaction.atomic(using=OWNER), connection.cursor() as cursor:
            cursor.execute(dressing.hub_dress(**_names(connection)))
        progress("rights")
        schema_text(progress)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_PROVISIONING_LOCK])


def schema_text(progress: Progress = quietly) -> str:
    """The SQL that makes one brand's tables at the present fingerprint; recorded once and kept on the hub."""
    kept = SchemaText.objects.using(OWNER).filter(pk=fingerprint()).first()
    if kept is None:
        text = _record(progress)
        kept, _ = SchemaText.objects.using(OWNER).get_or_create(fingerprint=fingerprint(), defaults={"sql": text})
    return str(kept.sql)


def provision(text: str | None = None) -> Brand:
    """One new blank brand, whole or not at all: row, role, schema, tables, rights and triggers in one transaction."""
    connection = owner()
    schema = new_schema_name()
    names = _names(connection)
    role = server.brand_role(names["database"], schema)
    brand = Brand(
        schema_name=schema, role_name=role, slug=schema, state=BrandState.BLANK.value, fingerprint=fingerprint()
    )
    script = "\n".join(
        [
            dressing.brand_role_sql(
                role=role, login=names["login"], common=names["common"], version=connection.pg_version
            ),
            f"CREATE SCHEMA {quoted(schema)}; SET LOCAL search_path = {quoted(schema)};",
            text or schema_text(),
            dressing.brand_dress(schema=schema, role=role, brand_id=brand.id),
            "SET LOCAL search_path = public;",
        ]
    )
    with transaction.atomic(using=OWNER):
        with connection.cursor() as cursor:
            cursor.execute(script)
        Brand.objects.using(OWNER).bulk_create([brand])
    return brand


def top_up(size: int, progress: Progress = quietly) -> int:
    """Make blanks until `size` of the present fingerprint stand ready. Returns how many were made."""
    ready = Brand.objects.using(OWNER).filter(state=BrandState.BLANK, fingerprint=fingerprint()).count()
    text = schema_text()
    for number in range(ready, size):
        provision(text)
        progress(f"blank {number + 1} of {size}")
    return max(0, size - ready)


def migrate_hub(connection: Any) -> None:
    """The view stands on the tables, so it steps aside for a migration, and only then: brands that are served read it."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with connection.cursor() as cursor:
            cursor.execute("DROP VIEW IF EXISTS brand_people")
        call_command("migrate", database=OWNER, interactive=False, verbosity=0)


def _record(progress: Progress) -> str:
    connection = owner()
    with transaction.atomic(using=OWNER), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {quoted(_RECORDING_SCHEMA)}")
        text = migrate_recording(connection, _RECORDING_SCHEMA, progress)
        transaction.set_rollback(True, using=OWNER)
    return text


def _make_roles(connection: Any) -> None:
    names = _names(connection)
    password = connections.settings["default"]["PASSWORD"]
    with connection.cursor() as cursor:
        for name, options in ((names["common"], "NOLOGIN"), (names["login"], "LOGIN NOINHERIT")):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {quoted(name)} {options}")
        if password:
            cursor.execute(f"ALTER ROLE {quoted(names['login'])} PASSWORD %s", [password])


def _names(connection: Any) -> dict[str, str]:
    database = connection.settings_dict["NAME"]
    login = connections.settings["default"]["USER"]
    if login == connection.settings_dict["USER"]:
        raise Refused("login_is_owner")
    return {"database": database, "login": login, "common": server.common_role(database)}


def _refuse_old_server(connection: Any) -> None:
    connection.ensure_connection()
    if server.too_old(connection.pg_version):
        raise Refused("postgresql_too_old", version=connection.pg_version)
