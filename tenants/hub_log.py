"""Writing the hub's own log: what a person did with their account, and where they were given or lost a place.

What happens inside a brand stands in that brand's log (`clients.audit`); this one is for what no brand owns. Rows are only
ever added, in the transaction of what they tell. Whoever has to do something about it listens.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from structlog.contextvars import get_contextvars

from tenants.models import HubEntry

Listener = Callable[[HubEntry], None]

_listeners: list[Listener] = []


def note(verb: str, *, person_id: UUID | None, brand_id: UUID | None = None, **facts: Any) -> None:
    """Add one line. On the hub: inside `hub_scope()` or outside every scope. `facts` are codes, ids and numbers."""
    request_id = str(get_contextvars().get("request_id", ""))
    line = HubEntry.objects.create(
        verb=verb, person_id=person_id, brand_id=brand_id, facts=facts, request_id=request_id[:64]
    )
    for listener in _listeners:
        # Robust: nobody's sign-out fails because a brand could not be told of it now.
        transaction.on_commit(partial(listener, line), robust=True)


def listen(listener: Listener) -> Listener:
    """Register what is called with each line once it is committed, outside every scope."""
    _listeners.append(listener)
    return listener


def session_name(session_key: str | None) -> str:
    """How logs name a session: by a keyed digest, which opens nothing; '' for none."""
    return salted_hmac("relais.session", session_key).hexdigest()[:16] if session_key else ""
