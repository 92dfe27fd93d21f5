"""Briefings as a Django application of the brand's schema."""

from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "clients.briefings"
    label = "briefings"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.briefings import tasks  # noqa: F401
