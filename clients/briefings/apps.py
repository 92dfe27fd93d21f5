"""Briefings as a Django application of the brand's schema."""

from django.apps import AppConfig


class BriefingsConfig(AppConfig):
    name = "clients.briefings"
    label = "briefings"
