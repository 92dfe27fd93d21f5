"""`manage.py bench`: runs the parts of tests/bench and prints their figures as JSON."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """One JSON object on standard output, with the machine and the versions the figures belong to."""

    help = "Measure. Without a name: everything."

    def add_arguments(self, parser: CommandParser) -> None:
        """A part and how much of it."""
        parser.add_argument("part", nargs="?", default="")
        parser.add_argument("--scale", choices=("small", "full"), default="small")

    def handle(self, *_args: Any, **options: Any) -> None:
        """A part that failed has the key `error`, and the exit status is 1."""
        from tests import bench  # the tests are above the program: only this command knows them

        known = bench.parts()
        if options["part"] and options["part"] not in known:
            message = f"No part is called {options['part']}: {', '.join(known) or 'there are none yet'}."
            raise CommandError(message)
        chosen = [known[options["part"]]] if options["part"] else list(known.values())
        figures = bench.measure(chosen, options["scale"])
        self.stdout.write(json.dumps(figures, indent=2, default=str))
        if failed := [name for name, part in figures["parts"].items() if "error" in part]:
            message = f"Not measured: {', '.join(failed)}"
            raise CommandError(message)
