"""With what a file is sealed, as the command line says it: the installation's key unless a passphrase is given."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from tenants.errors import Invalid
from tenants.keeping.container import OPEN, Lock


def add_lock_arguments(parser: ArgumentParser) -> None:
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--passphrase-file", type=Path, help="seal with the first line of this file instead of our own key"
    )
    either.add_argument("--plain", action="store_true", help="do not seal: whoever has the file reads the brand")


def lock_of(options: dict[str, Any]) -> Lock:
    """Raises Invalid('passphrase_short'): under twelve signs a passphrase is guessed."""
    if options["plain"]:
        return OPEN
    if options["passphrase_file"] is None:
        return Lock.of_installation(settings.FIELD_ENCRYPTION_KEYS)
    lines = options["passphrase_file"].read_text().splitlines()
    if not lines or len(lines[0]) < 12:
        raise Invalid("passphrase_short", "passphrase")
    return Lock.of_passphrase(lines[0])
