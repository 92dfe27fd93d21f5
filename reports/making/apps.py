"""Reports as a Django application of the brand's schema."""

from django.apps import AppConfig


class MakingConfig(AppConfig):
    name = "reports.making"
    label = "reports"

    def ready(self) -> None:
        """Importing registers what the outbox calls, and how long things are kept; the briefing learns what may be a goal."""
        from reports.facts.goals import declare
        from reports.making import retention, tasks  # noqa: F401

        declare()
