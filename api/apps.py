"""The machine door as a Django application: for its templates and its style sheet."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    label = "api"
