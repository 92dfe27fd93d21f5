"""Writing the hub's own log: what a person did with their account, and where they were given or lost a place.

What happens inside a brand stands in that brand's log (`clients.audit`); this one is for what no brand owns. Rows are only
ever added, in the transaction of what they tell.
"""

from typing import Any
from uuid import UUID

from structlog.contextvars import get_contextvars

from tenants.models import HubEntry


def note(verb: str, *, person_id: UUID | None, brand_id: UUID | None = None, **facts: Any) -> None:
    """Add one line. On the hub: inside `hub_scope()` or outside every scope. `facts` are codes, ids and numbers."""
    request_id = str(get_contextvars().get("request_id", ""))
    HubEntry.objects.create(verb=verb, person_id=person_id, brand_id=brand_id, facts=facts, request_id=request_id[:64])
