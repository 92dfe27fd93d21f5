"""Forgeries of what was decided, signed and written, and whether each is seen; for the proof `receipts`.

Each is made alone, by the owner of the database and past the triggers, and undone again. As the brand's role it must
not work at all.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, connections

from clients.gate.models import DecisionRecord
from clients.gate.replay import replay
from clients.items.models import ItemVersion
from clients.mandates import queries as mandates
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope, durable
from tests.world import World

GUARDS = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'A'"
"""Triggers that fire for everybody, replication included."""


def try_forgeries(world: World) -> dict[str, int]:
    """How many were seen, and how many were refused to the brand's own role."""
    found = {"tampered": 0, "refused": 0}
    for statement, is_seen in FORGERIES:
        found["refused"] += _refused_to_brand(world, statement)
        with _forged(world, statement):
            found["tampered"] += is_seen(world)
    return found


def _refused_to_brand(world: World, statement: str) -> bool:
    try:
        with durable(world.brand), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    finally:
        connection.close()
    return False


@contextmanager
def _forged(world: World, statement: str) -> Iterator[None]:
    """The statement as the owner, past the triggers; the tables are put back from a copy."""
    table = statement.split()[1]
    schema = world.brand.schema_name
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f'SET search_path = "{schema}", public')
        cursor.execute(GUARDS, [f"{schema}.{table}"])
        guards = [name for (name,) in cursor.fetchall()]
        for guard in guards:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")
        cursor.execute(f"CREATE TEMP TABLE before AS SELECT * FROM {table}")
        cursor.execute(statement)
        assert cursor.rowcount > 0, f"touched nothing: {statement}"
        mandates._kept.clear()
        try:
            yield
        finally:
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"INSERT INTO {table} SELECT * FROM before")
            cursor.execute("DROP TABLE before")
            for guard in guards:
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}")
            cursor.execute("SET session_replication_role = origin; RESET search_path")
            mandates._kept.clear()


def _all_same(world: World) -> bool:
    with brand_scope(world.brand):
        return all(replay(one).same for one in DecisionRecord.objects.all())


def _replay_differs(world: World) -> bool:
    try:
        return not _all_same(world)
    except Exception:  # a refusal to read what was altered is seeing it
        return True


def _content_refused(world: World) -> bool:
    with brand_scope(world.brand):
        for version in ItemVersion.objects.all():
            try:
                version.exact_content()
            except ValueError:
                return True
    return False


_ONE = "WHERE id = (SELECT decision_id FROM gate_receipt LIMIT 1)"
FORGERIES: tuple[tuple[str, Callable[[World], Any]], ...] = (
    (f"UPDATE gate_decisionrecord SET question = jsonb_set(question, '{{person}}', '\"x\"') {_ONE}", _replay_differs),
    (f"UPDATE gate_decisionrecord SET question = jsonb_set(question, '{{yeses}}', '[]') {_ONE}", _replay_differs),
    (
        f"UPDATE gate_decisionrecord SET question = jsonb_set(question, '{{moment}}', '\"2026-01-01T00:00:00+01:00\"') {_ONE}",
        _replay_differs,
    ),
    ("UPDATE gate_decisionrecord SET outcome = 'send' WHERE outcome = 'refuse'", _replay_differs),
    (f"UPDATE gate_decisionrecord SET digest = repeat('0', 64) {_ONE}", _replay_differs),
    ("UPDATE mandates_grantrow SET level = 6 WHERE level = 2", _replay_differs),
    ("UPDATE items_itemversion SET content = jsonb_set(content, '{text}', '\"Autre chose\"')", _content_refused),
)
