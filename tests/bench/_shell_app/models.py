"""Tenants as django-tenants' tutorial has them, pointing to schemas that are there already."""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Client(TenantMixin):
    """A tenant."""

    auto_create_schema = False


class Domain(DomainMixin):
    """Its host."""


class Member(models.Model):
    """Who stands where, as a project on stock django-tenants keeps it: in the public schema."""

    person_id = models.UUIDField(db_index=True)
    client = models.ForeignKey(Client, models.CASCADE)
    name = models.CharField(max_length=120)
    side = models.CharField(max_length=8)
    role = models.CharField(max_length=24)
    ended_at = models.DateTimeField(null=True)
