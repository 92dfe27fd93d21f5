"""The gate as a Django application of the brand's schema."""

from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "clients.gate"
    label = "gate"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls."""
        from clients.gate import tasks  # noqa: F401
