"""Changes as a Django application of the brand's schema."""

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "clients.changes"
    label = "changes"

    def ready(self) -> None:
        """Importing the modules registers what the outbox calls; the triggers come with a brand's dress."""
        from clients.changes import tasks, triggers  # noqa: F401
