"""Looks as a Django application of the brand's schema."""

from django.apps import AppConfig


class LooksConfig(AppConfig):
    name = "reports.looks"
    label = "looks"
