"""What the pages of the documentation draw from the program: its codes, its scopes, its resources."""

from collections import defaultdict
from functools import cache
from typing import Any

from django.utils.translation import override

from api.docs.raised import known
from api.hub.schema import ROWS
from api.hub.schema import description as over_brands
from api.problems import sentence_of
from api.registry import resources
from api.schema import description
from api.wording import SENTENCES
from clients.keys.scopes import SCOPES

METHODS = ("get", "post", "put", "patch", "delete")


class _Any(dict[str, str]):
    """Facts of which nothing is known yet."""

    def __missing__(self, name: str) -> str:
        return "…"


def errors_shown() -> list[dict[str, str]]:
    """Every code with its statuses and both its sentences, by name."""
    return [
        {"code": code, "statuses": ", ".join(map(str, statuses)), **{one: _worded(code, one) for one in ("fr", "en")}}
        for code, statuses in known().items()
    ]


def scopes_shown() -> list[dict[str, Any]]:
    """Every scope, and the operations that want it."""
    opens: dict[str, list[str]] = defaultdict(list)
    for line, operation in _operations():
        for scope in _scopes_of(operation):
            opens[scope].append(line)
    return [{"scope": scope, "opens": opens.get(scope, [])} for scope in SCOPES]


def resources_shown() -> list[dict[str, Any]]:
    """Every resource with its operations, filters and fields."""
    lines: dict[str, list[str]] = defaultdict(list)
    for line, operation in _operations():
        lines[operation["tags"][0]].append(line)
    return [
        {
            "name": name,
            "about": one.about,
            "kind": one.kind,
            "operations": lines.get(name, []),
            "filters": [each.name for each in one.filters],
            "fields": [each.name for each in one.fields],
        }
        for name, one in resources().items()
    ]


def over_brands_shown() -> list[dict[str, Any]]:
    """Every list over brands with what a row of it has."""
    paths: dict[str, dict[str, Any]] = over_brands("/api/v1")["paths"]
    return [
        {"operation": f"GET {address}", "about": path["get"]["description"], "fields": list(row)}
        for (address, path), row in zip(paths.items(), ROWS.values(), strict=True)
    ]


@cache
def _operations() -> list[tuple[str, dict[str, Any]]]:
    """Every operation of the description, as 'GET /items'."""
    paths: dict[str, dict[str, Any]] = description("/api/v1")["paths"]
    return [
        (f"{method.upper()} {address}", path[method])
        for address, path in paths.items()
        for method in METHODS
        if method in path
    ]


def _scopes_of(operation: dict[str, Any]) -> list[str]:
    return [scope for way in operation.get("security", ()) for scope in way.get("oauth", ())]


def _worded(code: str, language: str) -> str:
    with override(language):
        if code in SENTENCES:
            return str(SENTENCES[code]) % _Any()
        return sentence_of(code, {})
