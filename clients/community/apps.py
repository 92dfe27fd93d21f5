"""The community as a Django application of the brand's schema."""

from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "clients.community"
    label = "community"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.community import tasks  # noqa: F401
