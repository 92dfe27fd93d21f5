"""An example for each body that is sent or told: made from its schema, so that it always fits."""

from typing import Any

Doc = dict[str, Any]
BY_FORMAT = {
    "uuid": "0193a1b2-7c3d-7e4f-8a5b-6c7d8e9fa0b1",
    "date-time": "2026-11-21T19:00:00+00:00",
    "date": "2026-11-21",
    "uri-reference": "/api/v1/docs/errors#stale_version",
    "uri": "https://crm.example/hooks/relais",
}
BY_NAME = {
    "text": "Des fraises dès samedi.",
    "title": "Fraises",
    "name": "Léa Martin",
    "email": "lea@example.org",
    "language": "fr",
    "note": "Pour vous.",
    "reason": "Rappel produit",
    "url": "https://maison.example/fraises",
}


def sampled(schema: Doc, schemas: Doc, name: str = "") -> Any:
    """A value that fits. `schemas`: what `$ref` names."""
    if "$ref" in schema:
        return sampled(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    if "example" in schema:
        return schema["example"]
    if "examples" in schema and "pattern" in schema:  # which no word that is made up here would fit
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return sampled(schema[choice][0], schemas, name)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    return _MAKE[kind](schema, schemas, name)


def _object(schema: Doc, schemas: Doc, name: str) -> Doc:
    return {one: sampled(inner, schemas, one) for one, inner in schema.get("properties", {}).items()}


def _array(schema: Doc, schemas: Doc, name: str) -> list[Any]:
    return [sampled(schema["items"], schemas, name)] if "items" in schema else []


def _string(schema: Doc, schemas: Doc, name: str) -> str:
    if schema.get("format") in BY_FORMAT:
        return BY_FORMAT[schema["format"]]
    least, most = schema.get("minLength", 0), schema.get("maxLength", 1_000)
    if "64" in schema.get("pattern", "") or least == 64:
        return "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    return BY_NAME.get(name, "Bonjour")[:most].ljust(least, "x")


def _number(schema: Doc, schemas: Doc, name: str) -> int:
    return int(schema.get("minimum", 1))


def _flag(schema: Doc, schemas: Doc, name: str) -> bool:
    return True


def _nothing(schema: Doc, schemas: Doc, name: str) -> None:
    return None


_MAKE: Doc = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": _flag,
    "null": _nothing,
}


def with_samples(document: Doc) -> Doc:
    """The document, with an example in each body of JSON."""
    schemas = document["components"]["schemas"]
    for operations in (*document["paths"].values(), *document.get("webhooks", {}).values()):
        for operation in operations.values():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for body in bodies:
                for kind, told in body.get("content", {}).items():
                    if kind.endswith("json") and "example" not in told and "examples" not in told:
                        told["example"] = sampled(told["schema"], schemas)
    return document
