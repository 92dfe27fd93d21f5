"""Telling again what was told: one event, or a span of them; and an event that only says that all works."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.webhooks.access import access_delivery, live_subscription
from clients.webhooks.models import Delivery, Subscription
from clients.webhooks.rules import LANES, MOST_REPLAYED, TEST, DeliveryState, SubscriptionState
from clients.webhooks.steps import event, locked_progress, wake_lane, write_events
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable

_ANEW = {"state": DeliveryState.WAITING, "attempts": 0, "leased_until": None, "ended_at": None}


def replay_delivery(actor: Actor, *, subscription_id: UUID, delivery_id: UUID) -> Delivery:
    """The same event once more, under the same id; what waits already is tried now.

    Raises Refused('not_allowed'), Missing('webhook' | 'delivery'), Conflict('already_ended' | 'webhook_not_active').
    """
    require(actor, Verb.WEBHOOK_USE)
    with durable(actor.brand):
        subscription = _active(actor, subscription_id)
        found = access_delivery(actor, subscription_id, delivery_id)
        _renew([found.pk])
        wake_lane(subscription_id, found.lane)
        record(actor, "webhook.replayed", subscription, delivery=str(found.pk), count=1)
        found.refresh_from_db()
    return found


def replay_span(actor: Actor, *, subscription_id: UUID, since: datetime, until: datetime | None = None) -> int:
    """All events of a span of time once more, in their order. How many.

    Raises as `replay_delivery`, Invalid('end_before_start' | 'too_many', 'until').
    """
    require(actor, Verb.WEBHOOK_USE)
    end = until or timezone.now()
    if end <= since:
        raise Invalid("end_before_start", "until")
    with durable(actor.brand):
        subscription = _active(actor, subscription_id)
        rows = Delivery.objects.filter(subscription=subscription_id, at__gte=since, at__lt=end)
        ids = list(rows.order_by("number").values_list("pk", flat=True)[: MOST_REPLAYED + 1])
        if len(ids) > MOST_REPLAYED:
            raise Invalid("too_many", "until", most=MOST_REPLAYED)
        _renew(ids)
        for lane in range(LANES):
            wake_lane(subscription_id, lane)
        record(actor, "webhook.replayed", subscription, since=since.isoformat(), until=end.isoformat(), count=len(ids))
    return len(ids)


def send_test_event(actor: Actor, *, subscription_id: UUID) -> Delivery:
    """An event about nothing. Raises as `replay_delivery`."""
    require(actor, Verb.WEBHOOK_USE)
    with durable(actor.brand):
        subscription = _active(actor, subscription_id)
        made = event(subscription, TEST)
        write_events(locked_progress(subscription), [made])
        record(actor, "webhook.tested", subscription)
    return made


def _active(actor: Actor, subscription_id: UUID) -> Subscription:
    found = live_subscription(actor, subscription_id)
    if found.state != SubscriptionState.ACTIVE:
        raise Conflict("webhook_not_active")
    return found


def _renew(ids: list[UUID]) -> None:
    Delivery.objects.filter(pk__in=ids).update(due_at=timezone.now(), **_ANEW)
