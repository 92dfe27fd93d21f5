"""Brands from the command line: list, create, suspend, resume, close and drop their spaces, fill the pool."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants import actions, provisioning
from tenants.dropping import drop_space
from tenants.errors import RelaisError
from tenants.limits import A_MEGABYTE, storage_bytes
from tenants.models import Brand
from tenants.vocabulary import BrandState
from tenants.walls.backend.base import OWNER

DEFAULT = 0
_STATES = {"suspend": BrandState.SUSPENDED, "resume": BrandState.ACTIVE, "close": BrandState.CLOSING}


def _number(typed: str) -> int:
    """At least one, or 'default'."""
    if typed == "default":
        return DEFAULT
    if not typed.isdecimal() or not 0 < int(typed) < 10**9:
        raise ArgumentTypeError("a whole number, or 'default'")
    return int(typed)


class Command(BaseCommand):
    help = "List, create, suspend, resume, close or drop brands; top_up fills the pool of blanks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list")
        create = verbs.add_parser("create")
        create.add_argument("slug")
        create.add_argument("name")
        for verb in (*_STATES, "drop"):
            verbs.add_parser(verb).add_argument("slug")
        limit = verbs.add_parser("limit", help="An operator's word for one brand; 'default' takes it back.")
        limit.add_argument("slug")
        limit.add_argument("--storage-mb", type=_number)
        limit.add_argument("--statement-seconds", type=_number)
        verbs.add_parser("top_up").add_argument("size", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, "do_" + options["verb"], self.change_state)(options)
        except RelaisError as error:
            raise CommandError(f"{error.code} {error.facts or ''}") from error

    def do_list(self, options: dict[str, Any]) -> None:
        """One line per brand."""
        for brand in Brand.objects.exclude(state=BrandState.GONE).order_by("created_at"):
            self.stdout.write(f"{brand.schema_name}  {brand.state:<12}  {brand.slug:<24}  {brand.name}")

    def do_create(self, options: dict[str, Any]) -> None:
        """From a blank; in a process with the owner's address an empty pool is filled first."""
        provisioning.top_up(1)
        brand = actions.create_brand(options["name"], options["slug"])
        self.stdout.write(f"{brand.schema_name}  {brand.slug}")

    def do_drop(self, options: dict[str, Any]) -> None:
        """Only a closing brand; its tombstone stays."""
        drop_space(self.brand(options))

    def do_limit(self, options: dict[str, Any]) -> None:
        """As the owner of the database: nobody who answers requests can give a brand more. It holds within 30 seconds."""
        brand = self.brand(options)
        given = {"storage_limit": options["storage_mb"], "statement_limit": options["statement_seconds"]}
        factor = {"storage_limit": A_MEGABYTE, "statement_limit": 1}
        wanted = {name: value and value * factor[name] for name, value in given.items() if value is not None}
        if wanted:
            changes = {name: value or None for name, value in wanted.items()}
            Brand.objects.using(OWNER).filter(pk=brand.pk).update(**changes)
        ref = Brand.objects.get(pk=brand.pk).ref()
        seconds = ref.statement_limit or "as the installation"
        self.stdout.write(f"{ref.slug}  storage {storage_bytes(ref) // A_MEGABYTE} MB  statement seconds {seconds}")

    def do_top_up(self, options: dict[str, Any]) -> None:
        """Make blanks until so many stand ready."""
        made = provisioning.top_up(options["size"], self.stdout.write)
        self.stdout.write(f"{made} blanks made")

    def change_state(self, options: dict[str, Any]) -> None:
        """Suspend, resume or close."""
        actions.change_state(self.brand(options).ref(), _STATES[options["verb"]])

    def brand(self, options: dict[str, Any]) -> Brand:
        """The brand named on the command line."""
        brand = Brand.objects.filter(slug=options["slug"]).first()
        if brand is None:
            raise CommandError(f"no brand {options['slug']}")
        return brand
