"""The description holds together: every operation once, every reference leads somewhere, two linters have nothing to say."""

from collections import Counter
from typing import Any

import pytest

from api.hub import urls
from api.hub.schema import description as over_brands
from api.registry import acts, resources
from api.schema import description
from tests.api import linters


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return description("https://maison.example/api/v1")


def test_operations_are_named_once_and_answer_with_problems(described: dict[str, Any]) -> None:
    operations = [op for path in described["paths"].values() for op in path.values()]
    names = Counter(op["operationId"] for op in operations)
    assert [name for name, times in names.items() if times > 1] == []
    assert [op["operationId"] for op in operations if "401" not in op["responses"] and op.get("security") != []] == []


def test_everything_declared_is_described(described: dict[str, Any]) -> None:
    known = {(method.upper(), path) for path, ops in described["paths"].items() for method in ops}
    wanted = {(method, f"/{address}") for _, _, method, address in acts()}
    wanted |= {("GET", f"/{name}") for name, one in resources().items() if one.listed}
    assert wanted <= known


def test_what_is_read_over_brands_is_described() -> None:
    document = over_brands("https://agency.example/api/v1")
    listed = {str(route.pattern) for route in urls.urlpatterns} - {"openapi.json"}
    assert {path.removeprefix("/") for path in document["paths"]} == listed
    assert document["components"]["securitySchemes"]["keys"]["name"] == "Relais-Keys"


@pytest.mark.skipif(bool(linters.available()), reason=linters.available() or "installed")
def test_two_linters_have_nothing_to_say(described: dict[str, Any]) -> None:
    assert [str(one) for one in linters.found_by(described)] == []


@pytest.mark.skipif(bool(linters.available()), reason=linters.available() or "installed")
def test_nor_over_brands() -> None:
    assert [str(one) for one in linters.found_by(over_brands("https://agency.example/api/v1"))] == []
