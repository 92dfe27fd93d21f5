"""Mentions as a Django application of the brand's schema."""

from django.apps import AppConfig


class MentionsConfig(AppConfig):
    name = "clients.mentions"
    label = "mentions"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.mentions import tasks  # noqa: F401
