"""The portal as a Django application: templates, static files and translations, no models."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"

    def ready(self) -> None:
        """Its handlers are known to every process that may perform an outbox row."""
        from portal import tasks  # noqa: F401
