"""What the outbox calls for clocks: a look at those of one conversation, and the next contact."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.registry import Later, each_day, handles
from clients.people.actor import Actor, process_of
from clients.service.actions import call_contact, date_clocks, look_at_clocks
from clients.service.steps import CALL, LOOK
from tenants.walls.scope import BrandRef


@handles(LOOK)
def look(brand: BrandRef, payload: dict[str, Any]) -> None:
    """One row for each conversation, put off from moment to moment: a worker that is early loses none."""
    next_at = look_at_clocks(_worker(brand), conversation_id=UUID(payload["conversation"]))
    if next_at is not None:
        raise Later(next_at)


@handles(CALL)
def call(brand: BrandRef, payload: dict[str, Any]) -> None:
    call_contact(_worker(brand), clock_id=UUID(payload["clock"]))


@each_day
def date(brand: BrandRef) -> None:
    date_clocks(_worker(brand))


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "worker")
