"""What several actions of webhooks share inside their open transaction: rows of events, work for the lanes, a pause."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from clients.audit.actions import record
from clients.outbox.actions import enqueue
from clients.people.actor import Actor
from clients.webhooks.models import Delivery, Progress, Subscription
from clients.webhooks.queries import heads
from clients.webhooks.rules import LANES, PausedWhy, SubscriptionState, lane_of

PUMP, LANE, LETTER = "webhooks.pump", "webhooks.lane", "webhooks.letter"
"""Kinds of outbox rows: events out of the feed; deliveries of one lane; a letter, which the portal writes."""


def write_events(progress: Progress, events: Sequence[Delivery]) -> None:
    """Number them in their order, and have their lanes worked off. The caller holds the row of the progress."""
    first = progress.number + 1
    for place, event in enumerate(events):
        event.number, event.lane = first + place, lane_of(event.object_id)
    Delivery.objects.bulk_create(events)
    Progress.objects.filter(pk=progress.pk).update(number=F("number") + len(events))
    progress.number += len(events)
    for lane in sorted({event.lane for event in events}):
        wake_lane(progress.subscription_id, lane)


def wake_lane(subscription_id: UUID, lane: int, due_at: datetime | None = None) -> None:
    payload = {"subscription": str(subscription_id), "lane": lane}
    enqueue(LANE, payload, key=f"{subscription_id}:{lane}", due_at=due_at)


def wake(subscription: Subscription) -> None:
    """Everything of a subscription is looked at now."""
    enqueue(PUMP, {"subscription": str(subscription.pk)}, key=str(subscription.pk))
    for lane in range(LANES):
        wake_lane(subscription.pk, lane)


def locked_progress(subscription: Subscription) -> Progress:
    found: Progress = Progress.objects.select_for_update().get(subscription=subscription)
    return found


def event(subscription: Subscription, name: str, at: datetime | None = None) -> Delivery:
    """One about no object."""
    return Delivery(subscription=subscription, event=name, at=at or timezone.now())


def pause(actor: Actor, subscription: Subscription, why: PausedWhy) -> None:
    """Nothing leaves from now on, and nothing is lost: what waits goes on waiting, and the feed keeps the rest."""
    subscription.state, subscription.paused_why = SubscriptionState.PAUSED, why
    subscription.state_since = timezone.now()
    subscription.save(update_fields=("state", "paused_why", "state_since"))
    record(actor, "webhook.paused", subscription, why=str(why))
    if why is not PausedWhy.BY_HAND:
        for person_id in heads():
            payload = {"subscription": str(subscription.pk), "person": str(person_id)}
            enqueue(LETTER, payload, key=f"{why}:{subscription.pk}:{person_id}")
