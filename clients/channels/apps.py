"""The Django app of the channels of a brand."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "clients.channels"
    label = "channels"

    def ready(self) -> None:
        """Importing the module registers what the outbox calls, in the relay too, which may perform it itself."""
        from clients.channels import tasks  # noqa: F401
