"""The first door: what it answers is what the whole chain of middlewares would have answered, and the rest it leaves to them."""

import logging
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings

from api import front
from tests.api.calls import Api
from tests.world import World

WITHOUT = [name for name in settings.MIDDLEWARE if not name.startswith("api.front")]
OWN = {"Content-Length", "RateLimit"}


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the first door answered itself."""
    addresses: list[str] = []
    real = front._logged

    def noted(request: Any, *found: Any) -> HttpResponse:
        addresses.append(request.path)
        return real(request, *found)

    monkeypatch.setattr(front, "_logged", noted)
    return addresses


def both(api: Api, method: str, path: str) -> list[tuple[int, bytes, dict[str, str]]]:
    """The short way and the long one: status, bytes, headers."""
    answers = []
    for chain in (settings.MIDDLEWARE, WITHOUT):
        with override_settings(MIDDLEWARE=chain):
            answer = api(method, path)
        body = b"" if b"urn:request" in answer.content else answer.content
        answers.append((answer.status_code, body, {n: v for n, v in answer.headers.items() if n not in OWN}))
    return answers


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
@pytest.mark.parametrize(
    "path", ["items?limit=2", "items/{id}", "items?colour=red", "items/{id}/submit", "nothing", "docs/"]
)
def test_both_ways_say_the_same(world: World, api: Api, method: str, path: str) -> None:
    item = world.draft("Un.")
    short, long = both(api, method, path.format(id=item.pk))
    assert short == long


def test_it_answers_machines_and_nobody_else(world: World, api: Api, reached: list[str]) -> None:
    item = world.draft("Un.")
    mine = [f"/api/v1/items/{item.pk}", "/api/v1/items", "/api/v1/openapi.json"]
    for path in (*mine, "/api/v1/docs/", "/api/v1/none", f"/api/v1/items/{item.pk}/none", "/api/v1/items/*", "/"):
        api.get(path)
    assert reached == mine
    for host in ("nobody.example", settings.HUB_HOST, f"maison-s.{settings.HUB_HOST}", "localhost", "-", ""):
        Client().get("/api/v1/items", headers={"Host": host, "Authorization": f"Bearer {api.secret}"})
    assert reached == mine


def test_an_address_is_remembered_without_its_id(world: World, api: Api) -> None:
    front._known.clear()
    for _ in range(3):
        assert api.get(f"items/{world.draft('Un.').pk}").status_code == 200
    assert api.get("items/01a2013d-0000-7000-8000-00000000000g").status_code == 404
    assert list(front._known) == ["/api/v1/items/*"]


def test_a_secure_address_is_asked_for(api: Api) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=60):
        for chain in (settings.MIDDLEWARE, WITHOUT):
            with override_settings(MIDDLEWARE=chain):
                assert api.get("items").status_code == 301
                answer = Client().get(
                    "/api/v1/items", secure=True, headers={"Host": f"{api.brand.slug}.{settings.HUB_HOST}"}
                )
                assert (answer.status_code, answer["Strict-Transport-Security"][:10]) == (401, "max-age=60")


def test_one_line_of_the_log_without_what_was_asked(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="api.front"):
        api.get("items?title=secret")
    (line,) = [one for one in caplog.records if one.name == "api.front"]
    said = str(line.msg)
    assert "request_finished" in said and "/api/v1/items" in said and "secret" not in said and "request_id" in said
