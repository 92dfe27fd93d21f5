"""Running a brand's real migrations once while writing down the SQL, so that every other brand can replay the text.

Why not `pg_dump` of a template: a machine with only a database address has none, and Django's own names and seed rows of
data migrations come for free here. Why not `collect_sql`: it cannot run an operation that has to look into the database first
(dropping an unnamed constraint) nor a `RunPython`. Executing for real and recording covers both; see docs/decisions.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from django.db.migrations import Migration, RunPython
from django.db.migrations.executor import MigrationExecutor

from tenants.dressing import quoted
from tenants.walls.router import brand_labels

# Rows written by one migration leave deferred checks behind, and a table with those cannot be altered by the next.
_SETTLE_CONSTRAINTS = "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"


def plan_for(owner: Any, schema: str) -> list[Migration]:
    """Migrations that `schema` lacks. Inside a transaction of the owner."""
    with _planning_for(owner, schema):
        executor = MigrationExecutor(owner)
        return [migration for migration, _ in executor.migration_plan(_targets(executor))]


def is_pure(plan: list[Migration]) -> bool:
    """Whether a plan is the same text for every brand: a `RunPython` may read rows, so it runs for each."""
    return not any(isinstance(operation, RunPython) for migration in plan for operation in migration.operations)


def migrate_recording(owner: Any, schema: str, progress: Callable[[str], None] | None = None) -> str:
    """Bring `schema` up to date inside the owner's open transaction. Returns the SQL that did it."""

    def after_each(action: str, migration: Any = None, fake: bool = False) -> None:
        if action == "apply_success":
            with owner.cursor() as cursor:
                cursor.execute(_SETTLE_CONSTRAINTS)
            if progress:
                progress(str(migration))

    with _planning_for(owner, schema), _recorded(owner) as statements:
        executor = MigrationExecutor(owner, cast("Any", after_each))
        executor.migrate(_targets(executor))
    return ";\n".join(statements) + ";\n"


class WarmExecutor:
    """Applies one plan to many schemas, building the project's state once instead of once per schema."""

    def __init__(self, owner: Any, schema: str, plan: list[Migration]) -> None:
        self._owner = owner
        self._plan = plan
        with _planning_for(owner, schema):
            executor = MigrationExecutor(owner)
            self._before = cast("Any", executor)._create_project_state(with_applied_migrations=True)

    def apply(self, schema: str) -> None:
        """Inside a transaction of the owner of its own."""
        with _planning_for(self._owner, schema):
            state = self._before.clone()
            for migration in self._plan:
                with self._owner.schema_editor(atomic=False) as editor:
                    state = migration.apply(state, editor)
                with self._owner.cursor() as cursor:
                    cursor.execute(_SETTLE_CONSTRAINTS)
                    cursor.execute(
                        "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())",
                        [migration.app_label, migration.name],
                    )


def _targets(executor: MigrationExecutor) -> list[tuple[str, str]]:
    return [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] in brand_labels()]


@contextmanager
def _planning_for(owner: Any, schema: str) -> Iterator[None]:
    """The owner's transaction sees `schema` alone, and the router lets brand tables through."""
    with owner.cursor() as cursor:
        cursor.execute(f"SET LOCAL search_path = {quoted(schema)}")
    owner.schema = schema
    try:
        yield
    finally:
        owner.schema = None


@contextmanager
def _recorded(owner: Any) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        # A cursor of its own: writing values into a text would make the running one forget its result.
        writer = psycopg.ClientCursor(owner.connection)
        for values in params if many else [params]:
            text = writer.mogrify(sql, values).strip().rstrip(";")
            if text[:6].upper() != "SELECT" or "setval(" in text:
                statements.append(text)
        return execute(sql, params, many, context)

    with owner.execute_wrapper(note):
        yield statements
