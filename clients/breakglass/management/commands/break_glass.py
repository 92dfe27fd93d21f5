"""`manage.py break_glass`: an operator looks into one brand, read-only, with a reason and an end, and the brand is told.

`open` says who, why and how long; `look` prints the tables that are open, and a page of one; `end` ends it; `list` shows a
brand's openings; `tidy` takes away what is over. Needs DATABASE_OWNER_URL. See docs/recipes/break-glass.md.
"""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.breakglass.actions import end_glass, fail_glass, open_glass, tell_look
from clients.breakglass.models import Opening
from clients.breakglass.queries import openings, read_under
from clients.breakglass.rules import A_PAGE
from clients.people.actor import Actor, process_of
from tenants import glass, provisioning
from tenants.errors import RelaisError
from tenants.models import Brand
from tenants.vocabulary import BrandState
from tenants.walls.router import brand_labels
from tenants.walls.scope import brand_scope

HAVE_A_SCHEMA = (BrandState.ACTIVE, BrandState.SUSPENDED, BrandState.CLOSING)
OPERATOR = "operator"


class Command(BaseCommand):
    help = "Look into one brand as the operator: read-only, with a reason and an end, a line in its log for each page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        opening = verbs.add_parser("open", help="Tell the brand, then make what may be read.")
        opening.add_argument("slug")
        opening.add_argument("--who", required=True, help="the name of the person who looks")
        opening.add_argument("--reason", required=True, help="in a sentence; the brand's owner reads it")
        opening.add_argument("--hours", type=float, default=1.0, help="at most 4")
        opening.add_argument("--ticket", default="")
        opening.add_argument(
            "--part", action="append", required=True, choices=brand_labels(), metavar="PART",
            help="what of the brand, as little as will do; may be given again: " + ", ".join(brand_labels()),
        )  # fmt: skip
        look = verbs.add_parser("look", help="Without a table: which there are, and their columns.")
        look.add_argument("slug")
        look.add_argument("opening", type=UUID)
        look.add_argument("table", nargs="?")
        look.add_argument("--where", action="append", default=[], metavar="COLUMN=VALUE", help="may be given again")
        look.add_argument("--page", type=int, default=1)
        ending = verbs.add_parser("end")
        ending.add_argument("slug")
        ending.add_argument("opening", type=UUID)
        for verb in ("list", "tidy"):
            verbs.add_parser(verb).add_argument("slug")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            provisioning.owner()
            getattr(self, "do_" + options["verb"])(self.actor(options["slug"]), options)
        except RelaisError as error:
            raise CommandError(f"{error.code} {error.facts or ''}".strip()) from error
        except (psycopg.Error, DatabaseError) as error:
            raise CommandError(f"the database refuses: {error}".strip()) from error

    def do_open(self, actor: Actor, options: dict[str, Any]) -> None:
        """The line and the letters are committed before there is anything to read."""
        said = {name: options[name] for name in ("who", "reason", "hours", "ticket")}
        opening = open_glass(actor, parts=options["part"], **said)
        try:
            glass.put_up(opening.pk, actor.brand, opening.parts, opening.until)
        except DatabaseError:
            fail_glass(actor, opening_id=opening.pk)
            raise
        self.stdout.write(
            f"{opening.pk}\nopen until {opening.until:%Y-%m-%d %H:%M} UTC; the brand's owner has been told"
        )

    def do_look(self, actor: Actor, options: dict[str, Any]) -> None:
        """One page, after its line; or the names of what is open, which are no secret and cost none."""
        with brand_scope(actor.brand):
            parts = Opening.objects.filter(pk=options["opening"]).values_list("parts", flat=True).first() or ()
        shown = glass.readable(parts)
        if not options["table"]:
            for table, columns in shown.items():
                self.stdout.write(f"{table}: {', '.join(columns)}")
            return
        where = tuple(tuple(each.partition("=")[::2]) for each in options["where"])
        page = glass.Page(options["table"], where, max(0, options["page"] - 1) * A_PAGE, A_PAGE)
        look = tell_look(actor, opening_id=options["opening"], page=page)
        for row in glass.read(options["opening"], page, shown[page.table])[: look.rows]:
            self.stdout.write(_harmless(json.dumps(row, ensure_ascii=False)))
        self.stdout.write(f"{look.rows} rows of {page.table}, page {options['page']}; the brand's log says so")

    def do_end(self, actor: Actor, options: dict[str, Any]) -> None:
        end_glass(actor, opening_id=options["opening"])
        glass.shut(options["opening"])
        self.stdout.write("ended; the brand's owner is told what was read")

    def do_list(self, actor: Actor, options: dict[str, Any]) -> None:
        with brand_scope(actor.brand):
            found = list(openings())
            read = read_under(opening.pk for opening in found)
            for opening in found:
                state = "open" if opening.holds(timezone.now()) else "over"
                looks = sum(pages for _, pages, _ in read[opening.pk])
                self.stdout.write(
                    f"{opening.pk}  {state}  until {opening.until:%Y-%m-%d %H:%M}  {looks} pages  {opening.who}"
                )

    def do_tidy(self, actor: Actor, options: dict[str, Any]) -> None:
        """Roles and views of openings that are over; the worker does it too, as soon as one ends."""
        with brand_scope(actor.brand):
            over = [opening.pk for opening in openings() if not opening.holds(timezone.now())]
        self.stdout.write(f"{sum(glass.shut(pk) for pk in over)} taken away")

    def actor(self, slug: str) -> Actor:
        """The installation itself, in the brand: no person of anybody's, no side, no role."""
        brand = Brand.objects.filter(slug=slug, state__in=HAVE_A_SCHEMA).first()
        if brand is None:
            raise CommandError(f"no brand {slug}")
        return process_of(brand.ref(), EntryPoint.COMMAND, OPERATOR)


def _harmless(line: str) -> str:
    """Nothing in a brand's words moves the cursor of a terminal, or writes from the right."""
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in line)
