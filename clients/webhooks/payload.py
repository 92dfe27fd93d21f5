"""The body of one event: thin unless a policy of the brand says more, and the same shape for every event.

    {"type": "items.changed", "timestamp": "2026-11-21T09:00:00+00:00",
     "data": {"resource": "items", "id": "0191…", "cursor": "…"}}

`cursor` is where the feed stands after this change: a receiver that has it may go on by `changes?after=`.
"""

import json
import logging
from typing import Any

from django.db import transaction

from clients.changes.cursors import sealed
from clients.changes.rules import cursor_of
from clients.disclosure.models import IntegrationPolicy
from clients.disclosure.rules import STRICTEST_BY_WAY, InfoClass, Way, strictness
from clients.webhooks.models import Delivery
from clients.webhooks.registry import Renderer, renderer_of
from clients.webhooks.rules import LONGEST_BODY
from clients.webhooks.telling import model_of

log = logging.getLogger(__name__)


def content_of(delivery: Delivery, policy: IntegrationPolicy | None, info_class: str) -> dict[str, Any] | None:
    """What the policy lets this receiver know of the object, as it is now; None for a thin event. Inside a scope."""
    renderer = renderer_of(delivery.resource)
    if policy is None or renderer is None or delivery.object_id is None:
        return None
    named = frozenset(policy.fields.get(model_of(delivery.resource)._meta.label_lower, ()))
    most = min(strictness(policy.most_class), strictness(STRICTEST_BY_WAY[Way.WEBHOOK]))
    if not named or strictness(InfoClass(info_class)) > most:
        return None
    found = _drawn(renderer, delivery, named)
    return {name: value for name, value in found.items() if name in named} if found is not None else None


def _drawn(renderer: Renderer, delivery: Delivery, named: frozenset[str]) -> dict[str, Any] | None:
    """INVARIANT: what cannot be drawn holds up no lane: the receiver is told that it changed, and asks for what it is."""
    assert delivery.object_id is not None
    try:
        with transaction.atomic():
            return renderer(delivery.object_id, named)
    except Exception as error:  # noqa: BLE001 - whatever it is, the event goes out thin
        log.error("webhooks: %s of %s was not drawn: %s", delivery.pk, delivery.resource, type(error).__name__)
        return None


def body_of(delivery: Delivery, content: dict[str, Any] | None = None) -> bytes:
    """The bytes to sign. Content that is too long for a webhook is left out: the receiver asks for it."""
    thin = _bytes(delivery, None)
    whole = _bytes(delivery, content) if content is not None else thin
    return whole if len(whole) <= LONGEST_BODY else thin


def _bytes(delivery: Delivery, content: dict[str, Any] | None) -> bytes:
    data: dict[str, Any] = {}
    if delivery.resource:
        data |= {"resource": delivery.resource, "id": str(delivery.object_id)}
    if delivery.cursor:
        data["cursor"] = sealed(cursor_of(delivery.cursor))
    if content is not None:
        data["fields"] = content
    event = {"type": delivery.event, "timestamp": delivery.at.isoformat(), "data": data}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), default=str).encode()
