"""What was sent to receivers, read by a program: the bytes of each try, as strictly as what they tell of is kept by now."""

from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from clients.community.actions import add_member
from clients.community.models import Member
from clients.community.rules import About
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from clients.webhooks.actions import subscribe
from clients.webhooks.models import Attempt, Delivery, Subscription
from tenants.ids import uuid7
from tenants.walls.scope import brand_scope, durable
from tests.api.calls import Api, allow, api_of
from tests.world import World

BODY = '{"type":"members.changed","data":{"fields":{"name":"Léa"}}}'


@pytest.fixture(autouse=True)
def _told_at_once(settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS, settings.API_LEDGER_SECONDS = True, 0


def receiver(world: World) -> Subscription:
    made, _ = subscribe(world.owner, name="Caisse", endpoint="http://127.0.0.1:9/x", resources=["members"])
    return made


def tried(world: World, of: Subscription, object_id: UUID | None, body: str = BODY, number: int = 1) -> Attempt:
    """One try of one event about a member; about nothing without one."""
    with durable(world.brand):
        delivery = Delivery.objects.create(
            subscription_id=of.pk, number=number, event="members.changed", lane=0, at=timezone.now(),
            resource="members" if object_id else "", object_id=object_id,
        )  # fmt: skip
        made: Attempt = Attempt.objects.create(
            delivery=delivery, number=1, at=timezone.now(), took_ms=7, status=500, body=body, answer="Aïe"
        )
    return made


def lea(world: World, info_class: InfoClass = InfoClass.SHARED) -> UUID:
    return add_member(world.owner, about=About("Léa"), info_class=info_class).pk


def test_a_try_is_read_with_its_bytes_and_stands_in_the_ledger(world: World, other: World) -> None:
    theirs = tried(other, receiver(other), lea(other), body="SECRET")
    made = receiver(world)
    one, about_nothing = tried(world, made, lea(world)), tried(world, made, None, "{}", 2)
    api: Api = api_of(world)
    found: Any = api.get(f"webhook-tries?webhook={made.pk}")
    assert {row["id"]: row["body"] for row in found.json()["data"]} == {str(one.pk): BODY, str(about_nothing.pk): "{}"}
    row: Any = api.get(f"webhook-tries/{one.pk}").json()
    assert (row["status"], row["took_ms"], row["answer"], row["delivery"]) == (500, 7, "Aïe", str(one.delivery_id))
    assert api.get(f"webhook-tries/{theirs.pk}").status_code == 404
    assert "SECRET" not in found.content.decode()
    with brand_scope(world.brand):
        assert Disclosure.objects.filter(way="api", object_kind="webhooks.attempt").count() == 2


def test_the_bytes_are_kept_as_strictly_as_what_they_tell_of(world: World) -> None:
    made, who = receiver(world), lea(world)
    one = tried(world, made, who)
    shared = api_of(world, policy=allow(world, most=InfoClass.SHARED))
    whole = api_of(world)
    assert shared.get(f"webhook-tries/{one.pk}").status_code == 200
    with durable(world.brand):
        Member.objects.filter(pk=who).update(info_class=InfoClass.NAMED)
    assert shared.get(f"webhook-tries/{one.pk}").status_code == 404
    assert whole.get(f"webhook-tries/{one.pk}").status_code == 200
    listed: Any = shared.get("webhook-tries")
    assert listed.json()["data"] == []


def test_the_bytes_are_told_where_the_policy_names_them(world: World) -> None:
    one = tried(world, receiver(world), lea(world))
    narrow = api_of(world, policy=allow(world, {"webhooks.attempt": ("status", "at")}))
    row: Any = narrow.get(f"webhook-tries/{one.pk}")
    assert (row.status_code, set(row.json())) == (200, {"id", "delivery", "status", "at"})
    assert narrow.get(f"webhook-tries/{one.pk}?fields=body").status_code == 403
    none = api_of(world, policy=allow(world, {"webhooks.delivery": ("event",)}))
    assert none.get("webhook-tries").status_code == 403
    assert narrow.get(f"webhook-tries/{uuid7()}").status_code == 404
