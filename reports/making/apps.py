"""Reports as a Django application of the brand's schema."""

from django.apps import AppConfig


class MakingConfig(AppConfig):
    name = "reports.making"
    label = "reports"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls, and how long things are kept."""
        from reports.making import retention, tasks  # noqa: F401
