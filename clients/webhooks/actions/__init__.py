"""Subscriptions, events out of the feed, deliveries, telling again."""

from clients.webhooks.actions.delivering import work_lane
from clients.webhooks.actions.forgetting import forget_deliveries, keep_going
from clients.webhooks.actions.pumping import pump
from clients.webhooks.actions.replaying import replay_delivery, replay_span, send_test_event
from clients.webhooks.actions.subscribing import (
    change_subscription,
    end_subscription,
    pause_subscription,
    resume_subscription,
    rotate_webhook_secret,
    subscribe,
)

__all__ = [
    "change_subscription",
    "end_subscription",
    "forget_deliveries",
    "keep_going",
    "pause_subscription",
    "pump",
    "replay_delivery",
    "replay_span",
    "resume_subscription",
    "rotate_webhook_secret",
    "send_test_event",
    "subscribe",
    "work_lane",
]
