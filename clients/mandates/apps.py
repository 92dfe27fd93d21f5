"""Mandates as a Django application of the brand's schema."""

from django.apps import AppConfig


class MandatesConfig(AppConfig):
    name = "clients.mandates"
    label = "mandates"
