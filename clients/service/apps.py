"""Service as a Django application of the brand's schema."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "clients.service"
    label = "service"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.service import tasks  # noqa: F401
