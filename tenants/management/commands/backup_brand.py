"""`manage.py backup_brand <slug> <file>`: one brand into one file, while everybody works on."""

import os
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.errors import RelaisError
from tenants.keeping.locks import add_lock_arguments, lock_of
from tenants.keeping.progress import Bar
from tenants.keeping.taking import back_up, rows_of


class Command(BaseCommand):
    help = "Write one brand (tables, files, who belongs to it) into a sealed file. Needs DATABASE_OWNER_URL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)
        add_lock_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        path, began = options["file"], monotonic()
        beside = path.with_name(path.name + ".part")
        try:
            # Nobody but us reads it, from its first byte on; it gets its name when it is whole.
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
                manifest = back_up(options["slug"], target, lock_of(options), Bar(self.stdout))
                target.flush()
                os.fsync(target.fileno())
            beside.replace(path)
        except RelaisError as error:
            raise CommandError(f"{error.code} {error.facts or ''}") from error
        except OSError as error:
            raise CommandError(str(error)) from error
        finally:
            beside.unlink(missing_ok=True)
        size, seconds = path.stat().st_size, monotonic() - began
        self.stdout.write(
            f"{options['slug']}: {rows_of(manifest)} rows in {len(manifest['tables'])} tables, {len(manifest['files'])} files, "
            f"{size / 1_000_000:.1f} MB in {seconds:.1f} s, as of {manifest['taken_at']}"
        )
