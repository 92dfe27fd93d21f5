"""Press as a Django application of the brand's schema."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "clients.press"
    label = "press"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.press import tasks  # noqa: F401
