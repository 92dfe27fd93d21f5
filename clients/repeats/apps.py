"""Kept answers as a Django application of the brand's schema."""

from django.apps import AppConfig


class RepeatsConfig(AppConfig):
    name = "clients.repeats"
    label = "repeats"

    def ready(self) -> None:
        """Importing the module registers what is done each day."""
        from clients.repeats import tasks  # noqa: F401
