"""What the outbox calls for crises: a look at the numbers, and the next contact."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.crisis.actions import call_next, date_looks, look_at_numbers
from clients.crisis.steps.counting import LOOK
from clients.crisis.steps.moving import CALL
from clients.outbox.registry import each_day, handles
from clients.people.actor import Actor, process_of
from tenants.walls.scope import BrandRef


@handles(LOOK)
def look(brand: BrandRef, payload: dict[str, Any]) -> None:
    look_at_numbers(_worker(brand))


@handles(CALL)
def call(brand: BrandRef, payload: dict[str, Any]) -> None:
    call_next(_worker(brand), crisis_id=UUID(payload["crisis"]))


@each_day
def date(brand: BrandRef) -> None:
    date_looks(_worker(brand))


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "crisis")
