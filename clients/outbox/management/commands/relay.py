"""The relay: sleeps until something is due, claims it, and wakes a worker for it. Losing it costs latency, nothing else."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from clients.outbox.tasks import perform_row
from tenants.pending import Listener, claim_due


class Command(BaseCommand):
    help = "Hand due outbox rows of all brands to the workers (runs until it is told to stop)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.running = True
        signal.signal(signal.SIGTERM, self.stop)
        with Listener() as listener:
            while self.running:
                for brand_id, row_id in claim_due():
                    perform_row.delay(str(brand_id), str(row_id))
                listener.sleep_until_due()

    def stop(self, *args: Any) -> None:
        self.running = False
