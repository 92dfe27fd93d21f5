"""The reference tells each parameter and field of the description, and every link in it leads somewhere."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from api.docs import reference
from api.schema import description
from tenants.walls.scope import BrandRef

BASE = "/api/v1/docs/"


@pytest.fixture
def pages(brand_a: BrandRef) -> dict[str, str]:
    """All of them, by their addresses, in French: the frame is, what the document says is not."""
    client = Client(headers={"Host": f"{brand_a.slug}.{settings.HUB_HOST}"})
    found = {}
    for name in ("reference", *(f"reference-{one}" for one in reference.names())):
        answer = client.get(f"{BASE}{name}", {"language": "fr"})
        assert answer.status_code == 200, name
        found[f"{BASE}{name}"] = unescape(answer.content.decode())
    assert client.get(f"{BASE}reference-nothing").status_code == 404
    return found


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return description("/api/v1")


def test_every_operation_and_schema_has_an_anchor_and_every_link_leads_there(
    pages: dict[str, str], document: dict[str, Any]
) -> None:
    anchors = {(url, id_) for url, page in pages.items() for id_ in re.findall(r' id="([^"]+)"', page)}
    named = [id_ for _url, id_ in anchors]
    operations = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    schemas = [f"schema-{name}" for name in document["components"]["schemas"]]
    assert {one: named.count(one) for one in (*operations, *schemas)} == dict.fromkeys((*operations, *schemas), 1)
    contents = pages[f"{BASE}reference"]
    assert all(f"#{one}" in contents for one in (*operations, *schemas))
    for url, page in pages.items():
        for href in re.findall(r'href="([^"]*#[^"]+)"', page):
            place, _sign, anchor = href.partition("#")
            if anchor.startswith("mark") or place.endswith(".svg"):
                continue
            assert (place.partition("?")[0] or url, anchor) in anchors, (url, href)


def test_every_parameter_and_field_is_told_with_type_and_whether_it_is_needed(document: dict[str, Any]) -> None:
    told = {one.id: one for name in reference.names() for one in reference.part(name).operations}
    for path in document["paths"].values():
        for one in path.values():
            shown = told[one["operationId"]]
            assert [(line.name, line.at, line.required) for line in shown.parameters] == [
                (p["name"], p["in"], bool(p.get("required"))) for p in one.get("parameters", ())
            ]
            for sent in one.get("requestBody", {}).get("content", {}).values():
                needed = set(sent["schema"].get("required", ()))
                lines = {line.name: line for line in shown.body}
                assert set(sent["schema"].get("properties", ())) <= set(lines)
                assert needed == {line.name for line in shown.body if line.required and line.name in needed}
    schemas = {one.name: one for name in reference.names() for one in reference.part(name).schemas}
    for name, schema in document["components"]["schemas"].items():
        assert set(schema.get("properties", ())) <= {line.name for line in schemas[name].lines}
    every = [line for one in told.values() for line in (*one.parameters, *one.body)]
    assert all(line.type and line.type != "any" for line in every), {one.name for one in every if one.type == "any"}
    bare = {(line.name, line.type) for line in every if not (line.example or line.schema)}
    assert {kind for _name, kind in bare} <= {"object", "array of object"}, "of these the body has one"


def test_types_allowed_values_limits_and_what_counts_when_left_out() -> None:
    with override("en"):
        items = {one.id: one for one in reference.part("items").operations}
    limit, state = ({line.name: line for line in items["list_items"].parameters}[name] for name in ("limit", "state"))
    assert (limit.type, list(limit.limits), limit.required) == (
        "integer", ["1 or more", "200 or less", "left out: 50"], False,
    )  # fmt: skip
    assert "waiting" in state.allowed and state.example == '"draft"'
    body = {line.name: line for line in items["create_items"].body}
    assert body["channels"].type == "array of string (uuid)" and body["channels"].required
    assert list(body["media[].digest"].limits) == ["at least 64 characters", "at most 64 characters"]
    (row,) = (line for one in items["list_items"].answers for line in one.lines if line.name == "data")
    assert (row.type, row.schema) == ("array of Item", "Item")


def test_the_frame_is_in_the_readers_language(pages: dict[str, str]) -> None:
    page = pages[f"{BASE}reference-items"]
    assert "Sur cette page" in page and "au plus 200" in page and "obligatoire" in page
    assert "On this page" not in page and "characters<" not in page and ">required<" not in page
