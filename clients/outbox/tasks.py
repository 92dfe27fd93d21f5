"""The Celery side: a task that performs one row, named by brand and id, and then what is due besides."""

import time
from collections.abc import Callable
from uuid import UUID

from celery import shared_task

from clients.outbox.actions import perform
from tenants.pending import claim_next, wake_relay, wake_relay_for
from tenants.queries import serving_brand

STINT = 10.0
"""Seconds after which a task ends although there is more: workers are told to stop between tasks."""


@shared_task(name="outbox.perform", acks_late=True, ignore_result=True)
def perform_row(brand_id: str, row_id: str) -> None:
    """For a brand that is unknown, suspended or gone `serving_brand` raises: the task fails, it never runs elsewhere."""
    until = time.monotonic() + STINT
    work_off(UUID(brand_id), UUID(row_id), lambda: time.monotonic() < until)


def work_off(brand_id: UUID, row_id: UUID, go_on: Callable[[], bool]) -> None:
    """A claimed row and those after it: who is free takes the next by the relay's own claim, without waiting for a message."""
    rows = [(brand_id, row_id)]
    try:
        while rows:
            brand_id, row_id = rows.pop()
            perform(serving_brand(brand_id), row_id)
            rows = claim_next() if go_on() else []
    except Exception:
        wake_relay()  # whoever else has something due must not wait for a sweep because of this one
        raise
    wake_relay_for(brand_id)
