"""The Celery side: a task that performs one row, named by brand and id."""

from uuid import UUID

from celery import shared_task

from clients.outbox.actions import perform
from tenants.queries import serving_brand


@shared_task(name="outbox.perform", acks_late=True, ignore_result=True)
def perform_row(brand_id: str, row_id: str) -> None:
    """For a brand that is unknown, suspended or gone `serving_brand` raises: the task fails, it never runs elsewhere."""
    perform(serving_brand(UUID(brand_id)), UUID(row_id))
