"""The SQL that turns tables into walls: roles and rights on the hub and in one brand, append-only tables, mirrors.

Text only, built from the installed models; `provisioning` and `fleet` run it. Every statement may run again, so a brand is
re-dressed whenever its fingerprint changes.
"""

import re
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from tenants.ids import checked_schema_name
from tenants.walls.router import brand_labels

_HUB_SQL = Path(__file__).parent / "sql" / "hub.sql"
_BRAND_SQL = Path(__file__).parent / "sql" / "brand.sql"

# Tables of a brand whose rows the hub keeps a content-free index of, and the call (sql/hub.sql) that writes it.
_MIRRORS = {
    "outbox_outboxrow": ("tenants_mirror_pending()", "INSERT OR UPDATE OF due_at, done_at, kind, attempts OR DELETE"),
    "items_item": (
        "tenants_mirror_work()",
        "INSERT OR UPDATE OF state, move_of, author_id, decide_by, not_before OR DELETE",
    ),
    "custody_offer": (
        "tenants_mirror_personal('offered', 'accept_by')",
        "INSERT OR UPDATE OF closed_at, to_person OR DELETE",
    ),
    "custody_conversation": ("tenants_mirror_held()", "INSERT OR UPDATE OF holder_person, state OR DELETE"),
    "insights_asking": (
        "tenants_mirror_personal('asked', 'due_at')",
        "INSERT OR UPDATE OF closed_at, answered_at, due_at, to_person OR DELETE",
    ),
    "moderation_appeal": (
        "tenants_mirror_personal('appealed', 'at')",
        "INSERT OR UPDATE OF state, to_person OR DELETE",
    ),
    "triage_handing": ("tenants_mirror_personal('handed', 'at')", "INSERT OR UPDATE OF closed_at, to_person OR DELETE"),
}

# The log's two tables that have triggers of their own, and how a trigger that notes a statement is timed; @ is its table.
_ENTRIES, _PRIVATE = "audit_entry", "audit_private"
_TIMINGS = {
    "INSERT": "AFTER INSERT ON @ REFERENCING NEW TABLE AS changed",
    "UPDATE": "AFTER UPDATE ON @ REFERENCING NEW TABLE AS changed",
    "DELETE": "AFTER DELETE ON @ REFERENCING OLD TABLE AS changed",
    "TRUNCATE": "AFTER TRUNCATE ON @",
}

REDACTION = ("redaction", "redaction_only")
"""With the line of an erasure alone; and words only go, none come."""

Dress = Callable[[str, str, UUID, dict[str, Collection[str]]], str]
"""(the schema and the role, both quoted; the brand; the columns of each table there is) -> SQL that may run again."""

_features: list[Dress] = []

