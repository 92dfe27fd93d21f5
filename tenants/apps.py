"""The Django app of the hub's own tables (public schema, label `tenants`)."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the numbered system checks and the log of sign-ins."""
        from tenants import checks, signin_log  # noqa: F401
