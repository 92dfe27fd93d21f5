"""Renewed seals as a Django application of the brand's schema."""

from django.apps import AppConfig


class SealsConfig(AppConfig):
    name = "clients.seals"
    label = "seals"
