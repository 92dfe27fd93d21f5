"""What the outbox calls for triage: a snooze that is over, and an answer on its way."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.registry import handles
from clients.people.actor import Actor, process_of
from clients.triage.actions import answer_lost_or_sent, wake_mention
from clients.triage.steps import FOLLOW, WAKE
from tenants.walls.scope import BrandRef


@handles(WAKE)
def wake(brand: BrandRef, payload: dict[str, Any]) -> None:
    wake_mention(_worker(brand), mention_id=UUID(payload["mention"]))


@handles(FOLLOW)
def follow(brand: BrandRef, payload: dict[str, Any]) -> None:
    answer_lost_or_sent(_worker(brand), answer_id=UUID(payload["answer"]))


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "triage")
