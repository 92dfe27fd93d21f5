"""Who was erased after a copy was made: they come back with it, and are erased again before anything else.

They are known by the state that the copy replaces, by the brand it is a copy of, and, for a brand that was dropped, by what the
hub's log kept of it: ids alone. Each gets a row of work in the restored space, in the transaction that brings it back, so that no
restore is without it. Somebody who was written down and erased since is no member in the file: nothing says which words were
theirs, so they are counted, and the brand is told.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tenants.dressing import quoted
from tenants.ids import uuid7
from tenants.keeping.settling import Spaces
from tenants.keeping.taking import tables_of
from tenants.models import Brand, HubEntry
from tenants.walls.backend.base import OWNER

AGAIN = "community.erase_again"
"""Kind of the row; payload {"member", "basis", "by", "by_name"}."""
BEGIN = "community.begin_erasure"
"""Kind of the row of an erasure that was asked for and had not begun when the copy was made: it comes along, and is done."""
DROPPED = "brand_dropped"
_ERASURES = (
    "SELECT id::text, member_id::text, basis, by_person::text, by_name FROM {space}.community_erasure ORDER BY at"
)
_ROW = """
    INSERT INTO {space}.outbox_outboxrow (id, kind, key, payload, due_at, created_at, attempts, last_error)
    VALUES (%s, %s, %s, %s, now(), now(), 0, '')"""
_CERTIFICATES = """
    INSERT INTO {new}.community_erasure ({columns}) SELECT {columns} FROM {old}.community_erasure o
    WHERE o.finished_at IS NOT NULL AND NOT EXISTS (SELECT FROM {new}.community_erasure n WHERE n.id = o.id)"""


@dataclass(frozen=True, slots=True)
class Erased:
    """One erasure of the brand, as much as is needed to do it again."""

    erasure: str
    member: str
    basis: str
    by: str
    by_name: str = ""


@dataclass(frozen=True, slots=True)
class Since:
    """`again`: here once more, to be erased. `unknown`: erased since, and no member of the copy."""

    again: list[Erased] = field(default_factory=list)
    unknown: int = 0


def erased_since(cursor: Any, spaces: Spaces) -> Since:
    """Of the copy in `spaces.new`, before anything was done again."""
    done = {one.erasure for one in _erasures(cursor, spaces.new)}
    since = {one.member: one for one in _known(cursor, spaces) if one.erasure not in done}
    cursor.execute(f"SELECT id::text FROM {quoted(spaces.new)}.community_member")  # noqa: S608  a checked name
    here = {row[0] for row in cursor.fetchall()}
    again = [one for member, one in sorted(since.items()) if member in here]
    return Since(again, len(since) - len(again))


def have_erased_again(cursor: Any, spaces: Spaces, since: Since) -> None:
    """Write the work down, and keep the certificates that were given since: they are true of what they searched."""
    if spaces.old is not None:
        _keep_certificates(cursor, spaces.new, spaces.old)
    for one in since.again:
        payload = {"member": one.member, "basis": one.basis, "by": one.by, "by_name": one.by_name}
        row = [uuid7(), AGAIN, one.member, json.dumps(payload)]
        cursor.execute(_ROW.format(space=quoted(spaces.new)), row)


def remember_erased(cursor: Any, brand: Brand) -> None:
    """Before a brand's space is dropped: whom it has had erased, for the day an older copy of it comes back."""
    found = [[one.erasure, one.member, one.basis, one.by] for one in _erasures(cursor, brand.schema_name)]
    HubEntry.objects.using(OWNER).create(verb=DROPPED, brand_id=brand.id, facts={"erased": found})


def _known(cursor: Any, spaces: Spaces) -> Iterable[Erased]:
    dropped = HubEntry.objects.using(OWNER).filter(verb=DROPPED, brand_id__in={spaces.was, spaces.now})
    for facts in dropped.order_by("at").values_list("facts", flat=True):
        yield from (Erased(*one) for one in facts.get("erased", ()))
    for space in (_space_of(spaces.was) if spaces.is_copy else None, spaces.old):
        yield from _erasures(cursor, space)


def _space_of(brand_id: UUID) -> str | None:
    return Brand.objects.using(OWNER).filter(pk=brand_id).values_list("schema_name", flat=True).first()


def _erasures(cursor: Any, space: str | None) -> list[Erased]:
    """None where there is no such space, or it is of a release without erasures."""
    cursor.execute("SELECT to_regclass(%s)", [f"{quoted(space)}.community_erasure" if space else None])
    if cursor.fetchone()[0] is None:
        return []
    cursor.execute(_ERASURES.format(space=quoted(space or "")))
    return [Erased(*row) for row in cursor.fetchall()]


def _keep_certificates(cursor: Any, new: str, old: str) -> None:
    """Where both are of one release: else they stay in the state that was set aside."""
    of = {space: _columns(cursor, space) for space in (new, old)}
    if set(of[new]) == set(of[old]):
        columns = ", ".join(quoted(name) for name in of[new])
        cursor.execute(_CERTIFICATES.format(new=quoted(new), old=quoted(old), columns=columns))


def _columns(cursor: Any, space: str) -> tuple[str, ...]:
    return next((table.columns for table in tables_of(cursor, space) if table.name == "community_erasure"), ())
