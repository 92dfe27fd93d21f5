#!/usr/bin/env python3
"""The command line of Relais. People start it by hand, so without MODE it is the development mode."""

import os
import sys

from pathlib import Path

from django.core.management import execute_from_command_line


def use_running_services() -> None:
    """While `make run` runs, every other command of this clone uses its database, unless the environment says otherwise."""
    file = Path(__file__).parent / ".relais" / "environment"
    if "DATABASE_URL" in os.environ or not file.exists():
        return
    for line in file.read_text().splitlines():
        name, _, value = line.partition("=")
        os.environ.setdefault(name, value)


if __name__ == "__main__":
    os.environ.setdefault("MODE", "development")
    if os.environ["MODE"] == "development" and sys.argv[1:2] != ["serve"]:
        use_running_services()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    execute_from_command_line(sys.argv)
