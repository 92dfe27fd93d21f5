"""What the outbox calls for insights: a due date that may be over. Letters are the portal's."""

from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import EntryPoint
from clients.insights.actions import lapse_asking
from clients.insights.steps import LAPSE
from clients.outbox.registry import handles
from clients.people.actor import process_of
from tenants.walls.scope import BrandRef


@handles(LAPSE)
def lapse(brand: BrandRef, payload: dict[str, Any]) -> None:
    lapse_asking(process_of(brand, EntryPoint.WORKER, "insights"), asking_id=UUID(payload["asking"]))
