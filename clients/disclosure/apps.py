"""Classes and disclosures as a Django application of the brand's schema."""

from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "clients.disclosure"
    label = "disclosure"
