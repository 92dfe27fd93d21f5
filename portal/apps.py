"""The portal as a Django application: templates, static files and translations, no models."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"

    def ready(self) -> None:
        """Importing the modules registers what the outbox calls."""
        from portal import notices  # noqa: F401
