"""What webhooks tell, as the description has it: one entry for each thing that can be said of an object, and the test event."""

from typing import Any

from clients.changes.registry import resources
from clients.webhooks.rules import TEST, Told, event_of

Doc = dict[str, Any]
_TEXT: Doc = {"type": "string"}
_SAID = {
    Told.CHANGED: "An object is new, or another than it was. Read it with your key.",
    Told.GONE: "An object is no longer there, or no longer for you.",
}
_SIGNED: list[Doc] = [
    {"name": "webhook-id", "in": "header", "required": True, "description": "The same for every try.", "schema": _TEXT},
    {
        "name": "webhook-timestamp",
        "in": "header",
        "required": True,
        "description": "Seconds since 1970, of this try.",
        "schema": _TEXT,
    },
    {
        "name": "webhook-signature",
        "in": "header",
        "required": True,
        "description": "As Standard Webhooks say: one signature for each secret that holds.",
        "schema": _TEXT,
    },
]
_ANSWERS: Doc = {
    "2XX": {"description": "It has arrived. Anything else is tried again, for three days."},
    "410": {"description": "No more: the subscription is paused."},
}


def hooks() -> dict[str, Doc]:
    """By name: 'changed' and 'gone' of every resource that can be followed, and the test."""
    told = {
        str(one): _hook(str(one), said, [event_of(name, one) for name in resources()]) for one, said in _SAID.items()
    }
    return told | {"test": _hook("test", "An event about nothing, sent by hand.", [TEST])}


def _hook(name: str, said: str, events: list[str]) -> Doc:
    data = {
        "type": "object",
        "description": "`fields` only for a subscription whose policy names some.",
        "properties": {
            "resource": _TEXT,
            "id": {"type": "string", "format": "uuid"},
            "cursor": {**_TEXT, "description": "Where the feed of changes stands after this."},
            "fields": {"type": "object"},
        },
    }
    body = {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string", "enum": events},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": data,
        },
    }
    operation = {
        "operationId": f"webhook_{name}",
        "summary": said,
        "description": said,
        "tags": ["webhooks"],
        "security": [],
        "parameters": _SIGNED,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": _ANSWERS,
    }
    return {"post": operation}
