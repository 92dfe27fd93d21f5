"""Conversations as a Django application of the brand's schema."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "clients.conversations"
    label = "conversations"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.conversations import tasks  # noqa: F401
