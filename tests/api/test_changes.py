"""Following what changes by the API: begin, follow, pages; what a key may not read is not told; a cursor of another time."""

from base64 import urlsafe_b64decode
from typing import Any
from uuid import UUID

import pytest
from cryptography.fernet import Fernet

from clients.changes.cursors import opened, sealed
from clients.changes.queries import head
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
        (f"after={sealed(Cursor(UUID(int=5), 5))}", 410, "changes_restarted"),
    ],
)
def test_what_is_wrong_is_named(world: World, query: str, status: int, code: str) -> None:
    answer = api_of(world).get(f"changes?{query}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [one["pointer"] for one in answer.json()["errors"]] == [query.partition("=")[0]]


def test_a_cursor_is_read_by_nobody_and_goes_on(world: World) -> None:
    api = api_of(world)
    begun = changes(api)["cursor"]
    one = world.draft("Des fraises")
    after_one = changes(api, after=begun, resource="items")["cursor"]
    with brand_scope(world.brand):
        course = head().course
    for text in (begun, after_one):
        raw = urlsafe_b64decode(text)
        place = opened(text).position.to_bytes(8)
        assert opened(text).course == course
        assert course.bytes not in raw and place not in raw
        assert sealed(opened(text)) == text
    assert sum(one != other for one, other in zip(begun, after_one, strict=True)) > len(begun) // 2
    assert [row["id"] for row in changes(api, after=begun, resource="items")["data"]] == [str(one.pk)]


def test_one_of_before_goes_on_too(world: World) -> None:
    api = api_of(world)
    before = str(opened(changes(api)["cursor"]))
    one = world.draft("Des fraises")
    told = changes(api, after=before, resource="items")
    assert [row["id"] for row in told["data"]] == [str(one.pk)]
    assert len(told["cursor"]) > len(before)


def test_an_altered_one_is_named_at_every_place(world: World) -> None:
    api = api_of(world)
    begun = changes(api)["cursor"]
    for place in range(len(begun)):
        other = "A" if begun[place] != "A" else "B"
        answer = api.get(f"changes?after={begun[:place]}{other}{begun[place + 1 :]}")
        names_the_key = 1 <= place <= 6  # another name is that of a key which is ours no more
        assert answer.status_code == 400 or (names_the_key and answer.status_code == 410), place
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert [one["pointer"] for one in answer.json()["errors"]] == ["after"]


def test_after_a_change_of_keys_it_goes_on_until_the_old_one_is_gone(world: World, settings: Any) -> None:
    api, old = api_of(world), list(settings.FIELD_ENCRYPTION_KEYS)
    begun, new = changes(api)["cursor"], Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [new, *old]
    told = changes(api, after=begun)["cursor"]
    assert opened(told) == opened(begun) and told != begun
    settings.FIELD_ENCRYPTION_KEYS = [new]
    gone = api.get(f"changes?after={begun}")
    assert (gone.status_code, gone.json()["code"]) == (410, "changes_restarted")
    assert changes(api, after=told)["data"] == []


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
