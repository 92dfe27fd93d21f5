"""The doors to a subscription and to one delivery: for the brand's own people alone. Refused equals absent."""

from uuid import UUID

from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.webhooks.models import Delivery, Subscription
from clients.webhooks.rules import SubscriptionState
from tenants.errors import Conflict, Missing


def access_subscription(actor: Actor, subscription_id: UUID, *, lock: bool = False) -> Subscription:
    """One subscription, ended ones too. Missing('webhook') otherwise."""
    require(actor, Verb.WEBHOOK_READ)
    rows = Subscription.objects.select_for_update() if lock else Subscription.objects.select_related("progress")
    found: Subscription | None = rows.filter(pk=subscription_id).first()
    if found is None:
        raise Missing("webhook")
    return found


def live_subscription(actor: Actor, subscription_id: UUID) -> Subscription:
    """Locked. Raises Missing('webhook'), Conflict('already_ended')."""
    found = access_subscription(actor, subscription_id, lock=True)
    if found.state == SubscriptionState.ENDED:
        raise Conflict("already_ended")
    return found


def access_delivery(actor: Actor, subscription_id: UUID, delivery_id: UUID) -> Delivery:
    """One delivery of that subscription. Missing('delivery') otherwise."""
    access_subscription(actor, subscription_id)
    found: Delivery | None = Delivery.objects.filter(pk=delivery_id, subscription=subscription_id).first()
    if found is None:
        raise Missing("delivery")
    return found
