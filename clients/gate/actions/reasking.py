"""Asking again when something has changed: how the brand wants to be asked, or that the night is over.

Of what waits for the brand only what has a yes: a policy approves nothing by itself.
"""

from uuid import UUID

from django.utils import timezone

from clients.approvals.queries import last_yes, verdicts_on
from clients.gate.cooling import cools_off_until
from clients.gate.steps import reask
from clients.items.life import Event, ItemState
from clients.items.models import Item
from clients.items.steps import lock_item, move
from clients.outbox.registry import Later
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


def ask_cooled_again(actor: Actor, *, item_id: UUID) -> Item:
    """The morning has come for an act that was slept on. One that is held for another reason stays where it is.

    Raises `Later` before that morning.
    """
    with durable(actor.brand):
        item = lock_item(item_id)
        until = cools_off_until(item) if item.state == ItemState.HELD else None
        if until is None:
            return item
        if timezone.now() < until:
            raise Later(until)
        move(item, Event.RESUME)
        reask(actor, item)
        return item
