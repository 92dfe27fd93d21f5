"""The gate as a Django application of the brand's schema."""

from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "clients.gate"
    label = "gate"
