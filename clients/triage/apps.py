"""Triage as a Django application of the brand's schema."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    name = "clients.triage"
    label = "triage"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.triage import tasks  # noqa: F401
