"""Openings for an operator as a Django application of the brand's schema."""

from django.apps import AppConfig


class BreakglassConfig(AppConfig):
    name = "clients.breakglass"
    label = "breakglass"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.breakglass import tasks  # noqa: F401
