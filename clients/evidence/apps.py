"""Evidence as a Django application of the brand's schema."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "clients.evidence"
    label = "evidence"

    def ready(self) -> None:
        from clients.evidence import tasks  # noqa: F401
