"""What the outbox calls: an id in, one action called."""

from typing import Any
from uuid import UUID

from clients.mandates.actions.mandate import OVER, end_overdue_mandate
from clients.outbox.registry import handles
from tenants.walls.scope import BrandRef


@handles(OVER)
def over(brand: BrandRef, payload: dict[str, Any]) -> None:
    end_overdue_mandate(brand, mandate_id=UUID(payload["mandate"]))
