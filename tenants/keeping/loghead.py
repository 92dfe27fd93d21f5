"""The sealed log of a brand that comes back: it goes on, never starts twice.

While the present log is there it is kept: it holds everything the copy holds (this is checked) and what happened since, so no
receipt and no checkpoint that somebody has in hand becomes untrue. A log that was lost comes back as it was taken, and the hub
takes over its head; who has a later checkpoint will see it, as they should. In another brand the lines are sealed anew, under
that brand's own key.
"""

from typing import Any
from uuid import UUID

from tenants.dressing import quoted
from tenants.errors import Conflict
from tenants.keeping.taking import tables_of

LINES = {"audit_entry": "id", "audit_rowchange": "seq", "audit_leaf": "idx", "audit_checkpoint": "size"}
TABLES = (*LINES, "audit_private", "audit_logkey")


_DIFFERENT = """
    SELECT count(*) FROM {here} n LEFT JOIN {there} o ON o.{key} = n.{key} WHERE ({theirs}) IS DISTINCT FROM ({ours})"""
_SINCE = """
    INSERT INTO {here} ({columns}) SELECT {columns} FROM {there} o
    WHERE NOT EXISTS (SELECT FROM {here} n WHERE n.{key} = o.{key})"""
_INSTEAD = "DELETE FROM {here}; INSERT INTO {here} ({columns}) SELECT {columns} FROM {there}"
_NUMBER = """
    SELECT setval('{new}.audit_seq',
                  GREATEST((SELECT last_value FROM {new}.audit_seq), (SELECT last_value FROM {old}.audit_seq)))"""


def carry_on(cursor: Any, new: str, old: str) -> None:
    """Add to the copy's lines what was written since. Raises Conflict('log_is_another') if the present log is no continuation.

    Names and salts are taken as they are now, so what was erased of them since stays erased.
    """
    known = {table.name: [quoted(name) for name in table.columns] for table in tables_of(cursor, old)}
    new, old = quoted(new), quoted(old)
    for table, key in LINES.items():
        names = {"here": f"{new}.{table}", "there": f"{old}.{table}", "key": key, "columns": ", ".join(known[table])}
        names |= {
            who: ", ".join(f"{row}.{name}" for name in known[table]) for who, row in (("theirs", "o"), ("ours", "n"))
        }
        cursor.execute(_DIFFERENT.format(**names))
        if cursor.fetchone()[0]:
            raise Conflict("log_is_another", table=table)
        cursor.execute(_SINCE.format(**names))
    for table in TABLES[len(LINES) :]:
        cursor.execute(_INSTEAD.format(here=f"{new}.{table}", there=f"{old}.{table}", columns=", ".join(known[table])))
    cursor.execute(_NUMBER.format(new=new, old=old))


def come_back(cursor: Any, new: str, brand: UUID) -> None:
    """The copy's log is the brand's log from now on; what of it was not sealed yet is queued again."""
    space = quoted(new)
    cursor.execute("DELETE FROM tenants_loghead WHERE brand_id = %s", [brand])
    cursor.execute(
        f"""INSERT INTO tenants_loghead (brand_id, size, root, sealed_at, fault)
            SELECT %s, size, root, at, '' FROM {space}.audit_checkpoint ORDER BY size DESC LIMIT 1""",  # noqa: S608
        [brand],
    )
    _queue(cursor, space, brand)


def begin_anew(cursor: Any, new: str, brand: UUID) -> None:
    """Another brand: keys, leaves and heads of the first stay with the first; every line is queued."""
    space = quoted(new)
    cursor.execute(f"TRUNCATE {space}.audit_leaf, {space}.audit_checkpoint, {space}.audit_logkey")
    _queue(cursor, space, brand)


def _queue(cursor: Any, space: str, brand: UUID) -> None:
    cursor.execute("DELETE FROM tenants_unsealed WHERE brand_id = %s", [brand])
    cursor.execute(
        f"""INSERT INTO tenants_unsealed (brand_id, seq, kind)
            SELECT %s, seq, kind FROM (SELECT seq, 'act' AS kind FROM {space}.audit_entry
                                       UNION ALL SELECT seq, 'row' FROM {space}.audit_rowchange) line
            WHERE NOT EXISTS (SELECT FROM {space}.audit_leaf l WHERE l.seq = line.seq)""",  # noqa: S608
        [brand],
    )
