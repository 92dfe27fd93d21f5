"""Recomputing the sealed log from its rows, stretch by stretch, against leaves, checkpoints and commitments: what is wrong first.

The same questions as the script that brands run (`clients/audit/verifier/verify.py`), asked of the tables: by a brand that wants
to know now, and by the rounds of looking. A head that was signed stays true for ever; the rows behind it are in a database.
Reads only. Each stretch may be a transaction of its own: a check of an hour must not keep the server from tidying up.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hmac import compare_digest

from django.db.models import Exists, OuterRef

from clients.audit.keys import verifier_key
from clients.audit.lines import commitment
from clients.audit.models import Checkpoint, Entry, Leaf, LogKey, RowChange
from clients.audit.notes import NoNote, VerifierKey, verified
from clients.audit.stored import A_STRETCH, Stored, erased_ranges, stretch
from clients.audit.tree import CompactRange, leaf_hash
from tenants.models import Unsealed
from tenants.walls.scope import BrandRef, brand_scope, hub_scope, required_brand

A_PART = 1_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong first: changed, missing, cut, private, forked, checkpoint or unsealed; where, or from where up to where."""

    kind: str
    position: int
    until: int | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many lines were compared, the tree over them, and how many of them stand under a checkpoint that fits."""

    done: int = 0
    hashes: tuple[bytes, ...] = ()
    good: int = 0
    fault: Fault | None = None


def fault_in_part(brand: BrandRef, most: int = A_PART) -> str:
    """Of so many lines from a place drawn by lot: '<kind> <position>', or '' when they are as they were."""
    with brand_scope(brand):
        size = _sealed_size()
        first = secrets.randbelow(max(1, size - most + 1))
        until = min(first + most, size)
        fault = _first_wrong(stretch(first, until), first, until)
    return str(fault or "")


def fault_in_whole(brand: BrandRef) -> str:
    """The same of everything, with each head, and of lines that stand neither in the tree nor in the queue."""
    with brand_scope(brand):
        progress, size = Progress(), _sealed_size()
    while progress.fault is None and progress.done < size:
        with brand_scope(brand):
            progress = go_on(progress, size)
    if progress.fault is None:
        with brand_scope(brand):
            progress = end(progress, size)
    return str(progress.fault or "")


def go_on(progress: Progress, size: int) -> Progress:
    """One stretch further of a log of `size` lines. At most nine queries."""
    until = min(progress.done + A_STRETCH, size)
    places = stretch(progress.done, until)
    if fault := _first_wrong(places, progress.done, until):
        return replace(progress, fault=fault)
    heads = Checkpoint.objects.filter(size__gt=progress.done, size__lte=until).order_by("size")
    known = [verifier_key(key) for key in LogKey.objects.all()]
    return _grown(progress, places, {head.size: head for head in heads}, known)


def end(progress: Progress, size: int) -> Progress:
    """After the last stretch: lines that no checkpoint covers, and lines that nobody ever sealed."""
    if progress.good != size:
        return replace(progress, fault=Fault("forked", progress.good, size - 1))
    for seq in _never_sealed():
        return replace(progress, fault=Fault("unsealed", Leaf.objects.filter(seq__lt=seq).count()))
    return progress


def _sealed_size() -> int:
    return Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0


def _first_wrong(places: Sequence[Stored], first: int, until: int) -> Fault | None:
    """A leaf or a row that is gone, a line that is another one now, a private part that does not fit."""
    erased = erased_ranges()
    for position, one in enumerate(places, first):
        if one.position != position:
            return Fault("cut", position)
        if one.line is None:
            return Fault("missing", position)
        if leaf_hash(one.line) != one.leaf:
            return Fault("changed", position)
        if not _private_fits(one, erased):
            return Fault("private", position)
    return Fault("cut", first + len(places)) if first + len(places) < until else None


def _private_fits(one: Stored, erased: Sequence[tuple[int, int]]) -> bool:
    if not one.commitment:
        return one.private is None
    gone = any(first <= one.seq <= last for first, last in erased)
    if one.private is None:
        return gone
    salt, data = one.private
    return not gone and compare_digest(commitment(salt, data), one.commitment)


def _grown(
    progress: Progress, places: Sequence[Stored], heads: dict[int, Checkpoint], known: Sequence[VerifierKey]
) -> Progress:
    """The tree over these lines too, compared at each checkpoint on the way."""
    growing, good = CompactRange(progress.done, progress.hashes), progress.good
    for one in places:
        growing.append(one.leaf)
        head = heads.get(growing.size)
        if head is None:
            continue
        if not _is_signed(head, known):
            return replace(progress, fault=Fault("checkpoint", good, head.size - 1))
        if bytes(head.root) != growing.root():
            return replace(progress, fault=Fault("forked", good, head.size - 1))
        good = head.size
    return Progress(growing.size, tuple(growing.hashes), good)


def _is_signed(head: Checkpoint, known: Sequence[VerifierKey]) -> bool:
    try:
        said = verified(head.note, known)
    except NoNote:
        return False
    return (said.size, said.root) == (head.size, bytes(head.root))


def _never_sealed() -> Iterator[int]:
    """Lines without a leaf that do not wait for one either: put in past the triggers."""
    sealed = Exists(Leaf.objects.filter(seq=OuterRef("seq")))
    found = [seq for model in (Entry, RowChange) for seq in model.objects.filter(~sealed).values_list("seq", flat=True)]
    brand = required_brand()
    with hub_scope():
        queued = set(Unsealed.objects.filter(brand_id=brand.id, seq__in=found).values_list("seq", flat=True))
    if left := sorted(set(found) - queued):
        # Between the two looks a line may have been sealed.
        sealed_since = set(Leaf.objects.filter(seq__in=left).values_list("seq", flat=True))
        yield from (seq for seq in left if seq not in sealed_since)
