"""Stop and resume. A stop works for everything in its scope from the moment it is committed; only the brand lifts it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from clients.approvals.models import Hold
from clients.approvals.steps import lift_hold, place_hold
from clients.approvals.words import HoldScope
from clients.audit.actions import record
from clients.autonomy.vocabulary import ActionKind
from clients.channels.models import Channel
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
from tenants.models import BrandPerson
from tenants.vocabulary import Side
from tenants.walls.scope import durable

RESUME = "gate.resume"
LONGEST_REASON = 500


def stop(actor: Actor, *, scope: str = HoldScope.ALL, value: str = "", reason: str = "") -> Hold:
    """Pull the brake. When this returns, nothing in the scope leaves any more: not from a queue, not from a running job.

    It waits for acts that are leaving at this very moment, at most as long as one outward call may last.
    `value` is the id of a channel, person or item, or an action kind. Pulling it twice is pulling it once.
    """
    require_side(actor, Side.BRAND)
    require(actor, Verb.BRAKE_STOP)
    where, what = _checked_scope(scope, value)
    with durable(actor.brand):
        press(actor.brand)
        _require_known(where, what)
        hold = place_hold(actor, where, what, reason[:LONGEST_REASON])
        record(actor, "brake.stopped", hold, scope=str(where), value=what)
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
    """After a resume, for one held item: asked again if its moment is still to come; otherwise it stays for a person.

    So does an item that is held because nobody answered in time: no brake holds it, and none of them lifts it.
    """
    with durable(actor.brand):
        item = lock_item(item_id)
        now = timezone.now()
        to_come = item.not_before is not None and item.not_before > now
        lapsed = item.decide_by is not None and item.decide_by <= now
        if item.state == ItemState.HELD and to_come and not lapsed:
            move(item, Event.RESUME)
            reask(actor, item)
        return item


def _checked_scope(scope: str, value: str) -> tuple[HoldScope, str]:
    """The scope and its value in the one spelling that acts are compared with: a brake with another would hold nothing."""
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
            return where, str(UUID(value))
        except ValueError as odd:
            raise Invalid("scope_value", field="value") from odd
    return where, value


def _require_known(where: HoldScope, value: str) -> None:
    """Nobody is to believe something stopped because an id was mistyped."""
    known: dict[HoldScope, Callable[[], QuerySet[Any]]] = {
        HoldScope.CHANNEL: lambda: Channel.objects.filter(pk=value),
        HoldScope.PERSON: lambda: BrandPerson.objects.filter(person_id=value),
        HoldScope.ITEM: lambda: Item.objects.filter(pk=value),
    }
    if where in known and not known[where]().exists():
        raise Invalid(f"unknown_{where}", field="value")
