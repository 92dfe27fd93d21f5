"""What the stage of the route matrix has of webhooks: one that is told, with an event, and one that is paused."""

from clients.webhooks.actions import pause_subscription, send_test_event, subscribe
from tests.world import World


def of_webhooks(world: World, word: str) -> dict[str, str]:
    """One of each, as ids."""
    told, _secret = subscribe(
        world.owner, name=f"Caisse {word}", endpoint=f"https://{word.lower()}.example/hook", resources=["items"]
    )
    quiet, _secret = subscribe(
        world.owner, name=f"Repos {word}", endpoint=f"https://{word.lower()}.example/rest", resources=["items"]
    )
    event = send_test_event(world.owner, subscription_id=told.pk)
    pause_subscription(world.owner, subscription_id=quiet.pk)
    return {"webhook_id": str(told.pk), "paused_webhook": str(quiet.pk), "delivery_id": str(event.pk)}
