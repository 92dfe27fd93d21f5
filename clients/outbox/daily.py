"""Once a day, and whenever the relay starts: every brand is looked through for recurring work that nobody wrote down.

Work that recurs asks for its own next time, so it needs a first one: what is older than the work itself has none, and what
was given up after too many failures has lost its next. No row of the outbox could bring this about, for it is what is missing.
And the hub forgets what it kept long enough.
"""

import threading
import time
from collections.abc import Callable
from functools import partial

import structlog
from django.db import connections

from clients.outbox.registry import keepers
from tenants.forgetting import forget_origins
from tenants.queries import active_brands

log = structlog.get_logger(__name__)

A_DAY = 24 * 3600.0
A_WHILE = 60.0
"""Seconds before the next try where the brands could not be listed."""


class Daily(threading.Thread):
    """Beside the relay's loop, which must not wait for it. A daemon: it may be left in the middle, and begins anew."""

    def __init__(self) -> None:
        super().__init__(name="daily", daemon=True)

    def run(self) -> None:
        while True:
            time.sleep(A_DAY if look_through() else A_WHILE)


def look_through() -> bool:
    """The hub, then every brand being served; whether they could be listed. One that fails keeps no other from its turn."""
    try:
        _tried("hub", forget_origins)
        for brand in active_brands():
            for keeper in keepers():
                _tried(str(brand.id), partial(keeper, brand))
    except Exception as error:  # noqa: BLE001 - the database may be away
        log.warning("daily_waits", error=type(error).__name__)
        return False
    finally:
        connections.close_all()
    return True


def _tried(whose: str, keep: Callable[[], object]) -> None:
    try:
        keep()
    except Exception as error:  # noqa: BLE001 - tomorrow is another day
        log.warning("daily_failed", brand=whose, error=type(error).__name__)
