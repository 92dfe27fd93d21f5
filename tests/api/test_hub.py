"""Reading over brands at the agency's host: each brand by its own key, its own policy, its own ledger; and no brand besides."""

from typing import Any

import pytest
from django.conf import settings as installation
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api import limits
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.keys.actions import revoke_key
from tenants.models import Membership
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, allow, api_of
from tests.custody.conftest import begin
from tests.world import World

PATHS = ("brands", "work", "conversations")


@pytest.fixture(autouse=True)
def _plain(settings: Any) -> None:
    settings.API_LEDGER_SECONDS = 0
    limits._taken.clear()


def ask(path: str, *keys: Api, method: str = "GET", **headers: str) -> Any:
    said = ", ".join(f"{one.brand.slug}={one.secret}" for one in keys)
    sent = {"Host": installation.HUB_HOST, "Accept-Language": "en"} | ({"Relais-Keys": said} if keys else {}) | headers
    return Client(raise_request_exception=False).generic(method, f"/api/v1/{path}", headers=sent)


def rows(path: str, *keys: Api) -> list[dict[str, Any]]:
    answer = ask(path, *keys)
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def fill(world: World) -> tuple[str, str]:
    """Something that waits, an open conversation, and one that is kept more strictly."""
    item = world.submitted("Un.", title="WORDS")
    talk = begin(world, info_class=InfoClass.SHARED)
    begin(world, info_class=InfoClass.NAMED)
    return str(item.pk), str(talk.pk)


def test_each_brand_by_its_own_key_and_none_besides(world: World, other: World) -> None:
    here, there = api_of(world), api_of(other)
    (item, talk), (their_item, their_talk) = fill(world), fill(other)
    assert {row["brand"] for row in rows("brands", here, there)} == {world.brand.slug, other.brand.slug}
    assert [row["brand"] for row in rows("brands", here)] == [world.brand.slug]
    both = rows("work", here, there)
    assert {item, their_item} <= {row["id"] for row in both}
    assert [row["id"] for row in rows("work", here)] == [item]
    assert {row["id"] for row in rows("conversations", here, there)} == {talk, their_talk}, "nothing beyond shared"
    assert [row["id"] for row in rows("conversations", there)] == [their_talk]
    mine = next(row for row in both if row["id"] == item)
    assert mine["url"].endswith(f"//{world.brand.slug}.{installation.PUBLIC_AUTHORITY}/api/v1/items/{item}")
    assert (mine["state"], mine["side"]) == ("waiting", "brand")
    for path in PATHS:
        assert b"WORDS" not in ask(path, here, there).content
        assert other.brand.slug.encode() not in ask(path, here).content


def test_what_is_told_stands_in_the_ledger_of_its_own_brand(world: World, other: World) -> None:
    (item, talk), (their_item, _) = fill(world), fill(other)
    here, there = api_of(world), api_of(other)
    rows("work", here, there)
    rows("conversations", here, there)
    with brand_scope(world.brand):
        told = {one.object_kind: one.object_ids for one in Disclosure.objects.filter(way="api")}
    assert told == {"items.item": [item], "custody.conversation": [talk]}
    with brand_scope(other.brand):
        (line,) = Disclosure.objects.filter(way="api", object_kind="items.item")
    assert their_item in line.object_ids and item not in line.object_ids
    rows("work", here)
    with brand_scope(other.brand):
        assert Disclosure.objects.filter(way="api", object_kind="items.item").count() == 1


def test_each_row_by_the_policy_of_its_brand(world: World, other: World) -> None:
    fill(world)
    fill(other)
    narrow = api_of(other, policy=allow(other, {"items.item": ("title",), "custody.conversation": ("medium",)}))
    here = api_of(world)
    for row in rows("work", here, narrow):
        told = {"state", "side", "due_at"} if row["brand"] == world.brand.slug else set()
        assert set(row) == {"brand", "id", "url"} | told
    for row in rows("conversations", here, narrow):
        told = {"state", "holder_side", "last_said_at", "held_since"} if row["brand"] == world.brand.slug else set()
        assert set(row) == {"brand", "id", "url"} | told
    public = api_of(other, policy=allow(other, most=InfoClass.PUBLIC))
    answer = ask("work", here, public).json()
    assert answer["closed"] == [{"brand": other.brand.slug, "code": "policy_forbids"}]
    assert {row["brand"] for row in rows("conversations", here, public)} == {world.brand.slug}


