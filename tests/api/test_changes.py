"""Following what changes by the API: begin, follow, pages; what a key may not read is not told; a cursor of another time."""

from typing import Any
from uuid import UUID

import pytest

from clients.changes.rules import Cursor
from clients.disclosure.models import Disclosure
from clients.webhooks.actions import subscribe
from tenants.walls.scope import brand_scope
from tests.api.calls import allow, api_of
from tests.world import World


def changes(api: Any, **parameters: object) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    answer = api.get(f"changes?{query}" if query else "changes")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_begin_then_follow(world: World) -> None:
    api = api_of(world)
    begun = changes(api)
    assert (begun["data"], begun["more"]) == ([], False)
    one = world.draft("Des fraises")
    told = changes(api, after=begun["cursor"], resource="items")
    assert [(row["resource"], row["id"], row["change"]) for row in told["data"]] == [("items", str(one.pk), "changed")]
    assert changes(api, after=told["cursor"])["data"] == []
    two = world.draft("Des cerises")
    first = changes(api, after=begun["cursor"], resource="items", limit=1)
    assert ([row["id"] for row in first["data"]], first["more"]) == ([str(one.pk)], True)
    rest = changes(api, after=first["data"][0]["cursor"], resource="items")
    assert [row["id"] for row in rest["data"]] == [str(two.pk)]


def test_what_the_key_may_not_read_is_not_told(world: World) -> None:
    lean = api_of(world, scopes=["changes:read", "items:read"])
    begun = changes(lean)
    world.draft("Des fraises")
    assert {row["resource"] for row in changes(lean, after=begun["cursor"])["data"]} == {"items"}
    answer = lean.get(f"changes?after={begun['cursor']}&resource=holds")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    none = api_of(world, scopes=["items:read"])
    assert none.get("changes").status_code == 403
    narrow = api_of(world, policy=allow(world, {"gate.receipt": ("sent_at",)}))
    assert changes(narrow, after=begun["cursor"])["data"] == []


def test_what_was_told_stands_in_the_ledger(world: World, settings: Any) -> None:
    settings.API_LEDGER_SECONDS = 0
    api = api_of(world)
    begun = changes(api)
    one = world.draft("Des fraises")
    changes(api, after=begun["cursor"], resource="items")
    with brand_scope(world.brand):
        (row,) = Disclosure.objects.filter(way="api", object_kind="items.item")
    assert row.object_ids == [str(one.pk)]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("after=x", 400, "parameters_invalid"),
        ("after=", 400, "parameters_invalid"),
        ("resource=secrets", 400, "parameters_invalid"),
        ("limit=0", 400, "parameters_invalid"),
        ("limit=100000", 400, "parameters_invalid"),
        ("since=1", 400, "parameters_invalid"),
        (f"after={Cursor(UUID(int=5), 5)}", 410, "changes_restarted"),
    ],
)
def test_what_is_wrong_is_named(world: World, query: str, status: int, code: str) -> None:
    answer = api_of(world).get(f"changes?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_receivers_and_events_as_a_program_sees_them(world: World, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True
    made, secret = subscribe(world.owner, name="Caisse", endpoint="http://127.0.0.1:9/geheim", resources=["items"])
    api = api_of(world)
    row = api.get(f"webhooks/{made.pk}")
    assert row.json()["host"] == "127.0.0.1"
    assert secret not in row.content.decode()
    assert "geheim" not in row.content.decode()
    assert api.post(f"webhooks/{made.pk}/test").status_code == 200
    (event,) = api.get("webhook-deliveries").json()["data"]
    assert (event["event"], event["webhook"]) == ("webhook.test", str(made.pk))
    again = api.post(f"webhook-deliveries/{event['id']}/replay", {"webhook": str(made.pk)})
    assert again.status_code == 200
    assert api.post(f"webhooks/{made.pk}/replay", {"since": "2026-01-01T00:00:00Z"}).status_code == 200
    assert api.post(f"webhooks/{made.pk}/pause").json()["state"] == "paused"
    assert api.post(f"webhooks/{made.pk}/resume").json()["state"] == "active"
    reader = api_of(world, scopes=["webhooks:read"])
    assert reader.post(f"webhooks/{made.pk}/end").status_code == 403
    assert api.post(f"webhooks/{made.pk}/end").json()["state"] == "ended"
