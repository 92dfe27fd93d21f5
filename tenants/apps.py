"""The Django app of the hub's own tables (public schema, label `tenants`)."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the numbered system checks."""
        from tenants import checks  # noqa: F401
