"""The relay: sleeps until something is due, claims it, and wakes a worker for it. Losing it costs latency, nothing else.

While no broker takes what it hands on, it performs the rows itself, as many at once as there are workers; it looks for the
broker once a second, and wakes workers again as soon as there is one.
"""

import signal
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from kombu.exceptions import OperationalError as BrokerLost

from clients.outbox.daily import Daily
from clients.outbox.hands import Hands
from clients.outbox.tasks import perform_row
from tenants.pending import (
    AHEAD,
    CROWDED,
    LEASE,
    SWEEP,
    Listener,
    Row,
    claim,
    give_back,
    give_back_endless,
    give_back_unbegun,
)

log = structlog.get_logger(__name__)

BREATH = 1.0
"""Seconds before the next try when database or broker are away."""

TIDY = 10.0
"""Seconds between two looks for leases that a wrong clock gave."""

LAST_WORK = 15.0
"""Seconds that a relay which was told to stop gives to what it performs itself: the longest outward call."""

ONE_TRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


class Command(BaseCommand):
    help = "Hand due outbox rows of all brands to the workers (runs until it is told to stop)."

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.running, self.asleep, self.checked = True, False, False
        self.handed: deque[Row] = deque(maxlen=settings.WORKERS * AHEAD)
        self.handed_at = self.looked_at = 0.0
        self.tidied_at = -TIDY
        self.away = no_broker()
        self.hands = Hands(settings.WORKERS, lambda: self.running and self.away)

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, self.stop)
        Daily().start()
        while self.running:
            try:
                self.check_database()
                self.relay()
            except (OperationalError, psycopg.OperationalError) as lost:
                log.warning("relay_waits", error=type(lost).__name__)
                connection.close()
                time.sleep(BREATH)
        self.hands.finish(LAST_WORK)

    def check_database(self) -> None:
        """Once, as soon as it can be asked. Raises SystemCheckError: over a database that is not safe nothing may leave."""
        if not self.checked:
            connection.ensure_connection()
            self.check(tags=[Tags.database], databases=["default"])
            self.checked = True

    def relay(self) -> None:
        with Listener() as listener:
            while self.running:
                self.tidy()
                if self.away and not self.broker_is_back():
                    self.perform_here(listener)
                else:
                    self.wake_workers(listener)

    def tidy(self) -> None:
        """The monotonic clock of this process, so that setting clocks does not keep it from looking."""
        if time.monotonic() - self.tidied_at >= TIDY:
            give_back_endless()
            self.tidied_at = time.monotonic()

    def wake_workers(self, listener: Listener) -> None:
        claimed = claim()
        try:
            if claimed.rows:
                self.hand_on(claimed.rows)
            elif self.waits_for_workers():
                self.look_for_broker()
        except BrokerLost as lost:
            self.lose_broker(lost)
            return
        at_most = CROWDED if claimed.crowded else BREATH if self.handed else SWEEP
        self.sleep(lambda: listener.sleep_until_due(claimed.at, at_most))

    def hand_on(self, rows: list[Row]) -> None:
        """Wake a worker for each row. What the broker does not take goes back at once instead of waiting for its lease."""
        for place, (brand_id, row_id) in enumerate(rows):
            try:
                perform_row.apply_async((str(brand_id), str(row_id)), retry_policy=ONE_TRY)
            except BrokerLost:
                give_back(rows[place:])
                raise
            self.handed.append((brand_id, row_id))
        self.handed_at = self.looked_at = time.monotonic()

    def waits_for_workers(self) -> bool:
        """Whether a message of ours may still lie with the broker, and we have not looked for it for a while."""
        now = time.monotonic()
        if now - self.handed_at > LEASE.total_seconds():
            self.handed.clear()
        return bool(self.handed) and now - self.looked_at > BREATH

    def look_for_broker(self) -> None:
        """Raises BrokerLost."""
        self.looked_at = time.monotonic()
        with perform_row.app.connection_for_write() as line:
            line.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=BREATH)

    def lose_broker(self, lost: BrokerLost) -> None:
        """Its messages may be lost with it: what no worker has begun is claimed anew."""
        log.warning("relay_performs_itself", error=type(lost).__name__)
        self.away = True
        give_back_unbegun(list(self.handed))
        self.handed.clear()

    def perform_here(self, listener: Listener) -> None:
        """Give every free hand a row, then sleep; hands that are busy help themselves."""
        while self.running and self.hands.free:
            claimed = claim(self.hands.free)
            for row in claimed.rows:
                self.hands.begin(row)
            if not claimed.rows:
                self.sleep(lambda: listener.sleep_until_due(claimed.at, BREATH))  # noqa: B023 - called at once
                return
        self.sleep(lambda: listener.sleep(BREATH))

    def broker_is_back(self) -> bool:
        if no_broker() or time.monotonic() - self.looked_at < BREATH:
            return False
        try:
            self.look_for_broker()
        except BrokerLost:
            return False
        self.away = False
        log.info("relay_wakes_workers")
        return True

    def sleep(self, how: Callable[[], None]) -> None:
        self.asleep = True
        how()
        self.asleep = False

    def stop(self, *_signal: Any) -> None:
        """Between two rows it finishes what it claimed; asleep it goes at once, when nothing is in its own hands."""
        self.running = False
        if self.asleep and not self.hands.busy:
            raise SystemExit(0)


def no_broker() -> bool:
    """Where none is set, what is published would go nowhere."""
    return str(settings.CELERY["broker_url"]).startswith("memory:")
