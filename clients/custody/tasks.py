"""What the outbox calls: ids in, one action called."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.custody.actions import begin_absence, end_absence, lapse, let_go_of_the_gone, wake_when_due
from clients.custody.steps import AWAY, BACK, LAPSE, WAKE
from clients.outbox.registry import each_day, handles
from clients.people.actor import Actor, process_of
from tenants.walls.scope import BrandRef


@handles(LAPSE)
def offer_over(brand: BrandRef, payload: dict[str, Any]) -> None:
    lapse(_worker(brand), offer_id=UUID(payload["offer"]))


@handles(WAKE)
def snooze_over(brand: BrandRef, payload: dict[str, Any]) -> None:
    wake_when_due(_worker(brand), conversation_id=UUID(payload["conversation"]))


@handles(AWAY)
def absence_begun(brand: BrandRef, payload: dict[str, Any]) -> None:
    begin_absence(_worker(brand), stand_in_id=UUID(payload["stand_in"]))


@handles(BACK)
def absence_over(brand: BrandRef, payload: dict[str, Any]) -> None:
    end_absence(_worker(brand), stand_in_id=UUID(payload["stand_in"]))


@each_day
def let_go(brand: BrandRef) -> None:
    let_go_of_the_gone(_worker(brand))


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "worker")
