"""A line of the brand's own log from the owner's side, in the transaction of what it tells; the triggers queue it."""

import json
from typing import Any

from tenants.dressing import quoted
from tenants.ids import uuid7


def add_line(cursor: Any, verb: str, schema: str, **facts: Any) -> None:
    """By nobody's hand but the installation's; `facts` are codes, ids, digests and whole numbers, nothing of a person."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    cursor.execute(
        f"""INSERT INTO {quoted(schema)}.audit_entry
            (id, at, side, role, via, verb, subject_kind, facts, request_id, commitment, seq)
            VALUES (%s, now(), '', '', 'command', %s, '', %s, '', '', nextval(%s))""",  # noqa: S608  a checked name
        [uuid7(), verb, text, f"{quoted(schema)}.audit_seq"],
    )
