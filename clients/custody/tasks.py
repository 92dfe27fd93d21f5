"""What the outbox calls: ids in, one action called."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.custody.actions import lapse, wake_when_due
from clients.custody.steps import LAPSE, WAKE
from clients.outbox.registry import handles
from clients.people.actor import Actor, process_of
from tenants.walls.scope import BrandRef


@handles(LAPSE)
def offer_over(brand: BrandRef, payload: dict[str, Any]) -> None:
    lapse(_worker(brand), offer_id=UUID(payload["offer"]))


@handles(WAKE)
def snooze_over(brand: BrandRef, payload: dict[str, Any]) -> None:
    wake_when_due(_worker(brand), conversation_id=UUID(payload["conversation"]))


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "worker")
