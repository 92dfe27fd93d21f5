"""Letting go of what was told and of its bytes, a month after it; the ledger goes on saying that it was told."""

from django.utils import timezone

from clients.people.access import require_process
from clients.people.actor import Actor
from clients.webhooks.models import Delivery
from clients.webhooks.queries import live_subscriptions
from clients.webhooks.rules import KEPT, SubscriptionState
from clients.webhooks.steps import wake
from tenants.walls.scope import durable


def forget_deliveries(actor: Actor) -> int:
    """For a worker; no line, for the ledger has one. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        gone, _ = Delivery.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()
    return gone


def keep_going(actor: Actor) -> None:
    """Work that was given up after too many failures of ours begins again. For a worker. Raises Refused('not_allowed')."""
    require_process(actor)
    with durable(actor.brand):
        for subscription in live_subscriptions().filter(state=SubscriptionState.ACTIVE):
            wake(subscription)
