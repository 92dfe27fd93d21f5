"""Sharing of reports as a Django application of the brand's schema."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "reports.sharing"
    label = "sharing"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from reports.sharing import tasks  # noqa: F401
