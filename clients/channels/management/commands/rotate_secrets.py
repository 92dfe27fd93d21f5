"""`manage.py rotate_secrets`: whatever the installation encrypts under its newest key, so that an old key can go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clients.audit.actions import reseal_log_keys
from clients.autonomy.vocabulary import EntryPoint
from clients.channels.actions import reseal_secrets
from clients.people.actor import process_of
from tenants.models import Brand
from tenants.resealing import reseal_factors
from tenants.vocabulary import BrandState

HAVE_A_SCHEMA = (BrandState.ACTIVE, BrandState.SUSPENDED, BrandState.CLOSING)


class Command(BaseCommand):
    help = "Encrypt credentials, log keys and second factors with the first of FIELD_ENCRYPTION_KEYS; then the others can go."

    def handle(self, *args: Any, **options: Any) -> None:
        total, log_keys, unreadable = 0, 0, []
        for brand in Brand.objects.filter(state__in=HAVE_A_SCHEMA).order_by("created_at"):
            actor = process_of(brand.ref(), EntryPoint.COMMAND, "rotate_secrets")
            done, failed = reseal_secrets(actor=actor)
            total += done
            unreadable += [f"{brand.slug}:{channel}" for channel in failed]
            keys, closed = reseal_log_keys(actor=actor)
            log_keys += keys
            unreadable += [f"{brand.slug}:log key {number}" for number in closed]
        factors, lost = reseal_factors()
        unreadable += [f"second factor {pk}" for pk in lost]
        self.stdout.write(f"{total} credentials resealed")
        if factors:
            self.stdout.write(f"{factors} second factors resealed")
        if log_keys:
            self.stdout.write(f"{log_keys} log keys resealed")
        if unreadable:
            raise CommandError("No key opens these; keep the old keys or connect them anew: " + ", ".join(unreadable))
