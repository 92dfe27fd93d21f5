"""Hands of the relay's own, for as long as no broker takes what is due: the same rows, the same leases, in threads.

PostgreSQL says what must happen; Celery is one way to have it done and this is the other. A hand that has done its row takes
the next one by the same fair claim, so nothing waits for a message.
"""

import threading
from collections.abc import Callable

import structlog
from django.db import close_old_connections, connections

from clients.outbox.tasks import work_off
from tenants.pending import Row

log = structlog.get_logger(__name__)


class Hands:
    """At most `most` threads. `wanted` says whether a hand should go on: not when a broker is back, not at the end."""

    def __init__(self, most: int, wanted: Callable[[], bool]) -> None:
        self._most = most
        self._wanted = wanted
        self._working: set[threading.Thread] = set()

    @property
    def free(self) -> int:
        """How many more rows may be begun."""
        return self._most - len(self._working)

    @property
    def busy(self) -> bool:
        """Whether anything is being performed."""
        return bool(self._working)

    def begin(self, row: Row) -> None:
        """Perform a claimed row, and whatever is due after it."""
        # A daemon: a call that hangs must not keep a relay alive that was told to stop.
        thread = threading.Thread(target=self._work, args=(row,), name="hand", daemon=True)
        self._working.add(thread)
        thread.start()

    def finish(self, seconds: float) -> None:
        """Wait for what is being performed, but not longer than this for each hand."""
        for thread in list(self._working):
            thread.join(seconds)

    def _work(self, row: Row) -> None:
        try:
            close_old_connections()
            work_off(*row, self._wanted)
        except Exception as error:  # noqa: BLE001 - its lease brings the row back; a brand that is not served is one reason
            log.warning("hand_failed", error=type(error).__name__)
        finally:
            connections.close_all()
            self._working.discard(threading.current_thread())
