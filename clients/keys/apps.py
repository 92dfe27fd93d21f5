"""Keys as a Django application of the brand's schema."""

from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "clients.keys"
    label = "keys"

    def ready(self) -> None:
        """Importing the module registers what is done each day."""
        from clients.keys import tasks  # noqa: F401
