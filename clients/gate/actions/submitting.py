"""Bringing an item to the gate, taking it away again, and the brand performing what the agency prepared."""

from uuid import UUID

from django.utils import timezone

from clients.approvals.steps import void_window
from clients.audit.actions import record
from clients.gate.steps import ask, cancel_dispatches, check_seen, settle, watch_the_time
from clients.gate.words import Stage
from clients.items.life import Event, ItemState
from clients.items.models import Item
from clients.items.steps import bring, check_content, give_right, lock_item, move, require_no_meddling
from clients.people.access import require, require_side
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict
from tenants.vocabulary import Side
from tenants.walls.scope import durable


def submit_item(actor: Actor, *, item_id: UUID, seen_digest: str) -> Item:
    """Ask the gate for this content: it goes out, waits for the brand, or is refused; the item's state says which.

    Raises Invalid for a content that a channel does not take, Conflict('stale_version'|'not_in_this_state'),
    Refused('other_sides_item').
    """
    require(actor, Verb.ITEM_SUBMIT)
    with durable(actor.brand):
        item = lock_item(item_id)
        require_no_meddling(actor, item)
        check_seen(item, seen_digest)
        submit_locked(actor, item)
        return item


def submit_locked(actor: Actor, item: Item) -> None:
    """The same for a locked item, or one that this transaction made; whoever calls has asked for the right to."""
    assert item.version is not None
    check_content(item.version.exact_content())
    if item.state == ItemState.DRAFT and item.submitted_at is not None:
        void_window(item.pk, item.version.digest)
    bring(item, actor)
    watch_the_time(item)
    record(actor, "item.submitted", item, digest=item.version.digest)
    settle(actor, item, ask(actor, item, Stage.SUBMIT))


def perform_item(actor: Actor, *, item_id: UUID, seen_digest: str) -> Item:
    """The brand sends in its own name what the agency prepared (level 1), or what otherwise waits for it."""
    require(actor, Verb.ITEM_PERFORM)
    require_side(actor, Side.BRAND)
    with durable(actor.brand):
        item = lock_item(item_id)
        check_seen(item, seen_digest)
        if item.state != ItemState.WAITING:
            raise Conflict("not_in_this_state", state=str(item.state), event="perform")
        give_right(item, actor)
        record(actor, "item.performed", item, digest=seen_digest)
        settle(actor, item, ask(actor, item, Stage.REASK, meant_for=timezone.now()))
        return item


def withdraw_item(actor: Actor, *, item_id: UUID) -> Item:
    """Take an item back for good, as long as nothing of it is leaving."""
    require(actor, Verb.ITEM_WITHDRAW)
    with durable(actor.brand):
        item = lock_item(item_id)
        require_no_meddling(actor, item)
        withdraw_locked(actor, item)
        return item


def withdraw_locked(actor: Actor, item: Item) -> None:
    """The same for a locked item; whoever calls has asked for the right to. Conflict('not_in_this_state') for what is leaving."""
    move(item, Event.WITHDRAW)
    cancel_dispatches(item)
    record(actor, "item.withdrawn", item)
