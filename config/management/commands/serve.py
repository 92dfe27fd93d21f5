"""`manage.py serve`, what `make run` calls: everything Relais needs on this machine, as one process tree."""

import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.embedded.processes import PartFailed, Tree
from config.embedded.start import RunsAlready, Start, alone_in

WORDS = {
    "services": "PostgreSQL, broker, mailbox",
    "prepare_database": "base de données / database",
    "demo": "démonstration / demo data",
    "programs": "web, relay, worker, sealer",
}


class Command(BaseCommand):
    """Bring everything up, say where it is, stay until Ctrl-C or SIGTERM, and stop it all."""

    help = "Run Relais on this machine with the services it needs (development; Ctrl-C stops it)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The port people open; the next free one is taken when it is in use."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Errors come as one sentence."""
        if settings.PRODUCTION:
            message = "serve is for one's own machine: in production run gunicorn, relay and Celery by themselves."
            raise CommandError(message)
        state: Path = settings.STATE_DIR
        try:
            with alone_in(state), Tree(state / "logs") as tree:
                self._serve(Start(tree, state, os.environ, self._say), tree, options["port"])
        except (PartFailed, RunsAlready, RuntimeError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            pass
        self.stdout.write("\nRelais est arrêté. / Relais has stopped.")

    def _serve(self, start: Start, tree: Tree, port: int) -> None:
        began = time.monotonic()
        known = get_commands()
        start.services()
        logins = start.prepare(*(name for name in ("prepare_database", "demo") if name in known))
        start.programs(port, settings.HUB_HOST)
        start.seconds["total"] = time.monotonic() - began
        self.stdout.write(self._box(start, logins))
        self.stdout.flush()
        tree.watch()

    def _say(self, step: str) -> None:
        self.stdout.write(f"· {WORDS.get(step, step)} …")
        self.stdout.flush()

    def _box(self, start: Start, logins: str) -> str:
        """Addresses, logins and seconds, for people of both languages."""
        times = [f"{WORDS.get(step, step):<32}{seconds:6.1f} s" for step, seconds in start.seconds.items()]
        lines = [
            "Relais est prêt. / Relais is ready.",
            "",
            f"  http://{settings.HUB_HOST}:{start.port}/",
            f"  http://{settings.HUB_HOST}:{start.port}/mailbox   (courrier / mail)",
            "",
            *(line.rstrip() for line in logins.strip().splitlines()),
            "",
            *times,
            "",
            f"Journaux / logs: {start.state / 'logs'}",
            "Ctrl-C arrête tout, les données restent. / Ctrl-C stops everything, the data stays.",
        ]
        width = max(map(len, lines)) + 2
        framed = [f"│ {line:<{width - 2}} │" for line in lines]
        return "\n".join([f"╭{'─' * width}╮", *framed, f"╰{'─' * width}╯"])
