"""Classes and disclosures as a Django application of the brand's schema."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "clients.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        """Importing the module registers what is done each day."""
        from clients.disclosure import tasks  # noqa: F401
