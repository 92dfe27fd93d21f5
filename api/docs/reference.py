"""The reference: every operation and every schema of the description, with each parameter and field as people look it up.

Drawn from the OpenAPI document and from nothing else, so that it says what machines are told. Names, types and what the document
says of them stay as they are there; the frame around them is in the reader's language.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from api.schema import description
from api.schema_parts import Doc

BASE = "/api/v1"
METHODS = ("get", "post", "put", "patch", "delete")
SHARED = "schemas"
"""The part of the schemas that are of no resource: problems above all."""
LONGEST_EXAMPLE, LONGEST_PATTERN, DEEPEST = 80, 60, 6


@dataclass(frozen=True, slots=True)
class Line:
    """One parameter or field. `name` with its path, as 'media[].digest'; `schema` is the name of the schema that it is one of."""

    name: str
    type: str
    required: bool
    allowed: Sequence[str]
    limits: Sequence[str]
    example: str
    about: str
    schema: str = ""
    at: str = ""

    @property
    def home(self) -> str:
        """The page on which that schema stands."""
        return address(schema_homes()[self.schema])


@dataclass(frozen=True, slots=True)
class Answer:
    """One status: what it says, and of what it is made."""

    status: str
    about: str
    lines: Sequence[Line]
    example: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing to ask for. `id` is its name in the document, and its anchor."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    scopes: Sequence[str]
    parameters: Sequence[Line]
    body: Sequence[Line]
    example: str
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema with its fields; `id` is its anchor."""

    name: str
    about: str
    lines: Sequence[Line]

    @property
    def id(self) -> str:
        return f"schema-{self.name}"


@dataclass(frozen=True, slots=True)
class Part:
    """What stands on one page: the operations of one tag, and the schemas of its rows."""

    name: str
    about: str
    operations: Sequence[Operation]
    schemas: Sequence[Schema]


def names() -> tuple[str, ...]:
    """Of all parts, in order."""
    return (*(tag["name"] for tag in _document()["tags"] if _of_tag(tag["name"])), SHARED)


def contents() -> list[dict[str, Any]]:
    """Every part with what it holds: (anchor, method, path) of operations, names of schemas."""
    home = schema_homes()
    return [
        {
            "name": name,
            "operations": [(one["operationId"], method.upper(), path) for method, path, one in _of_tag(name)],
            "schemas": [schema for schema, place in home.items() if place == name],
        }
        for name in names()
    ]


def part(name: str) -> Part:
    """One part in the language in force. KeyError for a name that is none."""
    about = {tag["name"]: tag["description"] for tag in _document()["tags"]} | {SHARED: ""}
    own = [schema for schema, place in schema_homes().items() if place == name]
    return Part(name, about[name], [_operation(*one) for one in _of_tag(name)], [_schema(one) for one in own])


@cache
def schema_homes() -> dict[str, str]:
    """By schema: the part on whose page it stands, which is the first whose answers are made of it."""
    found: dict[str, str] = {}
    known = _document()["components"]["schemas"]
    for name in names()[:-1]:
        for _method, _path, one in _of_tag(name):
            for schema in _named_in(one["responses"]):
                found.setdefault(schema, name)
    return {schema: found.get(schema, SHARED) for schema in known}


def address(name: str) -> str:
    """Where a part is."""
    return reverse("api_docs_page", args=[f"reference-{name}"])


def lines_of(schema: Doc, prefix: str = "", depth: int = 0) -> Iterator[Line]:
    """The fields of a schema, those of objects and lists inside it below them."""
    for name, one in schema.get("properties", {}).items():
        path = f"{prefix}{name}"
        yield _line(path, one, required=name in schema.get("required", ()))
        if depth < DEEPEST:
            yield from _below(one, path, depth + 1)


def _below(schema: Doc, path: str, depth: int) -> Iterator[Line]:
    if schema.get("properties"):
        yield from lines_of(schema, f"{path}.", depth)
    elif isinstance(schema.get("items"), dict):
        yield from _below(schema["items"], f"{path}[]", depth)


def _line(name: str, schema: Doc, *, required: bool, at: str = "", about: str = "") -> Line:
    inner: Doc = schema.get("items", schema)
    allowed = inner.get("enum", [inner["const"]] if "const" in inner else [])
    return Line(
        name,
        type_of(schema),
        required,
        [_json(one) if one is None else str(one) for one in allowed],
        limits_of(schema),
        _example(schema),
        about or schema.get("description", ""),
        _ref(inner),
        at,
    )


def type_of(schema: Doc) -> str:
    """As 'string (uuid)', 'array of Item', 'integer | null'."""
    if name := _ref(schema):
        return name
    if "items" in schema:
        said = f"array of {type_of(schema['items'])}"
        return f"{said} | null" if "null" in schema.get("type", ()) else said
    several = schema.get("oneOf") or schema.get("anyOf")
    if several:
        return " | ".join(type_of(one) for one in several)
    kind = schema.get("type") or ("string" if "enum" in schema else "any")
    said = " | ".join(kind) if isinstance(kind, list) else kind
    return f"{said} ({schema['format']})" if "format" in schema else said


