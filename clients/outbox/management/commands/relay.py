"""The relay: sleeps until something is due, claims it, and wakes a worker for it. Losing it costs latency, nothing else."""

import signal
import time
from typing import Any
from uuid import UUID

import psycopg
import structlog
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from kombu.exceptions import OperationalError as BrokerLost

from clients.outbox.tasks import perform_row
from tenants.pending import Listener, claim_due, give_back

log = structlog.get_logger(__name__)

BREATH = 1.0
"""Seconds before the next try when database or broker are away."""


class Command(BaseCommand):
    help = "Hand due outbox rows of all brands to the workers (runs until it is told to stop)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.running, self.asleep = True, False
        signal.signal(signal.SIGTERM, self.stop)
        while self.running:
            try:
                self.relay()
            except (OperationalError, psycopg.OperationalError, BrokerLost) as lost:
                log.warning("relay_waits", error=type(lost).__name__)
                connection.close()
                time.sleep(BREATH)

    def relay(self) -> None:
        with Listener() as listener:
            while self.running:
                self.hand_on(claim_due())
                self.asleep = True
                listener.sleep_until_due()
                self.asleep = False

    def hand_on(self, rows: list[tuple[UUID, UUID]]) -> None:
        """Wake a worker for each row. What the broker does not take goes back at once instead of waiting for its lease."""
        for place, (brand_id, row_id) in enumerate(rows):
            try:
                perform_row.delay(str(brand_id), str(row_id))
            except BrokerLost:
                give_back(rows[place:])
                raise

    def stop(self, *_signal: Any) -> None:
        """Between two rows it finishes what it claimed; asleep it goes at once."""
        self.running = False
        if self.asleep:
            raise SystemExit(0)
