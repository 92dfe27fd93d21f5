"""`manage.py restore_brand <file>`: one brand out of its file, into its own place or beside it; no other brand is touched."""

from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.errors import RelaisError
from tenants.keeping.afterwards import run_afterwards
from tenants.keeping.bringing import Restored, confirm, restore
from tenants.keeping.locks import add_lock_arguments, lock_of
from tenants.keeping.progress import Bar


class Command(BaseCommand):
    help = "Bring back one brand from its file, held until the brand itself lets it go on. Needs DATABASE_OWNER_URL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--as", dest="slug", help="as another brand, at this name, with nothing connected")
        parser.add_argument("--replace", action="store_true", help="the brand is there: set its present state aside")
        parser.add_argument(
            "--log-of-copy", action="store_true", help="take the log of the file too: the present one is damaged"
        )
        parser.add_argument("--confirm", metavar="SLUG", help="drop what was set aside for this brand")
        add_lock_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["confirm"]:
            names = confirm(options["confirm"])
            self.stdout.write(f"{len(names)} former states dropped")
            return
        if options["file"] is None:
            raise CommandError("name a file, or --confirm SLUG")
        began = monotonic()
        how = {name: options[name] for name in ("slug", "replace", "log_of_copy")}
        try:
            with options["file"].open("rb") as source:
                restored = restore(source, lock_of(options), **how, seen=Bar(self.stdout))
        except RelaisError as error:
            raise CommandError(f"{error.code} {error.facts or ''}: nothing was changed") from error
        except OSError as error:
            raise CommandError(str(error)) from error
        self.tell(restored, monotonic() - began)

    def tell(self, restored: Restored, seconds: float) -> None:
        """What came back, and what a person does next."""
        told, slug = restored.told, restored.brand.slug
        self.stdout.write(
            f"{slug}: {restored.rows} rows of {restored.tables} tables, {restored.files} files in {seconds:.1f} s; digests "
            f"as taken. Held until the brand lets it go on; {told['uncertain']} acts may have left since, "
            f"{told['withheld']} pieces of work are not done again, {told['links']} links are closed."
        )
        if restored.aside:
            self.stdout.write(f"The state of before is in {restored.aside}: restore_brand --confirm {slug}")
        for line in run_afterwards(restored.brand.ref()):
            self.stdout.write(line)
        if restored.erased_unknown:
            self.stdout.write(
                f"{restored.erased_unknown} erased since are no members in this file: whether it names them, nobody can "
                "tell any more. Tell the brand."
            )
        if restored.absent:
            self.stdout.write(f"Without a place here until they are invited: {', '.join(restored.absent)}")
