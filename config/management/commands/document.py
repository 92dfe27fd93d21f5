"""`manage.py document`: writes the documents that are drawn from the program's tables, or checks that none is stale."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import documents


class Command(BaseCommand):
    """The documents themselves are in config/documents.py."""

    help = "Write the generated documents; with --check only say which ones are stale."

    def add_arguments(self, parser: CommandParser) -> None:
        """Checking writes nothing."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Leave with 1 when --check finds a stale document."""
        if not options["check"]:
            documents.write_all()
        elif found := documents.stale():
            message = f"Stale: {', '.join(found)}. Run: manage.py document"
            raise CommandError(message)
