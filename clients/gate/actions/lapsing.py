"""What happens when a moment has come: a veto window is over, a deadline has lapsed, a time window has closed."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.approvals.models import VetoWindow
from clients.approvals.queries import policy_in_force
from clients.approvals.steps import close_window
from clients.approvals.words import OnLapse
from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint, WindowState
from clients.gate.steps import LONGEST_DELIVERY, cancel_dispatches, reask
from clients.items.life import ASKABLE, Event, ItemState, after
from clients.items.models import Item
from clients.items.steps import lock_item, move
from clients.outbox.registry import Later
from clients.people.actor import process_of
from tenants.walls.scope import BrandRef, durable


def window_over(brand: BrandRef, *, window_id: UUID) -> None:
    """A veto window has come to its end. Nothing follows from the clock alone: the gate is asked again.

    A veto and this queue for the item's lock; whoever is second finds the state of the first.
    """
    actor = process_of(brand, EntryPoint.WORKER, "worker")
    with durable(brand):
        found = VetoWindow.objects.filter(pk=window_id).only("item_id").first()
        if found is None:
            return
        item = lock_item(found.item_id)
        window = VetoWindow.objects.select_for_update().get(pk=window_id)
        end = _end_of(window, item)
        if end is None or item.version is None or item.version.digest != window.digest:
            return
        if timezone.now() < end:
            raise Later(end)
        close_window(window, WindowState.LAPSED if window.state == WindowState.OPEN else WindowState.BOUNCED)
        record(actor, f"window.{window.state}", item)
        reask(actor, item)


def _end_of(window: VetoWindow, item: Item) -> datetime | None:
    """When an open window closes; for one whose notices never arrived, when nobody expects them any more."""
    if item.state == ItemState.IN_VETO and window.state == WindowState.OPEN:
        return window.closes_at
    if item.state == ItemState.SUBMITTED and window.state == WindowState.UNDELIVERED:
        return window.asked_at + LONGEST_DELIVERY
    return None


def deadline_over(brand: BrandRef, *, item_id: UUID) -> None:
    """Nobody of the brand answered in time: hold or skip, as the brand chose. Never send."""
    actor = process_of(brand, EntryPoint.WORKER, "worker")
    with durable(brand):
        item = lock_item(item_id)
        if item.state != ItemState.WAITING or item.decide_by is None:
            return
        if timezone.now() < item.decide_by:
            raise Later(item.decide_by)
        lapse = policy_in_force().on_lapse
        move(item, Event.HOLD if lapse == OnLapse.HOLD else Event.LAPSE)
        record(actor, "deadline.lapsed", item, then=str(lapse))


def time_over(brand: BrandRef, *, item_id: UUID) -> None:
    """The time window of an item's content has closed: what has not left expires."""
    actor = process_of(brand, EntryPoint.WORKER, "worker")
    with durable(brand):
        item = lock_item(item_id)
        over = item.version.exact_content().not_after if item.version else None
        waiting = item.state in ASKABLE or item.state == ItemState.HELD
        if over is None or not waiting or after(ItemState(item.state), Event.LAPSE) is None:
            return
        if timezone.now() <= over:
            raise Later(over)
        move(item, Event.LAPSE)
        cancel_dispatches(item)
        record(actor, "item.expired", item)
