"""Everything a database needs before the first request: roles, hub, recorded text, all brands up to date, blanks."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants import fleet, provisioning
from tenants.errors import Refused


class Command(BaseCommand):
    help = "Prepare the database (idempotent): roles, hub, every brand, and a pool of blank brands. Needs DATABASE_OWNER_URL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pool", type=int, default=5, help="how many blank brands stand ready")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            provisioning.prepare_hub(self.say)
        except Refused as refused:
            raise CommandError(f"{refused.code} {refused.facts or ''}") from refused
        report = fleet.migrate(progress=self.say)
        made = provisioning.top_up(options["pool"], self.say)
        self.say(f"ready: {report.done} brands migrated, {made} blanks made")
        if report.failed:
            raise CommandError(report.as_text())

    def say(self, line: str) -> None:
        """Progress, a line at a time."""
        if self.stdout.isatty() or not line.startswith("fleet"):
            self.stdout.write(f"  {line}")
