"""A database server with a clock of its own that can be set while it runs: the second half of the part `deadlines`."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from django.conf import settings
from django.db import connection, connections

from config.embedded.postgres import Cluster
from tests.database import throwaway
from tests.proof._programs import wait_for

TRUE = "+0"


@dataclass(frozen=True, slots=True)
class DatabaseClock:
    """The file that the server's processes read their shift from, before each look at the time."""

    file: Path

    def set(self, shift: str) -> None:
        """Returns when a statement sees it."""
        before = self._ahead()
        self.file.write_text(f"{shift}\n")
        if shift != TRUE:
            wait_for(lambda: abs(self._ahead() - before) > 60, f"the database's clock is at {shift}")
        else:
            wait_for(lambda: abs(self._ahead()) < 60, "the database's clock is true")

    def _ahead(self) -> float:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            there = float(cursor.fetchone()[0])
        return there - time.time()


@contextmanager
def database_clock(library: Path) -> Iterator[DatabaseClock]:
    """A throw-away database on a server of its own under libfaketime; this process talks to it meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        clock = DatabaseClock(Path(folder) / "shift")
        clock.file.write_text(f"{TRUE}\n")
        cluster = Cluster(Path(settings.BASE_DIR) / ".relais" / "clocks", careless=True)
        with patch.dict(os.environ, _under(library, clock.file)):
            cluster.start()
        try:
            with patch.dict(os.environ, {"DATABASE_OWNER_URL": cluster.addresses("postgres").owner}), throwaway():
                yield clock
        finally:
            connections.close_all()
            cluster.stop()


def _under(library: Path, file: Path) -> dict[str, str]:
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
