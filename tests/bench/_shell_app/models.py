"""Tenants as django-tenants' tutorial has them, pointing to schemas that are there already."""

from django_tenants.models import DomainMixin, TenantMixin


class Client(TenantMixin):
    """A tenant."""

    auto_create_schema = False


class Domain(DomainMixin):
    """Its host."""
