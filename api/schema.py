"""What the API is, as OpenAPI 3.1: made from the very declarations that answer the requests, so the two cannot differ.

Not drawn by drf-spectacular, which would have to guess back from views what is declared here as data: a `Resource` names its
fields, filters and acts, and each of their types says its own JSON Schema (`api.inputs`). A module that brings addresses of its
own describes them beside them, as `PATHS`.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from api.bulk import MOST as MOST_ROWS
from api.bulk import row_shape
from api.inputs import Shape
from api.registry import bulk_acts, resources
from api.resource import Act, Resource
from api.schema_hooks import hooks
from api.schema_parts import (
    COMPONENTS,
    IF_MATCH,
    IF_NONE_MATCH,
    INFO,
    ONCE,
    PAGING,
    answers,
    fields_parameter,
    filter_parameters,
    id_parameter,
    language,
    secured,
    sent,
    thing,
)
from api.schema_samples import sampled, with_samples

Doc = dict[str, Any]


def description(base: str) -> Doc:
    """The whole document for one brand's host; `base` is the address up to and with the version."""
    return {**_whole(), "servers": [{"url": base, "description": "This brand."}]}


@cache
def _whole() -> Doc:
    from api.resources import MODULES

    found = resources().values()
    paths: dict[str, Doc] = {}
    for one in found:
        for address, operations in _paths_of(one):
            paths.setdefault(address, {}).update(operations)
    for module in MODULES:
        for address, operations in getattr(module, "PATHS", {}).items():
            spoken = {method: {"description": op["summary"], **op} for method, op in operations.items()}
            paths.setdefault(address, {}).update(spoken)
    told = hooks()
    schemas = {schema_name(one): schema_of(one) for one in found}
    return without_idle(
        with_samples(
            {
                "openapi": "3.1.0",
                "info": INFO,
                "servers": [],
                "tags": _tags(found, paths, told),
                "security": [{"key": []}, {"oauth": []}],
                "paths": paths,
                "webhooks": told,
                "components": {**COMPONENTS, "schemas": COMPONENTS["schemas"] | schemas},
            }
        )
    )


def without_idle(document: Doc) -> Doc:
    """Without answers that no operation has."""
    used = {
        one["$ref"].rpartition("/")[2]
        for path in document["paths"].values()
        for operation in path.values()
        for one in operation["responses"].values()
        if "$ref" in one
    }
    answers_ = {name: one for name, one in document["components"]["responses"].items() if name in used}
    return document | {"components": document["components"] | {"responses": answers_}}


def _tags(found: Any, paths: dict[str, Doc], told: dict[str, Doc]) -> list[Doc]:
    """What is used, each with a sentence."""
    said = {one.name: one.about for one in found}
    used = [tag for path in (*paths.values(), *told.values()) for op in path.values() for tag in op["tags"]]
    names = sorted(dict.fromkeys([*said, *used]))
    return [{"name": name, "description": said.get(name) or f"About {name}."} for name in names]


def schema_name(resource: Resource) -> str:
    """`audit-entries` -> `AuditEntry`."""
    return thing(resource.name)


def schema_of(resource: Resource) -> Doc:
    """One row as it may be told. Only its id is sure: a policy, and `fields`, narrow the rest."""
    of = "id" if "id" in resource.by_name else next(one.name for one in resource.fields if one.always)
    properties = {
        one.name: one.type.schema() | ({"description": one.about} if one.about else {}) for one in resource.fields
    }
    return {
        "type": "object",
        "description": resource.about,
        "properties": properties,
        "required": [of],
        "additionalProperties": False,
    }


def _paths_of(resource: Resource) -> Iterator[tuple[str, Doc]]:
    name, id_ = resource.name, f"/{resource.name}/{{id}}"
    row = {"$ref": f"#/components/schemas/{schema_name(resource)}"}
    if resource.listed:
        yield f"/{name}", {"get": _list(resource, row)}
    if resource.create:
        yield f"/{name}", {"post": _write(resource, resource.create, row, f"create_{_plain(name)}", ())}
    at = (id_parameter(resource),)
    yield id_, {"get": _one(resource, row, at)}
    for method, act in (("patch", resource.update), ("put", resource.replace), ("delete", resource.delete)):
        if act:
            yield id_, {method: _write(resource, act, row, f"{_plain(act.name)}_{_plain(name)}_{method}", at)}
    for act in resource.acts:
        yield f"{id_}/{act.name}", {"post": _write(resource, act, row, f"{_plain(act.name)}_{_plain(name)}", at)}
    for act in bulk_acts(resource):
        yield f"/{name}/bulk/{act.name}", {"post": _bulk(resource, act, row)}


