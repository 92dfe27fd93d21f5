"""Bring every brand's schema to the present migrations, and say which could not be."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants import fleet


class Command(BaseCommand):
    help = (
        "Migrate all brands (run prepare_database first for the hub). Goes on after a failure; exits 1 with the list."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--verify", action="store_true", help="only compare every schema with the migrations on disk"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verify"]:
            wrong = fleet.verify()
            if wrong:
                raise CommandError("not as their fingerprint says:\n" + "\n".join(f"  {schema}" for schema in wrong))
            self.stdout.write("every schema is as its fingerprint says")
            return
        report = fleet.migrate(progress=self.show)
        self.stdout.write(report.as_text())
        if report.failed:
            raise CommandError(f"{len(report.failed)} brands could not be migrated")

    def show(self, line: str) -> None:
        """A bar on a terminal, nothing in a log."""
        if self.stdout.isatty():
            self.stdout.write(f"\r{line}", ending="")
