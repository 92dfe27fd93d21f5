"""`manage.py bounce`: reads one mail that came back from standard input, as a mail server's pipe or alias hands it over.

It always ends well: a pipe that fails makes the mail server write a bounce of the bounce.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from clients.channels.bounces import LARGEST, bounces_in
from clients.gate.actions.bouncing import note_bounces
from tenants.queries import active_brands


class Command(BaseCommand):
    help = "Note a mail that came back (read from standard input) in the trail of the act it belonged to."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--brand", default="", help="Look in this brand (its slug) only; otherwise in all of them.")

    def handle(self, *args: Any, **options: Any) -> None:
        source = getattr(sys.stdin, "buffer", None)
        found = bounces_in(source.read(LARGEST) if source is not None else b"")
        brands = [brand for brand in active_brands() if options["brand"] in ("", brand.slug)]
        noted = note_bounces(brands, found)
        self.stdout.write(f"{len(found)} bounces read, {noted} noted")
