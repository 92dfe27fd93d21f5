"""Webhooks as a Django application of the brand's schema."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "clients.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.webhooks import tasks  # noqa: F401
