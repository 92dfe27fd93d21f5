"""The endpoints as a client meets them: on a brand's host, by HTTP, in the words of the standards."""

from base64 import b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from clients.audit.models import Entry
from clients.keys.actions import Bounds, Made, change_key
from clients.keys.models import Key
from clients.keys.rules import MOST_MISSES, Kind
from tenants.walls.scope import brand_scope
from tests.keys.made import REDIRECT, VERIFIER, code_of, make_client, make_static, tokens_of
from tests.world import World

TOKEN, REVOKE = "/api/v1/oauth/token", "/api/v1/oauth/revoke"
FORM = "application/x-www-form-urlencoded"
Typed = dict[str, Any]


def post(world: World, path: str, typed: Typed, *, basic: tuple[str, str] | None = None, **more: Any) -> HttpResponse:
    headers = {"host": f"{world.brand.slug}.{settings.HUB_HOST}"}
    if basic:
        headers["authorization"] = "Basic " + b64encode(":".join(basic).encode()).decode()
    client = Client(headers=headers, enforce_csrf_checks=True)
    return client.post(path, _form(typed), content_type=FORM, **more)


def _form(typed: Typed) -> str:
    return urlencode(typed, doseq=True)


def for_code(key: Key, code: str, /, **changes: Any) -> Typed:
    typed = {
        "grant_type": "authorization_code",
        "client_id": key.prefix,
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    } | changes
    return {name: value for name, value in typed.items() if value is not None}


def error(response: HttpResponse) -> tuple[int, str]:
    return response.status_code, response.json()["error"]


def ask(world: World, access: str, path: str = "/api/v1/keys/self") -> HttpResponse:
    host = f"{world.brand.slug}.{settings.HUB_HOST}"
    return Client(headers={"host": host, "authorization": f"Bearer {access}"}).get(path)


def test_a_public_client_from_code_to_refreshed_token(world: World) -> None:
    key = make_client(world, has_secret=False).key
    first = post(world, TOKEN, for_code(key, code_of(world, key)))
    assert first.status_code == 200
    told = first.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 3600, "items:read")
    assert (first["Cache-Control"], first["Pragma"]) == ("no-store", "no-cache")
    assert not first.cookies
    me = ask(world, told["access_token"]).json()
    assert (me["scopes"], me["acts_as"]["role"], me["kind"]) == (["items:read"], "approver", "app")
    typed = {"grant_type": "refresh_token", "client_id": key.prefix, "refresh_token": told["refresh_token"]}
    second = post(world, TOKEN, typed)
    assert second.status_code == 200
    assert ask(world, told["access_token"]).status_code == 401
    assert ask(world, second.json()["access_token"]).status_code == 200
    assert error(post(world, TOKEN, typed)) == (400, "invalid_grant")
    assert ask(world, second.json()["access_token"]).status_code == 401


@pytest.mark.parametrize("way", ["basic", "post"])
def test_a_confidential_client_says_its_secret(world: World, way: str) -> None:
    made = make_client(world)
    key = made.key
    for secret, status in ((made.secret, 200), (made.secret[:-1] + "!", 401), ("", 401)):
        typed = for_code(key, code_of(world, key), client_id=None if way == "basic" else key.prefix)
        if way == "basic":
            answer = post(world, TOKEN, typed, basic=(key.prefix, secret))
        else:
            answer = post(world, TOKEN, typed | {"client_secret": secret})
        assert answer.status_code == status
        assert status == 200 or error(answer) == (401, "invalid_client")


def test_a_confidential_client_is_not_believed_without_it_nor_a_public_one_with_one(world: World) -> None:
    confidential, public = make_client(world), make_client(world, has_secret=False)
    answer = post(world, TOKEN, for_code(confidential.key, code_of(world, confidential.key)))
    assert error(answer) == (401, "invalid_client")
    typed = for_code(public.key, code_of(world, public.key), client_secret=confidential.secret)
    assert error(post(world, TOKEN, typed)) == (401, "invalid_client")


