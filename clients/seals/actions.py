"""Seals renewed under the newest SECRET_KEY, a stretch of rows at a time, while everybody works."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.people.access import require_process
from clients.people.actor import Actor
from clients.seals.kinds import Sealed
from clients.seals.models import RenewedSeal
from clients.seals.queries import renewed_seals, untold
from clients.seals.rules import digest_of, key_id
from tenants.walls.scope import durable

A_STRETCH = 300
"""Rows in one transaction; as many ids fit into a line of the log, should all be refused."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """How many rows were looked at and renewed, the ids of those refused, and where the next begins (None: there is none)."""

    seen: int
    done: int
    refused: tuple[UUID, ...]
    last: UUID | None


def renew_seals(actor: Actor, *, sealed: Sealed[Any], after: UUID | None = None) -> Stretch:
    """Seal one stretch of rows anew under the newest key. What is sealed under it already is left alone: safe to run again.

    A row is refused, and named in the log, whose former seal fits no key of ours, or that no act of the log added: a new seal
    vouches for it, so it is not enough that somebody once had a key. Only for the installation's own command.
    Raises Refused('not_allowed').
    """
    require_process(actor, EntryPoint.COMMAND)
    with durable(actor.brand):
        rows = list(_rows(sealed, after)[:A_STRETCH])
        fresh, refused = _sorted_out(sealed, rows)
        if fresh or refused:
            RenewedSeal.objects.bulk_create(fresh)
            told: dict[str, Any] = {"kind": sealed.kind, "rows": len(fresh), "refused": [str(pk) for pk in refused]}
            record(actor, "seals.renewed", None, **told, key=key_id(settings.SECRET_KEY))
    return Stretch(len(rows), len(fresh), tuple(refused), rows[-1].pk if len(rows) == A_STRETCH else None)


def _rows(sealed: Sealed[Any], after: UUID | None) -> Any:
    rows = sealed.model.objects.filter(sealed.carries).order_by("pk")
    return rows.filter(pk__gt=after) if after else rows


def _sorted_out(sealed: Sealed[Any], rows: list[Any]) -> tuple[list[RenewedSeal], list[UUID]]:
    """(the seals that are to be added, the rows that get none)."""
    known = renewed_seals(sealed.kind, [row.pk for row in rows])
    old = [row for row in rows if sealed.seal_of(row) not in {row.seal, *known[row.pk]}]
    strangers = untold(sealed.model._meta.db_table, [row.pk for row in old]) if old else set()
    trusted = {row.pk for row in sealed.genuine(old)} - strangers
    fresh = [_renewed(sealed, row) for row in old if row.pk in trusted]
    return fresh, [row.pk for row in old if row.pk not in trusted]


def _renewed(sealed: Sealed[Any], row: Any) -> RenewedSeal:
    return RenewedSeal(
        row_kind=sealed.kind,
        row_id=row.pk,
        was=digest_of(row.seal),
        seal=sealed.seal_of(row),
        key_id=key_id(settings.SECRET_KEY),
    )
