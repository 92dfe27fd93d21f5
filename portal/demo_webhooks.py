"""The demo's webhook: the shop's till is told of items, and paused, so that nothing is called that nobody runs."""

from clients.people.actor import Actor
from clients.webhooks.actions import pause_subscription, send_test_event, subscribe


def make_demo_webhook(owner: Actor) -> None:
    """Its address is of a name that no machine has (RFC 2606)."""
    made, _secret = subscribe(
        owner, name="Caisse", endpoint="https://caisse.example/relais", resources=["items", "receipts"]
    )
    send_test_event(owner, subscription_id=made.pk)
    pause_subscription(owner, subscription_id=made.pk)
