"""Mandates as a Django application of the brand's schema."""

from django.apps import AppConfig


class MandatesConfig(AppConfig):
    name = "clients.mandates"
    label = "mandates"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.mandates import tasks  # noqa: F401
