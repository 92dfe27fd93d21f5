"""The outbox as a Django application of the brand's schema."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "clients.outbox"
    label = "outbox"
