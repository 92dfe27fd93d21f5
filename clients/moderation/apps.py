"""Moderation as a Django application of the brand's schema."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "clients.moderation"
    label = "moderation"

    def ready(self) -> None:
        """Importing the modules registers what the outbox calls, what the gate asks, and how long evidence is kept."""
        from clients.moderation import calm, retention, tasks  # noqa: F401
