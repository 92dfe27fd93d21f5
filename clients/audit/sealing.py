"""Sealing one batch of one brand: what waits in the queue becomes leaves of its tree, under a signed head. Or nothing of it does.

Any number of sealers may run: each batch is taken under a lock of the brand that only sealers know, so no writer ever waits for
one. What is hashed are the rows as they are read back, not as somebody meant to write them.

INVARIANT: queue, leaves and head change in one transaction, by one function of the database (sql/hub.sql: `tenants_seal`), and
only behind the last head, which is checked first. So a sealer may die anywhere: the lines are still queued, or they are sealed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from clients.audit import keys, lines, notes, tree
from clients.audit.actions import open_log
from clients.audit.models import ACT, ROW, Checkpoint, Entry, Leaf, LogKey, RowChange
from clients.audit.queries import in_force
from tenants.errors import RelaisError
from tenants.models import LogHead, Unsealed
from tenants.walls.scope import BrandRef, brand_scope, hub_scope

A_BATCH = 2000


class SealFault(RelaisError):
    """The log is not as it was left; nothing is signed. `code` says how: head_forged, cut_back, line_missing, sealed_already."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it will stand in the tree."""

    seq: int
    kind: str
    id: UUID | None
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """Where the tree stands, and which key signs what comes next."""

    grown: tree.CompactRange
    key: LogKey
    announcing: frozenset[UUID]
    """Lines that announce a key not in force yet: a batch ends with such a line, still under the key before."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many lines a batch held, how many were queued that cannot be sealed, and whether more may be waiting."""

    lines: int = 0
    left: int = 0
    more: bool = False


def seal_batch(brand: BrandRef, most: int = A_BATCH) -> Sealed:
    """Seal what of this brand can be seen now, in the order it was written. Raises SealFault."""
    with hub_scope():
        if not _alone(brand):
            return Sealed()
        queued = list(Unsealed.objects.filter(brand_id=brand.id).order_by("seq").values_list("seq", flat=True)[:most])
        if not queued:
            return Sealed()
        remembered = LogHead.objects.filter(pk=brand.id).first()
        with brand_scope(brand, savepoint=False):
            head = _head(brand, remembered)
            found = _read_back(queued)
        chosen = _up_to_a_key(found, head.announcing)
        if chosen:
            _append(brand, head, chosen)
        return Sealed(len(chosen), len(queued) - len(found), more=len(queued) == most or len(chosen) < len(found))


def _alone(brand: BrandRef) -> bool:
    """A lock of this transaction: it goes with whoever holds it, and works behind a pooler."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"seal {brand.id}"])
        return bool(cursor.fetchone()[0])


def _head(brand: BrandRef, remembered: LogHead | None) -> Head:
    """The last head, checked against its signature, its tree and what the hub remembers of it."""
    known = list(LogKey.objects.order_by("number")) or [open_log(brand)]
    last = Checkpoint.objects.order_by("-size").first()
    size, root = (last.size, bytes(last.root)) if last else (0, b"")
    if (remembered.size, bytes(remembered.root)) != (size, root) if remembered else last is not None:
        raise SealFault("cut_back")
    grown = _grown(last, known) if last else tree.CompactRange()
    force, announcing = in_force(known)
    return Head(grown, force, announcing)


def _grown(last: Checkpoint, known: Sequence[LogKey]) -> tree.CompactRange:
    try:
        said = notes.verified(last.note, map(keys.verifier_key, known))
        grown = tree.CompactRange(last.size, _pieces(bytes(last.frontier)))
    except (notes.NoNote, ValueError):
        raise SealFault("head_forged") from None
    if (said.size, said.root) != (last.size, bytes(last.root)) or grown.root() != said.root:
        raise SealFault("head_forged")
    return grown


def _read_back(queued: Sequence[int]) -> list[Line]:
    """The queued lines that are there and not sealed yet, in order. What is left out stays queued, and raises the alarm."""
    acts = [Line(e.seq, ACT, e.pk, _leaf(lines.act_line(e))) for e in Entry.objects.filter(seq__in=queued)]
    rows = [Line(r.seq, ROW, None, _leaf(lines.change_line(r))) for r in RowChange.objects.filter(seq__in=queued)]
    sealed = set(Leaf.objects.filter(seq__in=queued).values_list("seq", flat=True))
    return sorted((line for line in acts + rows if line.seq not in sealed), key=lambda line: line.seq)


def _up_to_a_key(found: list[Line], announcing: frozenset[UUID]) -> list[Line]:
    for place, line in enumerate(found, 1):
        if line.id in announcing:
            return found[:place]
    return found


def _append(brand: BrandRef, head: Head, chosen: Sequence[Line]) -> None:
    first, grown = head.grown.size, head.grown
    grown.extend(line.leaf for line in chosen)
    note = notes.sign_checkpoint(head.key.origin, grown.size, grown.root(), keys.signing_key(head.key, brand.id))
    seqs, kinds, leaves = zip(*((line.seq, line.kind, line.leaf) for line in chosen), strict=True)
    values: list[Any] = [
        brand.id,
        list(seqs),
        list(kinds),
        list(leaves),
        first,
        grown.root(),
        note,
        b"".join(grown.hashes),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenants_seal(%s, %s::bigint[], %s, %s::bytea[], %s, %s, %s, %s)", values)


def _leaf(line: bytes) -> bytes:
    return tree.leaf_hash(line)


def _pieces(frontier: bytes) -> list[bytes]:
    return [frontier[at : at + 32] for at in range(0, len(frontier), 32)]
