"""What a receiver with a policy is told of an object: what the API would answer; and what cannot be drawn holds up nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from api.resources.changes import followable
from api.resources.webhooks import _render
from clients.community.actions import add_member, erase_member
from clients.community.rules import About
from clients.disclosure.actions import allow_integration
from clients.disclosure.rules import FIELDS, InfoClass
from clients.webhooks import registry
from clients.webhooks.actions import change_subscription
from clients.webhooks.rules import DeliveryState
from clients.webhooks.telling import model_of
from tenants.ids import uuid7
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.webhooks.conftest import Told


@pytest.fixture
def told(told: Told) -> Told:
    """All that a policy may name of every kind of thing."""
    policy = allow_integration(
        told.actor(Role.BRAND_OWNER), name="Caisse", system="webhook", purpose="x",
        fields={kind: list(names) for kind, names in FIELDS.items()}, most_class=InfoClass.SHARED,
        until=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    change_subscription(
        told.actor(), subscription_id=told.subscription.pk, name="Caisse", resources=["items", "members"],
        policy_id=policy.pk,
    )  # fmt: skip
    return told


def lea(told: Told) -> UUID:
    about = About("Léa", handles=(("mastodon", "@lea@s.example"),))
    return add_member(told.actor(Role.BRAND_OWNER), about=about, info_class=InfoClass.SHARED).pk


def of(told: Told, pk: UUID) -> list[dict[str, Any]]:
    return [call.event["data"] for call in told.receiver.taken if call.event["data"].get("id") == str(pk)]


@pytest.mark.parametrize("name", sorted(followable()))
def test_every_field_can_be_drawn_for_a_receiver(told: Told, name: str) -> None:
    named = frozenset(FIELDS[model_of(name)._meta.label_lower])
    with brand_scope(told.brand):
        assert _render(name, uuid7(), named) is None, "there is none: nothing else is in the way of asking"


def test_what_is_counted_together_is_told_and_who_is_being_erased_is_not(told: Told) -> None:
    stays, goes = lea(told), lea(told)
    erase_member(told.actor(Role.BRAND_OWNER), member_id=goes, basis="request")
    told.go()
    (full,), (thin,) = of(told, stays), of(told, goes)
    assert full["fields"]["handles"] == [{"network": "mastodon", "handle": "@lea@s.example"}]
    assert "fields" not in thin
    assert {one.state for one in told.deliveries()} == {DeliveryState.DELIVERED}


def test_what_cannot_be_drawn_is_told_thin_and_what_is_behind_it_too(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def torn(pk: UUID, named: frozenset[str]) -> dict[str, Any]:
        with brand_scope(told.brand, savepoint=False):
            list(model_of("items").objects.extra(where=["no_such_column = 1"]))
        raise AssertionError

    monkeypatch.setitem(registry._renderers, "items", torn)
    items, member = [told.make(str(n)) for n in range(9)], lea(told)
    told.go()
    assert ["fields" in data for one in items for data in of(told, one.pk)] == [False] * 9
    assert "fields" in of(told, member)[0]
    assert {one.state for one in told.deliveries()} == {DeliveryState.DELIVERED}
