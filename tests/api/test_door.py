"""The base of the machine door: items, approvals and holds from end to end, and who is let in."""

from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, allow, api_of
from tests.world import World


def composed(world: World, **changes: object) -> dict[str, object]:
    return {"kind": "publish", "channels": [str(world.wall.pk)], "text": "Des fraises dès samedi.", **changes}


def test_write_submit_approve_and_read(world: World, api: Api) -> None:
    made = api.post("items", composed(world, title="Fraises"), Idempotency_Key="k-1")
    assert made.status_code == 201, made.content
    item = made.json()
    assert item["state"] == "draft" and made["Location"] == f"/api/v1/items/{item['id']}" and made["ETag"]
    theirs = world.submitted("Une brioche.", title="Brioche")
    waiting = api.get("approvals")
    assert [one["id"] for one in waiting.json()["data"]] == [str(theirs.pk)]
    digest = waiting.json()["data"][0]["digest"]
    said = api.post(f"approvals/{theirs.pk}/approve", {"digest": digest})
    assert said.status_code == 200 and said.json()["state"] == "cleared"
    again = api.post(f"approvals/{theirs.pk}/approve", {"digest": digest})
    assert again.status_code == 409 and again.json()["code"] == "already_decided"
    assert again["Content-Type"] == "application/problem+json"
    assert api.post(f"approvals/{theirs.pk}/veto", {"comment": "Non"}).json()["state"] == "vetoed"


def test_ask_change_refuse_and_stop(world: World, api: Api) -> None:
    first, second = world.submitted("Un."), world.submitted("Deux.")
    digests = {one["id"]: one["digest"] for one in api.get("approvals").json()["data"]}
    back = api.post(f"approvals/{first.pk}/ask-change", {"digest": digests[str(first.pk)], "comment": "Plus court"})
    assert back.status_code == 200 and back.json()["state"] == "draft"
    assert api.post(f"approvals/{second.pk}/refuse", {"digest": digests[str(second.pk)]}).json()["state"] == "refused"
    stopped = api.post("holds", {"reason": "Tout"}, Idempotency_Key="stop-1")
    assert stopped.status_code == 201 and stopped.json()["scope"] == "all"
    assert len(api.get("holds?in_force=true").json()["data"]) == 1
    lifted = api.post(f"holds/{stopped.json()['id']}/resume")
    assert (lifted.status_code, lifted.json()["code"]) == (403, "step_up_required")


def test_nobody_without_a_key(world: World, api: Api) -> None:
    for secret, code in (("", "key_missing"), ("rk_nonsense", "key_invalid"), (api.secret[:-1] + "!", "key_invalid")):
        answer = Api(world.brand, secret, api.key).get("items")
        assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert Api(world.brand, api.secret, api.key, headers={"Cookie": "relais=x"}).get("items").status_code == 200


def test_a_key_of_another_brand_is_none(world: World, other: World, api: Api) -> None:
    assert Api(other.brand, api.secret, api.key).get("items").status_code == 401


def test_scopes_narrow(world: World) -> None:
    item = world.submitted("Un.")
    reader = api_of(world, scopes=("items:read",))
    assert reader.get("items").status_code == 200
    answer = reader.post(f"approvals/{item.pk}/approve", {"digest": "0" * 64})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert 'scope="items:approve"' in answer["WWW-Authenticate"]


def test_fields_are_those_of_the_policy(world: World) -> None:
    world.submitted("Un.", title="T")
    narrow = api_of(world, policy=allow(world, {"items.item": ("title", "state")}))
    assert set(narrow.get("items").json()["data"][0]) == {"id", "title", "state"}
    assert set(narrow.get("items?fields=title").json()["data"][0]) == {"id", "title"}
    assert narrow.get("items?fields=text").json()["code"] == "field_not_allowed"
    assert narrow.get("holds").json()["code"] == "policy_forbids"
    public = api_of(world, policy=allow(world, most=InfoClass.PUBLIC))
    assert public.get("items").json()["data"] == []


def test_each_reading_stands_in_the_ledger(world: World, api: Api) -> None:
    item = world.submitted("Un.")
    api.get(f"items/{item.pk}")
    with brand_scope(world.brand):
        line = Disclosure.objects.get()
    assert (line.way, line.recipient_kind, line.recipient_id) == ("api", "key", api.key.pk)
    assert line.object_ids == [str(item.pk)]


def test_another_brand_is_absent(world: World, other: World, api: Api) -> None:
    with brand_scope(other.brand):
        from clients.items.models import Item

        foreign = Item.objects.first()
    assert foreign is not None
    for path in (f"items/{foreign.pk}", f"approvals/{foreign.pk}"):
        assert api.get(path).status_code == 404
    assert b"SECRET" not in api.get("items").content