def test_a_service_for_itself(world: World) -> None:
    made = make_client(world, Kind.SERVICE, redirects=())
    asked = {"grant_type": "client_credentials"}
    answer = post(world, TOKEN, asked | {"scope": "items:read"}, basic=(made.key.prefix, made.secret))
    assert answer.status_code == 200
    assert "refresh_token" not in answer.json()
    assert answer.json()["scope"] == "items:read"
    assert ask(world, answer.json()["access_token"]).json()["acts_as"]["role"] == "brand_owner"
    wide = post(world, TOKEN, asked | {"scope": "items:approve"}, basic=(made.key.prefix, made.secret))
    assert error(wide) == (400, "invalid_scope")


def test_a_client_of_the_other_brand_is_unknown_here(world: World, other: World) -> None:
    made = make_client(other, Kind.SERVICE, redirects=())
    typed = {"grant_type": "client_credentials"}
    assert post(other, TOKEN, typed, basic=(made.key.prefix, made.secret)).status_code == 200
    unknown = post(world, TOKEN, typed, basic=(made.key.prefix, made.secret))
    wrong = post(other, TOKEN, typed, basic=(made.key.prefix, made.secret + "x"))
    assert error(unknown) == error(wrong) == (401, "invalid_client")
    assert unknown.content == wrong.content


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"grant_type": "password", "username": "a", "password": "b"}, (400, "unsupported_grant_type")),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, (400, "unsupported_grant_type")),
        ({"grant_type": None}, (400, "unsupported_grant_type")),
        ({"grant_type": "client_credentials"}, (400, "unauthorized_client")),
        ({"code": None}, (400, "invalid_request")),
        ({"code_verifier": None}, (400, "invalid_request")),
        ({"redirect_uri": None}, (400, "invalid_request")),
        ({"redirect_uri": REDIRECT + "?"}, (400, "invalid_grant")),
        ({"code": ["a", "b"]}, (400, "invalid_request")),
        ({"code": "\0"}, (400, "invalid_request")),
        ({"client_id": "\0"}, (400, "invalid_request")),
        ({"client_id": "é" * 5000}, (401, "invalid_client")),
        ({"code_verifier": "é" * 43}, (400, "invalid_grant")),
    ],
)
def test_what_a_client_can_ask_wrongly(world: World, changes: Typed, wanted: tuple[int, str]) -> None:
    made = make_client(world)
    key = made.key
    right = {"client_secret": made.secret}
    if changes.get("client_id", key.prefix) == key.prefix:
        changes = right | changes
    assert error(post(world, TOKEN, for_code(key, code_of(world, key), **changes))) == wanted
    assert post(world, TOKEN, for_code(key, code_of(world, key), **right)).status_code == 200


def test_nothing_is_read_from_the_address_and_no_other_body(world: World) -> None:
    key = make_client(world, has_secret=False).key
    typed = for_code(key, code_of(world, key))
    assert post(world, f"{TOKEN}?{_form(typed)}", {}).status_code == 400
    headers = {"host": f"{world.brand.slug}.{settings.HUB_HOST}"}
    assert Client(headers=headers).post(TOKEN, typed, content_type="application/json").status_code == 400
    assert error(Client(headers=headers).post(TOKEN, typed)) == (400, "invalid_request")  # multipart
    for method in ("get", "put", "delete"):
        answer = getattr(Client(headers=headers), method)(TOKEN)
        assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_only_from_the_clients_networks(world: World) -> None:
    made = make_client(world, Kind.SERVICE, redirects=())
    typed, basic = {"grant_type": "client_credentials"}, (made.key.prefix, made.secret)
    change_key(world.owner, key_id=made.key.pk, bounds=Bounds("S", ["items:read"], ["127.0.0.0/8"]))
    assert post(world, TOKEN, typed, basic=basic).status_code == 200
    change_key(world.owner, key_id=made.key.pk, bounds=Bounds("S", ["items:read"], ["192.0.2.0/24"]))
    assert error(post(world, TOKEN, typed, basic=basic)) == (401, "invalid_client")


