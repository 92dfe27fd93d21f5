"""Crisis as a Django application of the brand's schema."""

from django.apps import AppConfig


class CrisisConfig(AppConfig):
    name = "clients.crisis"
    label = "crisis"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.crisis import tasks  # noqa: F401