@pytest.mark.parametrize("how", ["left", "revoked", "scope", "policy", "network"])
def test_a_brand_that_the_person_is_not_in_any_more_is_closed_alone(world: World, other: World, how: str) -> None:
    item, _ = fill(world)
    fill(other)
    here = api_of(world)
    bounds: dict[str, Any] = {"networks": ("192.0.2.0/24",)} if how == "network" else {}
    policy = allow(other, {"gate.receipt": ("sent_at",)}) if how == "policy" else None
    there = api_of(other, scopes=("receipts:read",) if how == "scope" else tuple(api_scopes()), policy=policy, **bounds)
    if how == "left":
        owner = other.people[Role.BRAND_OWNER]
        Membership.objects.filter(person=owner, brand_id=other.brand.id).update(ended_at=timezone.now())
    if how == "revoked":
        revoke_key(other.owner, key_id=there.key.pk)
    code = {"left": "key_unanswered", "revoked": "key_revoked", "scope": "scope_missing", "policy": "policy_forbids"}
    answer = ask("work", here, there).json()
    assert [row["id"] for row in answer["data"]] == [item]
    assert answer["closed"] == [{"brand": other.brand.slug, "code": code.get(how, "key_elsewhere")}]
    with brand_scope(other.brand):
        assert not Disclosure.objects.filter(way="api").exists()


def api_scopes() -> tuple[str, ...]:
    from clients.keys.scopes import SCOPES

    return SCOPES


def test_a_key_of_one_brand_opens_no_other(world: World, other: World) -> None:
    here = api_of(world)
    for said in (f"{other.brand.slug}={here.secret}", "nowhere=rls_x", f"{world.brand.slug}={here.secret[:-1]}x"):
        for path in PATHS:
            answer = ask(path, **{"Relais-Keys": f"{said}"})
            assert (answer.status_code, answer.json()["code"]) == (401, "key_invalid")
    assert ask("work").json()["code"] == "key_missing"
    alone = ask("work", Authorization=f"Bearer {here.secret}")
    assert (alone.status_code, alone.json()["code"]) == (401, "key_missing")


@pytest.mark.parametrize(
    ("path", "said", "status", "code"),
    [
        ("work", "x", 400, "header_wrong"),
        ("work", "a=b, a=c", 400, "header_wrong"),
        ("work", ",".join(f"b{n}=x" for n in range(51)), 400, "header_wrong"),
        ("work?limit=0", "a=b", 400, "parameters_invalid"),
        ("work?brand=x", "a=b", 400, "parameters_invalid"),
        ("nothing", "a=b", 404, "address_unknown"),
        ("items", "a=b", 404, "address_unknown"),
    ],
)
def test_what_is_wrong_is_a_problem(world: World, path: str, said: str, status: int, code: str) -> None:
    answer = ask(path, **{"Relais-Keys": said})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"


def test_it_reads_and_nothing_else(world: World) -> None:
    here = api_of(world)
    for path in PATHS:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert ask(path, here, method=method).status_code == 405
    assert ask("work", here, method="HEAD").content == b""
    assert ask("work", here)["Cache-Control"] == "no-store"


def test_a_page_is_a_page(world: World, other: World) -> None:
    here, there = api_of(world), api_of(other)
    for _ in range(2):
        fill(world)
    answer = ask("work?limit=1", here, there).json()
    assert (len(answer["data"]), answer["more"]) == (1, True)
    assert (len(ask("conversations?limit=1", here, there).json()["data"]), answer["more"]) == (1, True)


@pytest.mark.parametrize(
    ("path", "table"), [("work", "tenants_workpointer"), ("conversations", "custody_conversation")]
)
def test_a_list_is_one_question_however_many_brands(
    world: World, other: World, settings: Any, path: str, table: str
) -> None:
    settings.API_LEDGER_SECONDS = 60
    fill(world)
    fill(other)
    here, there = api_of(world), api_of(other)

    def asked(*keys: Api) -> list[str]:
        ask(path, *keys)  # the minute of each key's use is noted, and its handful of requests taken
        with CaptureQueriesContext(connection) as made:
            ask(path, *keys)
        return [
            one["sql"] for one in made if one["sql"].lstrip().upper().startswith(("SELECT", "WITH", "INSERT", "UPDATE"))
        ]

    one, two = asked(here), asked(here, there)
    of_lists = [[sql for sql in found if table in sql] for found in (one, two)]
    assert [len(found) for found in of_lists] <= [1, 1]
    assert len(two) - len(one) <= 2, "a brand more costs the look-up of its key, and nothing else"


def test_what_is_told_is_what_the_description_says(world: World) -> None:
    fill(world)
    document = ask("openapi.json").json()
    assert document["servers"][0]["url"] == f"http://{installation.HUB_HOST}/api/v1"
    for path in PATHS:
        answer = ask(path, api_of(world)).json()
        page = document["paths"][f"/{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        row = document["components"]["schemas"][page["properties"]["data"]["items"]["$ref"].rpartition("/")[2]]
        assert set(answer) == set(page["properties"]) and answer["data"]
        for one in answer["data"]:
            assert set(row["required"]) <= set(one) <= set(row["properties"])