def limits_of(schema: Doc) -> list[str]:
    """In words: how long, how many, from where to where, what counts when it is left out."""
    said = {
        "minLength": _("at least %(n)s characters"),
        "maxLength": _("at most %(n)s characters"),
        "minimum": _("%(n)s or more"),
        "maximum": _("%(n)s or less"),
        "minItems": _("at least %(n)s entries"),
        "maxItems": _("at most %(n)s entries"),
        "maxProperties": _("at most %(n)s names"),
    }
    found = [words % {"n": schema[name]} for name, words in said.items() if name in schema]
    if 0 < len(schema.get("pattern", "")) <= LONGEST_PATTERN:
        found.append(_("of the form %(pattern)s") % {"pattern": schema["pattern"]})
    if "default" in schema:
        found.append(_("left out: %(value)s") % {"value": _json(schema["default"])})
    return found


def _operation(method: str, path: str, one: Doc) -> Operation:
    kind, sent = _content(one.get("requestBody", {}))
    return Operation(
        id=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"].rstrip(".") + ".",
        about=one["description"] if one["description"] != f"{one['summary']}." else "",
        scopes=[scope for way in one.get("security", ()) for scope in way.get("oauth", ())],
        parameters=[
            _line(p["name"], p["schema"], required=bool(p.get("required")), at=p["in"], about=p.get("description", ""))
            for p in one.get("parameters", ())
        ],
        body=_whole(sent.get("schema", {}), kind) if sent else [],
        example=_pretty(sent["example"]) if "example" in sent else "",
        answers=[_answer(status, said) for status, said in one["responses"].items()],
    )


def _answer(status: str, said: Doc) -> Answer:
    if "$ref" in said:
        said = _document()["components"]["responses"][said["$ref"].rpartition("/")[2]]
    kind, told = _content(said)
    example = _pretty(told["example"]) if "example" in told and status.startswith("2") else ""
    lines = _whole(told["schema"], kind) if "schema" in told else []
    return Answer(status, said["description"], lines, example)


def _content(doc: Doc) -> tuple[str, Doc]:
    """The media type and what the document says of it; ('', {}) for nothing sent."""
    content: Doc = doc.get("content", {})
    return next(iter(content.items()), ("", {}))


def _whole(schema: Doc, kind: str) -> list[Line]:
    """The fields of a body; of what is no object with fields, one line that names its media type."""
    return list(lines_of(schema)) or [_line(kind, schema, required=True)]


def _schema(name: str) -> Schema:
    found = _document()["components"]["schemas"][name]
    return Schema(name, found.get("description", ""), list(lines_of(found)))


def _of_tag(name: str) -> list[tuple[str, str, Doc]]:
    return [
        (method, path, operations[method])
        for path, operations in _document()["paths"].items()
        for method in METHODS
        if method in operations and operations[method]["tags"][0] == name
    ]


def _named_in(doc: Any) -> Iterator[str]:
    if isinstance(doc, dict):
        if (name := _ref(doc)) and "/schemas/" in doc["$ref"]:
            yield name
        for one in doc.values():
            yield from _named_in(one)
    elif isinstance(doc, list):
        for one in doc:
            yield from _named_in(one)


def _ref(schema: Doc) -> str:
    return str(schema["$ref"]).rpartition("/")[2] if isinstance(schema.get("$ref"), str) else ""


def _example(schema: Doc) -> str:
    """The one that the document has; else the first allowed value, or what such a format looks like."""
    given = schema.get("examples") or ([schema["example"]] if "example" in schema else [])
    if given:
        return _json(given[0])[:LONGEST_EXAMPLE]
    inner: Doc = schema.get("items", schema)
    value = next(iter(inner.get("enum", ())), _BY_FORMAT.get(inner.get("format", "")))
    if value is None:
        kind = inner.get("type")
        kind = kind[0] if isinstance(kind, list) else kind
        value = max(inner.get("minimum", 0), 1) if kind == "integer" else _BY_TYPE.get(kind)
    if value is None:
        return ""
    return _json([value] if "items" in schema else value)


_BY_FORMAT = {
    "uuid": "0193a1b2-7c3d-7e4f-8a5b-6c7d8e9fa0b1",
    "date-time": "2026-11-21T19:00:00+00:00",
    "date": "2026-11-21",
    "uri": "https://example.org/",
    "email": "lea@example.org",
}
_BY_TYPE: dict[Any, Any] = {"boolean": True, "string": "Bonjour"}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


@cache
def _document() -> Doc:
    return description(BASE)
