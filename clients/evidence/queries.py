"""Reading what there is to show and to take home: the state of the seal, checkpoints, keys, the proof of one line."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from clients.audit import tree
from clients.audit.keys import verifier_key
from clients.audit.lines import KEY_CHANGED, act_line
from clients.audit.models import Checkpoint, Entry, Leaf, LogKey
from clients.evidence.models import Check, CheckpointAddress
from tenants.errors import Conflict, Missing
from tenants.models import LogHead, Unsealed
from tenants.walls.scope import hub_scope, required_brand

CHECKPOINTS = 300
"""In a bundle, of those before the last: without a library each costs whoever checks them three milliseconds."""


@dataclass(frozen=True, slots=True)
class SealState:
    """How far the log is sealed, and how many lines wait for it."""

    newest: Checkpoint | None
    waiting: int


def seal_state() -> SealState:
    """Two queries."""
    brand = required_brand()
    with hub_scope():
        waiting = Unsealed.objects.filter(brand_id=brand.id).count()
    return SealState(newest_checkpoint(), waiting)


def newest_checkpoint(*, before: datetime | None = None) -> Checkpoint | None:
    """The newest signed head; that of a moment in the past where it is asked for."""
    found = Checkpoint.objects.order_by("-size")
    return (found if before is None else found.filter(at__lt=before)).first()


def first_line_at() -> datetime | None:
    """When the log begins: before, the brand was not here. None while it has no line."""
    return Entry.objects.order_by("at").values_list("at", flat=True).first()


def sealed_size() -> int:
    """How many lines there should be: as the newest checkpoint says, or more if the hub remembers a longer log.

    Conflict('log_not_sealed') before the first.
    """
    newest, brand = newest_checkpoint(), required_brand()
    with hub_scope():
        remembered = LogHead.objects.filter(pk=brand.id).values_list("size", flat=True).first()
    size = max(newest.size if newest else 0, remembered or 0)
    if not size:
        raise Conflict("log_not_sealed")
    return size


def sealed_checkpoint() -> Checkpoint:
    """The newest. Conflict('log_not_sealed') before the first."""
    newest = newest_checkpoint()
    if newest is None:
        raise Conflict("log_not_sealed")
    return newest


def policy_text() -> str:
    """The brand's policy file: its first key, which vouches for those after it. It never changes."""
    first = LogKey.objects.order_by("number").first()
    if first is None:
        raise Conflict("log_not_sealed")
    return f"# Keep this file where the service cannot reach it.\nlog {verifier_key(first)}\nquorum none\n"


def notes_for_bundle(size: int) -> list[str]:
    """Checkpoints up to the one of `size`, by size: some evenly spread, and each that sealed the line of a new key."""
    sizes = list(Checkpoint.objects.filter(size__lte=size).order_by("size").values_list("size", flat=True))
    step = -(-len(sizes) // CHECKPOINTS) or 1
    announced = Leaf.objects.filter(seq__in=Entry.objects.filter(verb=KEY_CHANGED).values("seq")).values_list(
        "idx", flat=True
    )
    sealing = {next((one for one in sizes if one > idx), size) for idx in announced}
    chosen = {*sizes[::step], *sealing, size}
    return list(Checkpoint.objects.filter(size__in=chosen).order_by("size").values_list("note", flat=True))


def proof_of(entry_id: UUID) -> dict[str, Any]:
    """That this line stands under the newest checkpoint, for anybody: what `verify.py` takes. Missing('entry'), and
    Conflict('log_not_sealed') for a line that still waits."""
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise Missing("entry")
    index = Leaf.objects.filter(seq=entry.seq).values_list("idx", flat=True).first()
    if index is None:
        raise Conflict("log_not_sealed")
    newest = sealed_checkpoint()
    leaves = Leaf.objects.filter(idx__lt=newest.size).order_by("idx").values_list("hash", flat=True)
    path = tree.roots_of(tree.inclusion_ranges(index, newest.size), map(bytes, leaves.iterator(chunk_size=10_000)))
    found = {"line": act_line(entry).decode(), "index": index, "path": [step.hex() for step in path]}
    return {"format": "client-audit-proof/1", **found, "checkpoint": newest.note, "policy": policy_text()}


def proof_text(proof: dict[str, Any]) -> str:
    return json.dumps(proof, ensure_ascii=False, indent=1) + "\n"


def last_check() -> Check | None:
    return Check.objects.order_by("-asked_at").first()


def addresses() -> QuerySet[CheckpointAddress]:
    return CheckpointAddress.objects.order_by("email")
