"""Stop and resume. A stop works for everything in its scope from the moment it is committed; only the brand lifts it."""

from uuid import UUID

from django.utils import timezone

from clients.approvals.models import Hold
from clients.approvals.steps import lift_hold, place_hold
from clients.approvals.words import HoldScope
from clients.audit.actions import record
from clients.autonomy.vocabulary import ActionKind
from clients.gate.steps import reask
from clients.items.life import Event, ItemState
from clients.items.models import Item
from clients.items.steps import lock_item, move
from clients.outbox.actions import enqueue
from clients.outbox.brake import press
from clients.people.access import require, require_side, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Invalid
from tenants.vocabulary import Side
from tenants.walls.scope import durable

RESUME = "gate.resume"


def stop(actor: Actor, *, scope: str = HoldScope.ALL, value: str = "", reason: str = "") -> Hold:
    """Pull the brake. When this returns, nothing in the scope leaves any more: not from a queue, not from a running job.

    It waits for acts that are leaving at this very moment, at most as long as one outward call may last.
    `value` is the id of a channel, person or item, or an action kind. Pulling it twice is pulling it once.
    """
    require_side(actor, Side.BRAND)
    require(actor, Verb.BRAKE_STOP)
    where = _checked_scope(scope, value)
    with durable(actor.brand):
        press(actor.brand)
        hold = place_hold(actor, where, value, reason)
        record(actor, "brake.stopped", hold, scope=str(where), value=value)
        return hold


def resume(actor: Actor, *, hold_id: UUID) -> Hold:
    """Lift one brake. What it held is asked again, one by one; what should have left meanwhile waits for a person."""
    require_side(actor, Side.BRAND)
    require(actor, Verb.BRAKE_RESUME)
    require_step_up(actor, timezone.now())
    with durable(actor.brand):
        press(actor.brand)
        hold = lift_hold(actor, hold_id)
        record(actor, "brake.resumed", hold)
        enqueue(RESUME, {"hold": str(hold.id)}, key=str(hold.id))
        return hold


def ask_held_again(actor: Actor, *, item_id: UUID) -> Item:
    """After a resume, for one held item: asked again if its moment is still to come; otherwise it stays for a person."""
    with durable(actor.brand):
        item = lock_item(item_id)
        if item.state == ItemState.HELD and item.not_before and item.not_before > timezone.now():
            move(item, Event.RESUME)
            reask(actor, item)
        return item


def _checked_scope(scope: str, value: str) -> HoldScope:
    try:
        where = HoldScope(scope)
    except ValueError as unknown:
        raise Invalid("unknown_scope", field="scope") from unknown
    if (where is HoldScope.ALL) == bool(value):
        raise Invalid("scope_value", field="value")
    if where is HoldScope.KIND and value not in set(ActionKind):
        raise Invalid("unknown_kind", field="value")
    if where in (HoldScope.CHANNEL, HoldScope.PERSON, HoldScope.ITEM):
        try:
            UUID(value)
        except ValueError as odd:
            raise Invalid("scope_value", field="value") from odd
    return where
