#!/usr/bin/env python3
"""The command line of Relais. People start it by hand, so without MODE it is the development mode."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

# Commands that make a database of their own and throw it away.
ON_NOTHING_REAL = ("proof", "bench")


def use_running_services() -> None:
    """While `make run` runs, every other command of this clone uses its database, unless the environment says otherwise."""
    file = Path(__file__).parent / ".relais" / "environment"
    if "DATABASE_URL" in os.environ or not file.exists():
        return
    for line in file.read_text().splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)


if __name__ == "__main__":
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command in ON_NOTHING_REAL:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ.setdefault("MODE", "development")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if os.environ["MODE"] == "development" and command not in {"serve", *ON_NOTHING_REAL}:
        use_running_services()
    execute_from_command_line(sys.argv)