def _list(resource: Resource, row: Doc) -> Doc:
    page = {
        "type": "object",
        "required": ["data", "next"],
        "additionalProperties": False,
        "properties": {
            "data": {"type": "array", "items": row},
            "next": {
                "type": ["string", "null"],
                "description": "The cursor of the page that follows; null on the last.",
            },
        },
    }
    return {
        "operationId": f"list_{_plain(resource.name)}",
        "summary": f"List {_spoken(resource.name)}",
        "description": resource.about or f"A page of {_spoken(resource.name)}.",
        "tags": [resource.name],
        "security": secured(resource.read_scope),
        "parameters": [fields_parameter(resource), *PAGING, *filter_parameters(resource), language()],
        "responses": answers({200: (page, "A page.", {})}, (400, 401, 403, 404, 406, 429, 503)),
    }


def _one(resource: Resource, row: Doc, at: tuple[Doc, ...]) -> Doc:
    tagged = bool(resource.etag)
    good: dict[int, Any] = {200: (row, "As the key may see it.", {"ETag": True} if tagged else {})}
    if tagged:
        good[304] = (None, "It is as you know it.", {})
    return {
        "operationId": f"get_{_plain(resource.name)}",
        "summary": f"Read one of {_spoken(resource.name)}",
        "description": resource.about or f"One of {_spoken(resource.name)}.",
        "tags": [resource.name],
        "security": secured(resource.read_scope),
        "parameters": [*at, fields_parameter(resource), *([IF_NONE_MATCH] if tagged else []), language()],
        "responses": answers(good, (400, 401, 403, 404, 406, 429, 503)),
    }


def _with_shown(resource: Resource, act: Act, row: Doc) -> Doc:
    """The row, with what the first answer alone has."""
    if not act.shown:
        return row
    whole = schema_of(resource)
    more = {one.name: one.type.schema() | {"description": one.about} for one in act.shown}
    return whole | {"properties": whole["properties"] | more}


def _write(resource: Resource, act: Act, row: Doc, operation: str, at: tuple[Doc, ...]) -> Doc:
    headers = [ONCE | {"required": act.once}]
    if at and resource.etag:
        headers.append(IF_MATCH | {"required": act.matched})
    matched = (412, *((428,) if act.matched else ())) if at and resource.etag else ()
    extra = {"ETag": True} if resource.etag else {}
    told = None if act.status == 204 else _with_shown(resource, act, row)
    good = {act.status: (told, act.about or "Done.", {} if act.status == 204 else extra)}
    if act.status == 201:
        good[201][2]["Location"] = True
    return {
        "operationId": operation,
        "summary": f"{act.name.replace('-', ' ').capitalize()}: {_spoken(resource.name)}",
        "description": act.about or f"{act.name.replace('-', ' ').capitalize()}.",
        "tags": [resource.name],
        "security": secured(act.scope),
        "parameters": [*at, fields_parameter(resource), *headers, language()],
        **_body(act.shape),
        "responses": answers(good, (400, 401, 403, 404, 406, 409, 413, 415, 422, 429, 503, *matched)),
    }


def _bulk(resource: Resource, act: Act, row: Doc) -> Doc:
    """Many rows, each with an answer of its own; so a row that cannot be read is no fault of the whole."""
    shape = row_shape(act, makes=act is resource.create).schema()
    each = {"type": "object", "description": "As for one, with its id.", "examples": [sampled(shape, {})]}
    rows = {"type": "array", "minItems": 1, "maxItems": MOST_ROWS, "items": each}
    body = {"type": "object", "required": ["rows"], "additionalProperties": False, "properties": {"rows": rows}}
    return {
        "operationId": f"bulk_{_plain(act.name)}_{_plain(resource.name)}",
        "summary": f"{act.name.replace('-', ' ').capitalize()} many: {_spoken(resource.name)}",
        "description": f"{act.about or act.name} Each row is tried by itself and has an answer of its own.",
        "tags": [resource.name],
        "security": secured(act.scope),
        "parameters": [fields_parameter(resource), ONCE | {"required": act.once}, language()],
        "requestBody": sent(body),
        "responses": answers(
            {200: (_results(row), "What became of each row, in the order in which they were sent.", {})},
            (400, 401, 403, 404, 406, 409, 413, 415, 422, 429, 503),
        ),
    }


def _results(row: Doc) -> Doc:
    problem = {"$ref": "#/components/schemas/Problem"}
    each = {
        "type": "object",
        "required": ["status"],
        "additionalProperties": False,
        "properties": {"status": {"type": "integer", "minimum": 200, "maximum": 599}, "data": row, "problem": problem},
    }
    told = {"results": {"type": "array", "items": each}}
    return {"type": "object", "required": ["results"], "additionalProperties": False, "properties": told}


def _body(shape: Shape) -> Doc:
    """An act without inputs takes an empty object, or nothing."""
    needed = any(one.required for one in shape.inputs)
    return {"requestBody": sent(shape.schema(), required=needed)}


def _plain(name: str) -> str:
    return name.replace("-", "_")


def _spoken(name: str) -> str:
    return name.replace("-", " ").replace("_", " ")


__all__ = ["description", "sampled", "schema_name", "schema_of"]
