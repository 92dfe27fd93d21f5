"""A brand to try the API on, made or made anew, and the secrets of its keys, which nothing tells again."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.links import brand_url
from portal.sandbox import make_sandbox
from tenants import provisioning
from tenants.errors import RelaisError


class Command(BaseCommand):
    help = (
        "Make a sandbox brand with the memory channel, example data and two keys; --reset throws away what was there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", default="sandbox", help="its address begins with it; 'sandbox…'")
        parser.add_argument(
            "--reset", action="store_true", help="drop the sandbox of this name first, with all it holds"
        )
        parser.add_argument("--language", choices=[code for code, _name in settings.LANGUAGES], default="fr")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            provisioning.top_up(1)
            made = make_sandbox(options["slug"], anew=options["reset"], language=options["language"])
        except RelaisError as error:
            raise CommandError(f"{error.code} {error.facts or ''}".strip()) from error
        address = brand_url(made.brand.slug, "home").rstrip("/")
        self.stdout.write(f'export RELAIS="{address}/api/v1"')
        self.stdout.write(f'export KEY="{made.writes}"')
        self.stdout.write(f'export BRAND_KEY="{made.answers}"')
