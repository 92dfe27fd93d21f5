"""Brands from the command line: list, create, suspend, resume, close and drop their spaces, fill the pool."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants import actions, provisioning
from tenants.errors import RelaisError
from tenants.models import Brand
from tenants.vocabulary import BrandState

_STATES = {"suspend": BrandState.SUSPENDED, "resume": BrandState.ACTIVE, "close": BrandState.CLOSING}


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
        provisioning.drop_space(self.brand(options))

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
