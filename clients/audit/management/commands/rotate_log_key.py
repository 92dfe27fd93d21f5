"""`manage.py rotate_log_key <slug>`: a new key signs the log of a brand, announced under the one before."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clients.audit import keys
from clients.audit.actions import House, rotate_log_key
from clients.autonomy.vocabulary import EntryPoint
from tenants.errors import RelaisError
from tenants.models import Brand


class Command(BaseCommand):
    help = "Give the log of a brand a new key. Tell the brand the new verifier key that this prints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        brand = Brand.objects.filter(slug=options["slug"]).first()
        if brand is None:
            raise CommandError(f"There is no brand {options['slug']}.")
        try:
            key = rotate_log_key(actor=House(brand.ref(), "rotate_log_key", via=EntryPoint.COMMAND))
        except RelaisError as error:
            raise CommandError(f"No new key: {error}.") from error
        self.stdout.write(str(keys.verifier_key(key)))
