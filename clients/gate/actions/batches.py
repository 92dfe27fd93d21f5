"""Approving several items of equal risk with one press, and taking it back: the server holds the batch for a few seconds."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from clients.approvals.models import Batch
from clients.approvals.queries import policy_in_force
from clients.approvals.steps import end_batch, write_batch
from clients.approvals.words import BatchState
from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.gate.actions.verdicts import require_open_to_a_yes, say_yes
from clients.gate.steps import check_seen
from clients.items.models import Item
from clients.items.steps import lock_item
from clients.outbox.actions import cancel, enqueue
from clients.outbox.registry import Later
from clients.people.access import actor_of, require, require_side
from clients.people.actor import Actor, process_of
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Missing, RelaisError
from tenants.vocabulary import Side
from tenants.walls.scope import BrandRef, durable

BATCH = "gate.batch"
MOST_ITEMS = 50


def approve_batch(actor: Actor, *, items: Sequence[tuple[UUID, str]]) -> Batch:
    """Say yes to (item id, seen digest) pairs at once. Nothing is approved before `effective_at`; until then `undo_batch`.

    Raises Invalid('batch_mixed_risk') unless all are of one kind and sensitivity: equal risk, equally seen.
    """
    _require_brand(actor)
    with durable(actor.brand):
        if not 0 < len(items) <= MOST_ITEMS:
            raise Invalid("batch_size", field="items", limit=MOST_ITEMS)
        locked = [_checked(actor, item_id, digest) for item_id, digest in sorted(items)]
        if len({(item.kind, item.sensitivity) for item in locked}) > 1:
            raise Invalid("batch_mixed_risk", field="items")
        effective_at = timezone.now() + timedelta(seconds=policy_in_force().undo_seconds)
        batch = write_batch(actor, items, effective_at)
        enqueue(BATCH, {"batch": str(batch.id)}, key=str(batch.id), due_at=effective_at)
        record(actor, "batch.pressed", batch, items=[str(i) for i, _ in items])
        return batch


def undo_batch(actor: Actor, *, batch_id: UUID) -> Batch:
    """Take a batch back. Conflict('too_late') once it has taken effect."""
    _require_brand(actor)
    with durable(actor.brand):
        batch = _lock(batch_id)
        if batch.person_id != actor.person_id:
            raise Missing("batch")
        if batch.state != BatchState.PENDING:
            raise Conflict("too_late")
        end_batch(batch, BatchState.UNDONE)
        cancel(BATCH, key=str(batch.id))
        record(actor, "batch.undone", batch)
        return batch


def take_effect(brand: BrandRef, *, batch_id: UUID) -> None:
    """The time to undo is over: each item is approved by itself, as the person stands now. One that moved on is left alone."""
    with durable(brand):
        batch = _lock(batch_id)
        if batch.state != BatchState.PENDING:
            return
        if timezone.now() < batch.effective_at:
            raise Later(batch.effective_at)
        actor = _who_pressed(brand, batch)
        end_batch(batch, BatchState.DONE if actor else BatchState.UNDONE)
        if actor is not None:
            for item_id, digest in sorted(batch.items):
                _approve_one(actor, batch, UUID(item_id), digest)


def _who_pressed(brand: BrandRef, batch: Batch) -> Actor | None:
    """The person as they stand now. Who may no longer say yes has said none: the batch is undone for good and says why."""
    try:
        actor = actor_of(batch.person_id, brand, EntryPoint.WORKER)
        _require_brand(actor)
    except RelaisError as why:
        record(process_of(brand, EntryPoint.WORKER, "worker"), "batch.void", batch, code=why.code)
        return None
    return actor


def _approve_one(actor: Actor, batch: Batch, item_id: UUID, digest: str) -> None:
    try:
        with transaction.atomic():
            item = lock_item(item_id)
            check_seen(item, digest)
            say_yes(actor, item)
    except RelaisError as why:
        record(actor, "batch.left_out", batch, item=str(item_id), code=why.code)


def _checked(actor: Actor, item_id: UUID, digest: str) -> Item:
    item = lock_item(item_id)
    check_seen(item, digest)
    require_open_to_a_yes(actor, item)
    return item


def _lock(batch_id: UUID) -> Batch:
    batch = Batch.objects.select_for_update().filter(pk=batch_id).first()
    if batch is None:
        raise Missing("batch")
    return batch


def _require_brand(actor: Actor) -> None:
    require_side(actor, Side.BRAND)
    require(actor, Verb.ITEM_APPROVE)
