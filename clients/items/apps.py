"""Items as a Django application of the brand's schema."""

from django.apps import AppConfig


class ItemsConfig(AppConfig):
    name = "clients.items"
    label = "items"
