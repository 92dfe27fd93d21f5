"""`manage.py seal`: each second, what was written becomes part of the sealed logs. Losing it costs time, nothing else.

Any number may run. In a thread of its own it looks again at what is sealed, so that a long check keeps no line waiting.
"""

import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from clients.audit.tasks import look_round, seal_round, warn_round

log = structlog.get_logger(__name__)

EVERY = 1.0
"""Seconds between rounds that find nothing more to do."""
LOOK_EVERY = 60.0


class Command(BaseCommand):
    help = "Seal the logs of all brands (runs until it is told to stop)."

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.ending = threading.Event()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="seal what is there, and end")
        parser.add_argument("--check", action="store_true", help="seal nothing; end with 1 when an alarm stands")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
        elif options["once"]:
            while seal_round():
                pass
        else:
            signal.signal(signal.SIGTERM, self._stop)
            looking = threading.Thread(target=self._again_and_again, args=(LOOK_EVERY, _look), daemon=True)
            looking.start()
            self._again_and_again(EVERY, seal_round)

    def _check(self) -> None:
        troubled = warn_round()
        if troubled:
            raise CommandError("Alarms in the logs of: " + ", ".join(brand.slug for brand in troubled))
        self.stdout.write("no alarm")

    def _again_and_again(self, every: float, work: Callable[[], int]) -> None:
        """At once while there is more to do, and then at the next beat. Nothing that fails ends it."""
        while not self.ending.is_set():
            began = time.monotonic()
            try:
                while work() and not self.ending.is_set():
                    pass
            except (OperationalError, psycopg.OperationalError) as lost:
                log.warning("sealer_waits", error=type(lost).__name__)
                connection.close()
            except Exception:
                log.exception("sealer_failed")
                connection.close()
            self.ending.wait(max(0.05, every - (time.monotonic() - began)))

    def _stop(self, *_signal: Any) -> None:
        self.ending.set()


def _look() -> int:
    warn_round()
    look_round()
    return 0
