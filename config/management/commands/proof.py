"""`manage.py proof`: runs the parts of tests/proof and says of each whether it holds."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """The last line of a part is `name: figures: holds` or `name: figures: falls short`; the exit status says the same."""

    help = "Show the promises, one line each. Without a name: all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        """A part and how much of it."""
        parser.add_argument("part", nargs="?", default="")
        parser.add_argument("--scale", choices=("small", "full"), default="small")
        parser.add_argument(
            "--lanes", type=int, default=2, help="how many parts at a time; 1 is one after the other, here"
        )
        parser.add_argument("--list", action="store_true", help="only name the parts")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Leave with 1 when anything falls short."""
        from tests import proof  # the tests are above the program: only this command knows them

        known = proof.parts()
        if options["list"]:
            self.stdout.write("\n".join(known))
            return
        if options["part"] and options["part"] not in known:
            message = f"No part is called {options['part']}: {', '.join(known) or 'there are none yet'}."
            raise CommandError(message)
        chosen = [known[options["part"]]] if options["part"] else list(known.values())
        short = 0
        for line, holds in proof.prove(chosen, options["scale"], options["lanes"]):
            self.stdout.write(line)
            self.stdout.flush()
            short += not holds
        if short:
            sys.exit(1)
