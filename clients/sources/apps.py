"""Sources as a Django application of the brand's schema."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "clients.sources"
    label = "sources"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.sources import tasks  # noqa: F401
