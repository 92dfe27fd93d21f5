"""The audit log as a Django application of the brand's schema."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "clients.audit"
    label = "audit"
