"""Asking again when the brand has changed how it wants to be asked: only what has a yes, a policy approves nothing by itself."""

from uuid import UUID

from clients.approvals.queries import last_yes, verdicts_on
from clients.gate.steps import reask
from clients.items.life import ItemState
from clients.items.models import Item
from clients.items.steps import lock_item
from clients.people.actor import Actor
from tenants.walls.scope import durable


def ask_approved_again(actor: Actor, *, item_id: UUID) -> Item:
    """One item that waits for the brand and has a yes to its content: perhaps it has enough of them now."""
    with durable(actor.brand):
        item = lock_item(item_id)
        waits = item.state in (ItemState.WAITING, ItemState.IN_VETO) and item.version is not None
        if waits and item.version is not None and last_yes(list(verdicts_on(item.pk)), item.version.digest):
            reask(actor, item)
        return item
