"""What waits in several brands at once, off the shared pointers. Which of them somebody may look into, the caller knows."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from tenants.pointers import Pointer

_WAITING = """
    SELECT brand_id, kind, object_id, state, side, due_at FROM tenants_workpointer
    WHERE brand_id = ANY(%s) AND kind = 'item' AND side <> '' ORDER BY due_at, object_id LIMIT %s
"""


def items_waiting(brand_ids: Collection[UUID], limit: int) -> list[Pointer]:
    """Items of these brands that wait for one side or the other, soonest first. Hub side, one query, no content."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [list(brand_ids), limit])
        return [Pointer(*row) for row in cursor.fetchall()]
