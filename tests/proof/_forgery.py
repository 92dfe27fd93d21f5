"""What code in a worker could write past every action: rows made by hand in the brand's role, and rows performed again."""

from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils import timezone

from clients.approvals.models import Batch, Verdict
from clients.gate.actions import send_dispatch
from clients.gate.models import Dispatch
from clients.items.content import digest_of
from clients.items.models import Item, ItemVersion
from clients.outbox.models import OutboxRow
from clients.outbox.registry import Later
from tenants.errors import RelaisError
from tenants.ids import uuid7
from tenants.models import Person
from tenants.walls.scope import durable
from tests.proof._scene import due_rows, work_off
from tests.world import World

NEWEST = 6


def dispatch_of_own(world: World, item_id: UUID, *, cleared: bool) -> UUID:
    """A dispatch of the item's newest version that no answer of the gate led to, and its outbox row."""
    with durable(world.brand):
        if cleared:
            Item.objects.filter(pk=item_id).update(state="cleared")
        item = Item.objects.get(pk=item_id)
        Dispatch.objects.filter(item=item).update(state="cancelled")
        forged = Dispatch.objects.create(
            item=item, version_id=item.version_id, channel_id=world.wall.pk, due_at=timezone.now()
        )
        OutboxRow.objects.create(kind="gate.send", key=str(forged.pk), payload={"dispatch": str(forged.pk)})
        return forged.pk


def work_everything(world: World) -> None:
    """Do what is due; do again what was done of late; call the sender past the outbox for the newest dispatches."""
    for _ in range(3):
        work_off(world, due_rows(world))
    with durable(world.brand):
        newest = list(Dispatch.objects.order_by("-id").values_list("id", flat=True)[:NEWEST])
        rows = OutboxRow.objects.filter(kind="gate.send", key__in=[str(pk) for pk in newest])
        undone = list(rows.filter(done_at=None).values_list("key", flat=True))
        again = {row.key: row.pk for row in rows.exclude(key__in=undone).order_by("created_at")}
        OutboxRow.objects.filter(pk__in=again.values()).update(done_at=None, due_at=timezone.now())
    work_off(world, due_rows(world))
    for dispatch_id in newest:
        try:
            send_dispatch(world.brand, dispatch_id=dispatch_id)
        except (Later, RelaisError):
            continue


def batch_of(world: World, person: Person, item: Item) -> None:
    """A batch that this person never was allowed to press."""
    assert item.version is not None
    with durable(world.brand):
        batch = Batch.objects.create(
            items=[[str(item.pk), item.version.digest]], person_id=person.pk, effective_at=timezone.now()
        )
        OutboxRow.objects.create(kind="gate.batch", key=str(batch.pk), payload={"batch": str(batch.pk)})


def yes_of(world: World, person: Person, side: str, role: str, item: Item) -> None:
    """A verdict row that no action wrote."""
    assert item.version is not None
    with durable(world.brand):
        said = {"item_id": item.pk, "digest": item.version.digest, "kind": "yes", "person_id": person.pk}
        Verdict.objects.get_or_create(**said, defaults={"person_name": "x", "side": side, "role": role})


def other_version(world: World, item: Item, content: dict[str, Any]) -> None:
    """Point a cleared item to another content, and its dispatch as well."""
    with durable(world.brand):
        number = ItemVersion.objects.filter(item=item).count() + 1
        version = ItemVersion.objects.create(
            item=item, number=number, content=content, digest=digest_of(content),
            author_id=item.author_id, author_name="x", author_side="agency",
        )  # fmt: skip
        Item.objects.filter(pk=item.pk).update(version=version)
        Dispatch.objects.filter(item=item, state="pending").update(version=version)


def item_of_nobody(world: World, person: Person, side: str, content: dict[str, Any]) -> Item:
    """An item that stands cleared without ever having been to the gate."""
    with durable(world.brand):
        item = Item.objects.create(
            title="x", kind="publish", sensitivity="routine", author_id=person.pk, author_name="x", author_side=side,
            submitter_id=person.pk, doer_id=person.pk, doer_side=side, submitted_at=timezone.now(),
        )  # fmt: skip
        version = ItemVersion.objects.create(
            pk=uuid7(), item=item, number=1, content=content, digest=digest_of(content),
            author_id=person.pk, author_name="x", author_side=side,
        )  # fmt: skip
        Item.objects.filter(pk=item.pk).update(version=version)
    return item


def statement_refused(world: World, statement: str) -> bool:
    """Whether the brand's own role may not run this SQL, or runs it without touching a row."""
    try:
        with durable(world.brand), connection.cursor() as cursor:
            cursor.execute(statement)
            return bool(cursor.rowcount < 1)
    except (DatabaseError, RelaisError):
        return True
    except Exception as error:  # the guard of the connection has errors of its own
        return type(error).__module__.startswith("tenants.")
    finally:
        connection.close()
