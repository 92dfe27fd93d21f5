"""Insights as a Django application of the brand's schema."""

from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "clients.insights"
    label = "insights"

    def ready(self) -> None:
        """Importing the modules registers what the outbox calls, and how long words of insights are kept."""
        from clients.insights import retention, tasks  # noqa: F401
