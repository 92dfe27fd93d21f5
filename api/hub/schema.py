"""The API over brands as OpenAPI 3.1: a document of its own, for it stands at another host and asks for other keys."""

from functools import cache
from typing import Any

from api.hub.several import HEADER, MOST
from api.schema import without_idle
from api.schema_parts import COMPONENTS, INFO, PAGING, answers, language
from api.schema_samples import with_samples

Doc = dict[str, Any]
_TEXT: Doc = {"type": "string"}
_ID: Doc = {"type": "string", "format": "uuid"}
_MOMENT: Doc = {"type": "string", "format": "date-time"}
_SIDE: Doc = {"type": "string", "enum": ["brand", "agency"]}
_BRAND: Doc = {
    "type": "string",
    "description": "The brand's address: what its key was sent under.",
    "examples": ["aubier"],
}
_URL: Doc = {"type": "string", "format": "uri", "description": "Where the same key reads it, in its brand."}
ROWS: dict[str, Doc] = {
    "KeyedBrand": {
        "brand": _BRAND,
        "name": _TEXT,
        "url": _URL,
        "side": _TEXT,
        "role": _TEXT,
        "scopes": {"type": "array", "items": _TEXT},
    },
    "WaitingItem": {
        "brand": _BRAND,
        "id": _ID,
        "url": _URL,
        "state": _TEXT,
        "side": _SIDE,
        "due_at": {**_MOMENT, "type": ["string", "null"]},
    },
    "OpenConversation": {
        "brand": _BRAND,
        "id": _ID,
        "url": _URL,
        "last_said_at": _MOMENT,
        "state": _TEXT,
        "holder_side": _SIDE,
        "held_since": _MOMENT,
    },
}
"""The rows of each list; what a brand's policy does not name is not in them."""
_LISTS = (
    (
        "brands",
        "KeyedBrand",
        "Which brands these keys open",
        "As whom each key acts in its brand, and how far. Nothing of the brand.",
    ),
    (
        "work",
        "WaitingItem",
        "What waits in these brands",
        "Items that wait for one side or the other, the soonest first. No words.",
    ),
    (
        "conversations",
        "OpenConversation",
        "Open conversations of these brands",
        "The newest words first. Nothing that is kept for named people: that is read in its brand.",
    ),
)


def description(base: str) -> Doc:
    """The whole document for the agency's host; `base` is the address up to and with the version."""
    return {**_whole(), "servers": [{"url": base, "description": "The agency, over brands."}]}


@cache
def _whole() -> Doc:
    schemas = (
        COMPONENTS["schemas"]
        | {name: _row(name, properties) for name, properties in ROWS.items()}
        | {"ClosedBrand": _CLOSED}
    )
    said = (
        f"One key of each brand, {MOST} at most: `aubier=rls_…, mistral=rls_…`. Each opens its own brand and no other."
    )
    headers = {name: one for name, one in COMPONENTS["headers"].items() if name not in {"ETag", "Location"}}
    keys = {"type": "apiKey", "in": "header", "name": HEADER, "description": said}
    return without_idle(
        with_samples(
            {
                "openapi": "3.1.0",
                "info": INFO
                | {"title": "Relais over brands", "summary": "What waits over several brands, each by its own key."},
                "servers": [],
                "tags": [{"name": "over-brands", "description": "Pointers into brands, and no words of theirs."}],
                "security": [{"keys": []}],
                "paths": {f"/{name}": {"get": _list(name, row, short, long)} for name, row, short, long in _LISTS},
                "components": {**COMPONENTS, "headers": headers, "schemas": schemas, "securitySchemes": {"keys": keys}},
            }
        )
    )


_CLOSED: Doc = {
    "type": "object",
    "description": "A brand of which nothing is told, and the code with which it would refuse the same request itself.",
    "required": ["brand", "code"],
    "additionalProperties": False,
    "properties": {"brand": _BRAND, "code": {**_TEXT, "examples": ["key_revoked"]}},
}


def _row(name: str, properties: Doc) -> Doc:
    sure = list(properties) if name == "KeyedBrand" else [one for one in ("brand", "id", "url") if one in properties]
    said = "As far as the brand's policy names it."
    return {
        "type": "object",
        "description": said,
        "required": sure,
        "additionalProperties": False,
        "properties": properties,
    }


def _list(name: str, row: str, short: str, long: str) -> Doc:
    properties = {
        "data": {"type": "array", "items": {"$ref": f"#/components/schemas/{row}"}},
        "closed": {"type": "array", "items": {"$ref": "#/components/schemas/ClosedBrand"}},
        "more": {"type": "boolean", "description": "There is more: ask the brand for all of its own."},
        "at": _MOMENT,
    }
    page = {"type": "object", "required": [*properties], "additionalProperties": False, "properties": properties}
    return {
        "operationId": f"list_over_brands_{name}",
        "summary": short,
        "description": long,
        "tags": ["over-brands"],
        "security": [{"keys": []}],
        "parameters": [PAGING[0], language()],
        "responses": answers({200: (page, "One page, and which brands are closed.", {})}, (400, 401, 429, 503)),
    }