def test_whoever_guesses_waits_even_with_the_right_one(world: World) -> None:
    made = make_client(world, Kind.SERVICE, redirects=())
    typed, right = {"grant_type": "client_credentials"}, (made.key.prefix, made.secret)
    for _number in range(MOST_MISSES):
        assert post(world, TOKEN, typed, basic=(made.key.prefix, "wrong")).status_code == 401
    answer = post(world, TOKEN, typed, basic=right)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert post(world, TOKEN, typed, basic=right, REMOTE_ADDR="198.51.100.9").status_code == 200
    with brand_scope(world.brand):
        assert Entry.objects.filter(verb="key.guessed").count() == 1


def test_a_token_is_given_back(world: World) -> None:
    made = make_client(world)
    issued = tokens_of(world, made.key)
    basic = (made.key.prefix, made.secret)
    assert error(post(world, REVOKE, {"token": issued.refresh})) == (401, "invalid_client")
    assert error(post(world, REVOKE, {}, basic=basic)) == (400, "invalid_request")
    assert post(world, REVOKE, {"token": "nothing of ours"}, basic=basic).status_code == 200
    assert ask(world, issued.access).status_code == 200
    other = make_client(world)
    assert post(world, REVOKE, {"token": issued.refresh}, basic=(other.key.prefix, other.secret)).status_code == 200
    assert ask(world, issued.access).status_code == 200
    assert post(world, REVOKE, {"token": issued.refresh}, basic=basic).status_code == 200
    assert ask(world, issued.access).status_code == 401


def test_the_metadata_are_sound_and_those_of_this_brand(world: World, other: World) -> None:
    host = f"{world.brand.slug}.{settings.HUB_HOST}"
    answer = Client(headers={"host": host}).get("/.well-known/oauth-authorization-server")
    told = answer.json()
    https = {
        name: value.replace("http://", "https://") if isinstance(value, str) else value for name, value in told.items()
    }
    AuthorizationServerMetadata(https).validate()
    assert told["issuer"].startswith(f"http://{world.brand.slug}.")
    assert other.brand.slug not in answer.content.decode()
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["response_types_supported"] == ["code"]
    assert set(told["grant_types_supported"]) == {"authorization_code", "refresh_token", "client_credentials"}
    assert "introspection_endpoint" not in told
    for name in ("token_endpoint", "revocation_endpoint", "authorization_endpoint"):
        path = told[name].removeprefix(told["issuer"])
        assert Client(headers={"host": host}).get(path).status_code in {302, 303, 405}, name


def test_a_key_sees_itself_without_any_scope_and_no_secret(world: World) -> None:
    key, secret = make_static(world, ["receipts:read"], networks=["127.0.0.0/8"])
    me = ask(world, secret)
    told = me.json()
    assert (told["id"], told["prefix"], told["scopes"]) == (str(key.pk), key.prefix, ["receipts:read"])
    assert told["policy"]["fields"] == key.policy.fields
    assert secret not in me.content.decode()
    assert key.digest not in me.content.decode()


def test_a_genuine_client_waits_too_when_it_asks_for_ever_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted are tokens that were handed out: a stranger who knows the public name of a client uses nothing of it up."""
    monkeypatch.setattr("api.oauth.server.MOST_GIVEN", 2)
    service, another = (make_client(world, Kind.SERVICE, redirects=()) for _ in range(2))
    public = make_client(world, has_secret=False).key
    asked = {"grant_type": "client_credentials"}

    def asks(made: Made) -> HttpResponse:
        return post(world, TOKEN, asked, basic=(made.key.prefix, made.secret))

    with time_machine.travel(timezone.now(), tick=False):
        assert [asks(service).status_code for _ in range(3)] == [200, 200, 429]
        busy = asks(service)
        assert error(busy) == (429, "temporarily_unavailable") and busy["Retry-After"] == "60"
        assert asks(another).status_code == 200
        assert [post(world, TOKEN, for_code(public, "x" * 43)).status_code for _ in range(3)] == [400] * 3
        assert post(world, TOKEN, for_code(public, code_of(world, public))).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert asks(service).status_code == 200