_GRANTS_HAVE_OPTIONS = 160000
_TIMEOUTS = (("statement_timeout", "60s"), ("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "60s"))


class LogTrigger(NamedTuple):
    """One trigger of the log: on which table, called what, when, and the function of the brand's schema it calls."""

    table: str
    name: str
    timing: str
    function: str


def also_dressed(dress: Dress) -> Dress:
    """Register what a feature needs in a brand's schema beyond its tables: made, migrated and restored with them."""
    _features.append(dress)
    return dress


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


def brand_dress(*, schema: str, role: str, brand_id: UUID) -> str:
    """Rights, functions and triggers in one brand's schema. Run with that schema as the search path.

    Tables are named one by one: `ALL TABLES IN SCHEMA` reads the whole catalogue, six times, and at 1,000 brands took twice as
    long as making the tables.
    """
    space, who = quoted(checked_schema_name(schema)), quoted(role)
    tables = ", ".join(map(quoted, _tables()))
    rights = f"GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {who};" if tables else ""
    return f"""GRANT USAGE ON SCHEMA {space} TO {who};
        {rights}
        {_taken_back(who)}
        {triggers()}
        {_log_dress(space=space, who=who, brand_id=brand_id)}
        {"".join(dress(space, who, brand_id, _all_columns()) for dress in _features)}"""


@cache
def triggers() -> str:
    """The triggers of append-only and mirrored tables: the same for every brand."""
    lines = [
        f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE{_never(table)} OR DELETE OR TRUNCATE ON {quoted(table)}"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.tenants_append_only();"
        f"ALTER TABLE {quoted(table)} ENABLE ALWAYS TRIGGER append_only;"
        for table in append_only_tables()
    ]
    lines += [
        f"CREATE OR REPLACE TRIGGER redaction BEFORE UPDATE ON {quoted(table)}"
        " FOR EACH STATEMENT EXECUTE FUNCTION public.tenants_redacting();"
        f"ALTER TABLE {quoted(table)} ENABLE ALWAYS TRIGGER redaction;"
        f"CREATE OR REPLACE TRIGGER redaction_only BEFORE UPDATE ON {quoted(table)}"
        " FOR EACH ROW EXECUTE FUNCTION public.tenants_only_taking_out();"
        f"ALTER TABLE {quoted(table)} ENABLE ALWAYS TRIGGER redaction_only;"
        for table in redactable_tables()
    ]
    lines += [
        f"CREATE OR REPLACE TRIGGER mirror AFTER {events} ON {quoted(table)}"
        f" FOR EACH ROW EXECUTE FUNCTION public.{call};"
        for table, (call, events) in _MIRRORS.items()
        if table in _tables()
    ]
    return "\n".join(lines)


def append_only_tables() -> list[str]:
    """Tables of a brand whose model says `append_only`."""
    return [table for table, model in _tables().items() if _says(model, "append_only")]


def redactable_tables() -> list[str]:
    """Of these, the tables with columns out of which an erasure may take words: their triggers are `REDACTION`."""
    return [table for table in append_only_tables() if _says(_tables()[table], "redactable")]


def _never(table: str) -> str:
    """' OF ...' with the columns that not even an erasure touches; nothing where that is all of them."""
    model, given = _tables()[table], _columns(table)
    others = [quoted(str(f.column)) for f in model._meta.concrete_fields if f.column not in given]
    return f" OF {', '.join(others)}" if given else ""


def _columns(table: str) -> list[str]:
    model = _tables()[table]
    named = _says(model, "redactable") or ()
    return [str(field.column) for field in model._meta.concrete_fields if field.name in named]


@cache
def log_triggers() -> tuple[LogTrigger, ...]:
    """The triggers that feed the log of one brand; each must be there and enabled ALWAYS, or the log has a hole."""
    wished = [LogTrigger(_ENTRIES, "log_queue", _TIMINGS["INSERT"], "audit_queue")]
    wished += [LogTrigger(_PRIVATE, "log_erasing", _TIMINGS["DELETE"], "audit_erasing")]
    wished += [LogTrigger(_PRIVATE, "log_with_its_line", _TIMINGS["INSERT"], "audit_with_its_line")]
    for table, model in _tables().items():
        for event in _says(model, "watched_events") or (() if _says(model, "unwatched") else _TIMINGS):
            function = "audit_note_truncate" if event == "TRUNCATE" else "audit_note_rows"
            wished.append(LogTrigger(table, f"log_{event.lower()}", _TIMINGS[event], function))
    return tuple(each for each in wished if each.table in _tables())


def unwatched_tables() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Tables whose changes are not noted: why, and what of them is noted after all."""
    reasons = {table: (_says(model, "unwatched"), _says(model, "watched_events")) for table, model in _tables().items()}
    return {table: found for table, found in reasons.items() if found[0]}


def log_functions(*, schema: str, brand_id: UUID) -> dict[str, str]:
    """The bodies that the functions behind those triggers must have in this brand, by name."""
    text = _log_dress(space=quoted(schema), who="", brand_id=brand_id)
    return dict(re.findall(r"FUNCTION \S+?\.(\w+)\(\) RETURNS trigger.*?AS \$\$(.*?)\$\$", text, re.DOTALL))


def _log_dress(*, space: str, who: str, brand_id: UUID) -> str:
    if _ENTRIES not in _tables():
        return ""
    wishes = ", ".join(f"('{t.table}', '{t.name}', '{t.timing}', '{t.function}')" for t in log_triggers())
    values = {":space": space, ":bare": space, ":brand": f"'{brand_id}'::uuid", ":role": who, ":wishes": wishes}
    return re.sub("|".join(values), lambda found: values[found[0]], _BRAND_SQL.read_text())


def _all_columns() -> dict[str, Collection[str]]:
    return {table: [str(field.column) for field in model._meta.concrete_fields] for table, model in _tables().items()}


def _taken_back(who: str) -> str:
    """Of the rights given on all tables, those that a model does without."""
    lines = []
    for table, model in _tables().items():
        taken = ["INSERT"] if _says(model, "written_by_database") or _says(model, "given_by_database") else []
        taken += ["UPDATE", "TRUNCATE"] if _says(model, "append_only") or _says(model, "never_updated") else []
        taken += ["DELETE"] if _says(model, "append_only") else []
        if taken:
            lines.append(f"REVOKE {', '.join(taken)} ON {quoted(table)} FROM {who};")
        if table in redactable_tables():
            lines.append(f"GRANT UPDATE ({', '.join(map(quoted, _columns(table)))}) ON {quoted(table)} TO {who};")
        if given := _says(model, "given_by_database"):
            ours = [quoted(str(field.column)) for field in model._meta.concrete_fields if field.column not in given]
            lines.append(f"GRANT INSERT ({', '.join(ours)}) ON {quoted(table)} TO {who};")
    return "\n".join(lines)


def _says(model: type[Model], attribute: str) -> Any:
    """What a model of the brands declares about itself (`tenants.walls.stamps.Stamped`); tables that Django makes say nothing."""
    return getattr(model, attribute, None)


@cache
def _tables() -> dict[str, type[Model]]:
    born = {label for label, _ in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
    labels = born.intersection(brand_labels())
    models = (model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in labels)
    return {model._meta.db_table: model for model in models if model._meta.managed}
