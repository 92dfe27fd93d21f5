"""Custody as a Django application of the brand's schema."""

from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "clients.custody"
    label = "custody"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.custody import tasks  # noqa: F401
