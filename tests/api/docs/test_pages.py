"""The documentation says what the program says, in both languages, and asks nobody who they are."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from api.docs import raised
from api.docs.pages import PAGES
from api.docs.tables import errors_shown, scopes_shown
from api.schema import description
from clients.keys.scopes import SCOPES
from tenants.walls.scope import BrandRef

TEMPLATES = Path(raised.ROOT) / "api" / "templates" / "api" / "docs"
NAMED = re.compile(r"\$RELAIS(/[\w/$-]+)")


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return description("http://maison-a.localhost/api/v1")


def test_no_code_is_forgotten() -> None:
    assert raised.known() == raised.codes(), "run: manage.py document"


def test_every_code_has_its_words_in_both_languages() -> None:
    for row in errors_shown():
        assert row["fr"] and row["en"], row
        assert f"({row['code']})" not in row["en"], f"no sentence for {row['code']}"


def test_every_scope_is_listed_and_opens_something() -> None:
    shown = scopes_shown()
    assert [row["scope"] for row in shown] == list(SCOPES)
    assert [row["scope"] for row in shown if not row["opens"]] == []


@pytest.mark.parametrize("place", sorted(TEMPLATES.glob("*.html")), ids=lambda place: place.stem)
def test_addresses_in_the_examples_are_addresses_of_the_description(place: Path, described: dict[str, Any]) -> None:
    """`$RELAIS/items/$ITEM/submit` is `/items/{id}/submit`."""
    known = {re.sub(r"{\w+}", "*", path) for path in described["paths"]}
    named = {re.sub(r"\$[A-Z]+", "*", path).rstrip("/") for path in NAMED.findall(place.read_text())}
    assert named <= known


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_in_both_languages(brand_a: BrandRef, language: str) -> None:
    client = Client(headers={"Host": f"{brand_a.slug}.{settings.HUB_HOST}"})
    with_words = {}
    for one in PAGES:
        answer = client.get(f"/api/v1/docs/{one.name}", {"language": language})
        assert answer.status_code == 200, one.name
        assert f'<html lang="{language}">'.encode() in answer.content
        assert "script-src 'none'" in answer["Content-Security-Policy"]
        assert not re.findall(rb'(?:href|src|action)="(?:https?:)?//(?!maison-a)[^"]*', answer.content), one.name
        with_words[one.name] = answer.content
    assert b'id="too_long"' in with_words["errors"]


def test_the_description_is_open_and_says_its_host(brand_a: BrandRef) -> None:
    client = Client(headers={"Host": f"{brand_a.slug}.{settings.HUB_HOST}"})
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["servers"][0]["url"] == f"http://maison-a.{settings.HUB_HOST}/api/v1"
    assert client.get("/api/v1/openapi.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert reverse("api_openapi", urlconf="config.urls_brand") == "/api/v1/openapi.json"
