"""Conversations as a Django application of the brand's schema."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "clients.conversations"
    label = "conversations"

    def ready(self) -> None:
        """Importing the modules registers what the outbox calls, and how long notes and drafts are kept."""
        from clients.conversations import retention, tasks  # noqa: F401
