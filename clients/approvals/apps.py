"""Approvals as a Django application of the brand's schema."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "clients.approvals"
    label = "approvals"
