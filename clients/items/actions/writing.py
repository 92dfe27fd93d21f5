"""Writing items: a draft, the next content of an item, another moment for it. What goes out is the gate's business."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.items.content import Content
from clients.items.life import Event
from clients.items.models import Item, ItemVersion
from clients.items.steps import begin_item, check_shape, lock_item, move, require_no_meddling, write_version
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable


def create_item(actor: Actor, *, content: Content, note: str = "") -> Item:
    """A new draft. Its content may still be unfit for its channels: that is told when it is submitted."""
    require(actor, Verb.ITEM_CREATE)
    check_shape(content)
    with durable(actor.brand):
        return begin_item(actor, content, note)


def edit_item(actor: Actor, *, item_id: UUID, seen_digest: str, content: Content, note: str = "") -> ItemVersion:
    """The next content of an item, which becomes a draft again: every yes of before spoke of another content.

    Raises Conflict('stale_version', digest=...) when somebody else edited it since it was seen; nothing is overwritten.
    """
    require(actor, Verb.ITEM_EDIT)
    check_shape(content)
    with durable(actor.brand):
        item = lock_item(item_id)
        _seen_version(item, seen_digest)
        require_no_meddling(actor, item)
        move(item, Event.EDIT)
        version = write_version(item, actor, content, note)
        record(actor, "item.edited", item, from_digest=seen_digest, digest=version.digest)
        return version


def reschedule_item(
    actor: Actor, *, item_id: UUID, seen_digest: str, not_before: datetime | None, note: str = ""
) -> ItemVersion:
    """The same content at another moment, or at none: the next version, for a yes to a time is no yes to another.

    Raises Invalid('time_past', 'not_before'), Invalid('end_before_start', 'not_after'), Conflict('stale_version'),
    Conflict('not_in_this_state') for what is leaving or has left; the version there is, unchanged, for the same moment.
    """
    require(actor, Verb.ITEM_EDIT)
    if not_before is not None and not_before <= timezone.now():
        raise Invalid("time_past", "not_before")
    with durable(actor.brand):
        item = lock_item(item_id)
        version = _seen_version(item, seen_digest)
        require_no_meddling(actor, item)
        former = version.exact_content()
        if former.not_before == not_before:
            return version
        content = replace(former, not_before=not_before)
        check_shape(content)
        move(item, Event.EDIT)
        moved = write_version(item, actor, content, note)
        record(actor, "item.rescheduled", item, from_digest=seen_digest, digest=moved.digest)
        return moved


def _seen_version(item: Item, seen_digest: str) -> ItemVersion:
    """The item's version, if it is the one that was seen. Conflict('stale_version', digest=...) otherwise."""
    if item.version is None or item.version.digest != seen_digest:
        raise Conflict("stale_version", item=str(item.pk), digest=item.version.digest if item.version else "")
    return item.version
