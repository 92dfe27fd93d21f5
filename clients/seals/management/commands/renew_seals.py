"""`manage.py renew_seals`: whatever carries a seal (a signature, a yes) sealed under the newest SECRET_KEY as well."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import Actor, process_of
from clients.seals.actions import renew_seals
from clients.seals.kinds import Sealed, sealed_kinds
from tenants.keeping.progress import Bar
from tenants.models import Brand
from tenants.vocabulary import BrandState

HAVE_A_SCHEMA = (BrandState.ACTIVE, BrandState.SUSPENDED, BrandState.CLOSING)


class Command(BaseCommand):
    help = (
        "Renew the seals of all brands under SECRET_KEY; then former keys can go. Stopped in between, it is run again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        brands, bar = list(Brand.objects.filter(state__in=HAVE_A_SCHEMA).order_by("created_at")), Bar(self.stdout)
        done, refused = 0, list[str]()
        for number, brand in enumerate(brands):
            actor = process_of(brand.ref(), EntryPoint.COMMAND, "renew_seals")
            for sealed in sealed_kinds():
                bar(f"{brand.slug} {sealed.kind}", number, len(brands))
                renewed, stray = _renew(actor, sealed)
                done += renewed
                refused += [f"{brand.slug}: {sealed.kind} {row_id}" for row_id in stray]
        bar("", len(brands), len(brands))
        self.stdout.write(f"{done} seals renewed in {len(brands)} brands")
        if refused:
            raise CommandError(
                "Nobody of the brand is known to have said these; no seal for them:\n" + "\n".join(refused)
            )


def _renew(actor: Actor, sealed: Sealed[Any]) -> tuple[int, list[UUID]]:
    """One kind of one brand, stretch by stretch: (how many, what was refused)."""
    done, refused = 0, list[UUID]()
    stretch = renew_seals(actor, sealed=sealed)
    while True:
        done, refused = done + stretch.done, [*refused, *stretch.refused]
        if stretch.last is None:
            return done, refused
        stretch = renew_seals(actor, sealed=sealed, after=stretch.last)
