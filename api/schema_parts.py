"""What the description of the API says again and again: parameters, headers, answers, problems, and how one comes in."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from api import once
from api.pages import A_PAGE, LONGEST_CURSOR, MOST
from api.resource import Filter, Resource
from clients.keys.scopes import SCOPES

Doc = dict[str, Any]
ODD = {"people": "Person", "media": "Medium", "you-said-we-did": "ToldLine"}

INFO: Doc = {
    "title": "Relais",
    "version": "1.0.0",
    "summary": "What a brand's own systems read, write, approve and are told.",
    "description": (
        "Every write calls the action that the page calls, as the person who answers for the key. What a key reads is what "
        "the brand's policy names. Problems are RFC 9457 documents with stable codes, listed at /api/v1/docs/errors."
    ),
    "contact": {
        "name": "Whoever runs this installation",
        "url": "https://relais.example",
        "email": "api@relais.example",
    },
    "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
}
PAGING: tuple[Doc, ...] = (
    {
        "name": "limit",
        "in": "query",
        "description": "How many rows at most.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": A_PAGE},
    },
    {
        "name": "cursor",
        "in": "query",
        "description": "`next` of the page before. Good for this list with these filters, for a day.",
        "schema": {"type": "string", "maxLength": LONGEST_CURSOR},
    },
)
IF_NONE_MATCH: Doc = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag that you know: 304 while it is the same.",
    "schema": {"type": "string", "pattern": r'^("[0-9a-f]{32}"|\*)$'},
}
IF_MATCH: Doc = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag of what you have read: 412 if it has changed since.",
    "schema": {"type": "string", "pattern": r'^("[0-9a-f]{32}"|\*)$'},
}
ONCE: Doc = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key with the same request has one effect, and the same answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": once.LONGEST, "pattern": once.PATTERN},
}
_TITLES: Mapping[int, str] = {
    400: "It cannot be read: an unknown parameter, a broken body, a cursor of something else.",
    401: "There is no key, or none that opens anything.",
    403: "The scope, the policy or the role does not reach so far.",
    404: "It is not there, or not for you.",
    406: "Answers come as JSON.",
    409: "Somebody was faster, or the state has moved on.",
    410: "It is over.",
    412: "It has changed since you read it.",
    413: "The body is too large.",
    414: "The address is too long: the server in front says so, in its own form.",
    415: "Bodies are JSON.",
    422: "What was sent cannot be taken as it is; each place is named.",
    428: "Say with If-Match which state you have read.",
    429: "Too many requests; `Retry-After` says how long to wait.",
    503: "Not now; try again.",
}
_FAULT: Doc = {
    "type": "object",
    "required": ["pointer", "code", "detail"],
    "properties": {
        "pointer": {"type": "string", "description": "A JSON Pointer into the body, or the name of a parameter."},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}
PROBLEM: Doc = {
    "type": "object",
    "description": "A refusal (RFC 9457). Branch on `code`; `detail` is for people, in their language.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
}
NOT_OURS = frozenset({414})
"""Statuses that a server in front of us may answer with before we are asked."""
_PROBLEM: Doc = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_RATE: Doc = {
    "RateLimit": {"$ref": "#/components/headers/RateLimit"},
    "RateLimit-Policy": {"$ref": "#/components/headers/RateLimit-Policy"},
}
COMPONENTS: Doc = {
    "schemas": {"Problem": PROBLEM, "Fault": _FAULT},
    "headers": {
        "ETag": {"description": "This state of it.", "schema": {"type": "string"}},
        "Location": {"description": "Where it is.", "schema": {"type": "string", "format": "uri-reference"}},
        "RateLimit": {"description": "What is left, and until when.", "schema": {"type": "string"}},
        "RateLimit-Policy": {"description": "How much there is.", "schema": {"type": "string"}},
        "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}},
        "WWW-Authenticate": {"description": "How to come in.", "schema": {"type": "string"}},
    },
    "responses": {
        f"Problem{status}": {
            "description": title,
            **({} if status in NOT_OURS else {"content": _PROBLEM}),
            **(
                {"headers": {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}}
                if status in {429, 503}
                else {}
            ),
            **(
                {"headers": {"WWW-Authenticate": {"$ref": "#/components/headers/WWW-Authenticate"}}}
                if status == 401
                else {}
            ),
        }
        for status, title in _TITLES.items()
    },
    "securitySchemes": {
        "key": {"type": "http", "scheme": "bearer", "description": "A key that the brand made, or an access token."},
        "oauth": {
            "type": "oauth2",
            "description": "OAuth 2.1: client credentials, or a code with PKCE for a person's leave.",
            "flows": {
                "clientCredentials": {"tokenUrl": "/api/v1/oauth/token", "scopes": {one: one for one in SCOPES}},
                "authorizationCode": {
                    "authorizationUrl": "/api/v1/oauth/authorize",
                    "tokenUrl": "/api/v1/oauth/token",
                    "refreshUrl": "/api/v1/oauth/token",
                    "scopes": {one: one for one in SCOPES},
                },
            },
        },
    },
}


def answers(good: Mapping[int, tuple[Any, str, Mapping[str, bool]]], problems: Iterable[int]) -> Doc:
    """Answers by status: schema (None: no body), a sentence, and names of headers; then the problems that can come."""
    found: Doc = {}
    for status, (schema, said, headers) in good.items():
        named = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
        found[str(status)] = {"description": said, "headers": _RATE | named}
        if schema is not None:
            found[str(status)]["content"] = {"application/json": {"schema": schema}}
    every = sorted({*problems, *NOT_OURS})
    return found | {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in every}


def sent(schema: Doc, *, required: bool = True) -> Doc:
    """A body in JSON."""
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def fields_parameter(resource: Resource) -> Doc:
    """Names of fields, separated by commas. One text, because not every client knows how to join a list."""
    name = f"({'|'.join(one.name for one in resource.fields)})"
    return {
        "name": "fields",
        "in": "query",
        "description": "Only these fields, separated by commas. What the policy does not name is refused.",
        "schema": {"type": "string", "pattern": f"^{name}?(,{name}?)*$", "examples": [resource.fields[0].name]},
    }


def id_parameter(resource: Resource) -> Doc:
    """The id in an address."""
    return {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "Which one.",
        "schema": resource.id_type.schema(),
    }


def secured(scope: str) -> list[Doc]:
    """A key, or a token with this scope."""
    return [{"key": []}, {"oauth": [scope]}]


def filter_parameters(resource: Resource) -> list[Doc]:
    """One parameter for each filter."""
    return [
        {
            "name": one.name,
            "in": "query",
            "description": " ".join(
                (one.about or f"Only rows with this {one.name.replace('_', ' ')}.", *_needed(resource, one))
            ),
            "schema": one.type.schema(),
        }
        for one in resource.filters
    ]


def _needed(resource: Resource, filter_: Filter) -> list[str]:
    """Which fields the policy has to name for a filter."""
    names = [f"`{name}`" for name in filter_.told if not resource.by_name[name].always]
    return [f"For keys that are told {', '.join(names)}."] if names else []


def language() -> Doc:
    """In which language refusals are worded."""
    return {
        "name": "Accept-Language",
        "in": "header",
        "description": "The language in which people read what was refused: `fr` or `en`. Without it, that of the key's person.",
        "schema": {"type": "string", "examples": ["fr"]},
    }


def thing(name: str) -> str:
    """`audit-entries` -> `AuditEntry`."""
    if name in ODD:
        return ODD[name]
    *first, last = re.split(r"[-_]", name)
    one = f"{last[:-3]}y" if last.endswith("ies") else last.removesuffix("s")
    return "".join(word.capitalize() for word in (*first, one))
