"""What vouches for a row besides the seal it carries, and which rows no act of the log tells of."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from clients.audit.queries import unattributed
from clients.seals.models import RenewedSeal


def renewed_seals(row_kind: str, ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """By row, the seals that were made for it since. No query for no rows."""
    found: dict[UUID, list[str]] = defaultdict(list)
    if ids:
        rows = RenewedSeal.objects.filter(row_kind=row_kind, row_id__in=ids)
        for row_id, seal in rows.values_list("row_id", "seal"):
            found[row_id].append(seal)
    return found


def untold(table: str, ids: Collection[UUID]) -> set[UUID]:
    """Those of the rows that were added by something else than an act of the log: see `audit.queries.unattributed`."""
    changes = unattributed().filter(table=table, op="insert", rows__overlap=list(ids))
    return {row for change in changes for row in change.rows} & set(ids)
