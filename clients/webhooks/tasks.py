"""What the outbox calls for webhooks: the pump of a subscription, one lane of it; and once a day what is over goes."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.registry import Later, each_day, handles
from clients.people.actor import Actor, process_of
from clients.webhooks.actions import forget_deliveries, keep_going, pump, work_lane
from clients.webhooks.steps import LANE, PUMP
from tenants.walls.scope import BrandRef


@handles(PUMP)
def take_changes(brand: BrandRef, payload: dict[str, Any]) -> None:
    """For as long as the subscription is active: each look asks for the next."""
    pause = pump(_worker(brand), subscription_id=UUID(payload["subscription"]))
    if pause is not None:
        raise Later(timezone.now() + pause)


@handles(LANE)
def deliver(brand: BrandRef, payload: dict[str, Any]) -> None:
    again = work_lane(_worker(brand), subscription_id=UUID(payload["subscription"]), lane=int(payload["lane"]))
    if again is not None:
        raise Later(again)


@each_day
def keep(brand: BrandRef) -> None:
    forget_deliveries(_worker(brand))
    keep_going(_worker(brand))


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "webhooks")
