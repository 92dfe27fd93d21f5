"""The SQL that turns tables into walls: roles and rights on the hub and in one brand, append-only tables, mirrors.

Text only, built from the installed models; `provisioning` and `fleet` run it. Every statement may run again, so a brand is
re-dressed whenever its fingerprint changes.
"""

from functools import cache
from pathlib import Path

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from tenants.ids import checked_schema_name
from tenants.walls.router import brand_labels

_HUB_SQL = Path(__file__).parent / "sql" / "hub.sql"

# Tables of a brand whose rows the hub keeps a content-free index of, and the function (sql/hub.sql) that writes it.
_MIRRORS = {
    "outbox_outboxrow": ("tenants_mirror_pending", "INSERT OR UPDATE OF due_at, done_at, kind, attempts OR DELETE"),
    "items_item": (
        "tenants_mirror_work",
        "INSERT OR UPDATE OF state, move_of, author_id, decide_by, not_before OR DELETE",
    ),
}

_GRANTS_HAVE_OPTIONS = 160000
_TIMEOUTS = (("statement_timeout", "60s"), ("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "60s"))


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"{}"'.format(name.replace('"', '""'))


def hub_dress(*, database: str, login: str, common: str) -> str:
    """Rights, functions and the view of the public schema, and how the login role's sessions begin."""
    text = _HUB_SQL.read_text()
    for variable, name in (("database", database), ("login", login), ("common", common)):
        text = text.replace(f':"{variable}"', quoted(name))
    session = f"ALTER ROLE {quoted(login)} IN DATABASE {quoted(database)} SET"
    settings = (f"{session} {name} = '{value}';" for name, value in _TIMEOUTS)
    return "\n".join([text, f"{session} search_path = public, pg_temp;", *settings])


def brand_role_sql(*, role: str, login: str, common: str, version: int) -> str:
    """A brand's role: nobody logs in as it, the login role may become it, it reads the brand's people through `common`.

    From PostgreSQL 16 on, what a grant inherits is its own affair, and no longer only the login role's.
    """
    uninherited = " WITH INHERIT FALSE, SET TRUE" if version >= _GRANTS_HAVE_OPTIONS else ""
    return (
        f"CREATE ROLE {quoted(role)} NOLOGIN INHERIT;"
        f"GRANT {quoted(common)} TO {quoted(role)}; GRANT {quoted(role)} TO {quoted(login)}{uninherited};"
    )


def brand_dress(*, schema: str, role: str) -> str:
    """Rights and triggers in one brand's schema. Run with that schema as the search path.

    Tables are named one by one: `ALL TABLES IN SCHEMA` reads the whole catalogue, six times, and at 1,000 brands took twice as
    long as making the tables.
    """
    space, who = quoted(checked_schema_name(schema)), quoted(role)
    tables = ", ".join(map(quoted, _tables()))
    rights = f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {who};" if tables else ""
    return f"""GRANT USAGE ON SCHEMA {space} TO {who};
        {rights}
        {_append_only(who)}
        {triggers()}"""


@cache
def triggers() -> str:
    """The triggers of append-only and mirrored tables: the same for every brand."""
    lines = [
        f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {quoted(table)}"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.tenants_append_only();"
        f"ALTER TABLE {quoted(table)} ENABLE ALWAYS TRIGGER append_only;"
        for table in append_only_tables()
    ]
    lines += [
        f"CREATE OR REPLACE TRIGGER mirror AFTER {events} ON {quoted(table)}"
        f" FOR EACH ROW EXECUTE FUNCTION public.{function}();"
        for table, (function, events) in _MIRRORS.items()
        if table in _tables()
    ]
    return "\n".join(lines)


def append_only_tables() -> list[str]:
    """Tables of a brand whose model says `append_only`."""
    return [table for table, append_only in _tables().items() if append_only]


def _append_only(who: str) -> str:
    tables = ", ".join(map(quoted, append_only_tables()))
    return f"REVOKE UPDATE, DELETE, TRUNCATE ON {tables} FROM {who};" if tables else ""


@cache
def _tables() -> dict[str, bool]:
    born = {label for label, _ in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    labels = born.intersection(brand_labels())
    models = (model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in labels)
    return {model._meta.db_table: bool(getattr(model, "append_only", False)) for model in models if model._meta.managed}
