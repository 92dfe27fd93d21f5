"""Who may have the brand's changes told to whom: the brand alone, proved anew, to addresses that are nobody's own network."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from clients.disclosure.actions import allow_integration
from clients.disclosure.rules import InfoClass
from clients.webhooks import registry
from clients.webhooks.access import access_delivery, access_subscription
from clients.webhooks.actions import (
    change_subscription,
    end_subscription,
    pause_subscription,
    replay_delivery,
    resume_subscription,
    rotate_webhook_secret,
    send_test_event,
    subscribe,
)
from clients.webhooks.models import Subscription
from clients.webhooks.queries import subscriptions, tally_of
from clients.webhooks.sealing import unseal
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.models import Membership
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.webhooks.conftest import Told, acting

ALLOWED = {Role.BRAND_OWNER, Role.BRAND_MANAGER}


def acts(told: Told) -> dict[str, Callable[[Any], object]]:
    pk = told.subscription.pk
    return {
        "make": lambda actor: subscribe(actor, name="x", endpoint="https://example.org/x", resources=["items"]),
        "change": lambda actor: change_subscription(
            actor, subscription_id=pk, name="y", resources=["items"], policy_id=None
        ),
        "rotate": lambda actor: rotate_webhook_secret(actor, subscription_id=pk),
        "test": lambda actor: send_test_event(actor, subscription_id=pk),
        "pause": lambda actor: pause_subscription(actor, subscription_id=pk),
        "resume": lambda actor: resume_subscription(actor, subscription_id=pk),
        "end": lambda actor: end_subscription(actor, subscription_id=pk),
    }


ROLES = [*ALLOWED, Role.APPROVER, Role.AUDITOR, Role.COMMUNITY_MANAGER, Role.AGENCY_OWNER]


@pytest.mark.parametrize("role", sorted(ROLES))
def test_the_brand_alone(told: Told, role: Role) -> None:
    for act in acts(told).values():
        if role in ALLOWED:
            act(told.actor(role))
        else:
            with pytest.raises(Refused, match="not_allowed"):
                act(told.actor(role))


@pytest.mark.parametrize("name", ["make", "change", "rotate"])
def test_whom_it_is_told_to_wants_a_fresh_proof(told: Told, name: str) -> None:
    with pytest.raises(Refused, match="step_up_required"):
        acts(told)[name](told.actor(stepped_up=False))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "name_empty"),
        ({"name": "a\0"}, "name_empty"),
        ({"endpoint": "no address"}, "not_a_site"),
        ({"endpoint": "http://example.org/"}, "https_required"),
        ({"endpoint": "https://user:pw@example.org/"}, "not_a_site"),
        ({"endpoint": "https://example.org/" + "a" * 1_000}, "too_long"),
        ({"resources": []}, "nothing_chosen"),
        ({"resources": ["items", "secrets"]}, "unknown_choice"),
        ({"policy_id": uuid4()}, "unknown_policy"),
    ],
)
def test_what_is_wrong_is_named(told: Told, settings: Any, wrong: dict[str, Any], code: str) -> None:
    settings.ALLOW_PRIVATE_HOSTS = False
    given = {"name": "x", "endpoint": "https://example.org/x", "resources": ["items"]}
    with pytest.raises(Invalid, match=code):
        subscribe(told.actor(), **given | wrong)


def test_the_address_and_the_secret_are_sealed_and_shown_once(told: Told) -> None:
    with brand_scope(told.brand):
        found = Subscription.objects.get(pk=told.subscription.pk)
    assert found.host == "127.0.0.1"
    assert told.secret.encode() not in bytes(found.sealed)
    kept = unseal(found.sealed, brand_id=told.brand.id, subscription_id=found.pk)
    assert kept.reveal("secret") == told.secret
    with pytest.raises(Conflict, match="secret_unreadable"):
        unseal(found.sealed, brand_id=told.brand.id, subscription_id=uuid4())


def test_another_brands_subscription_is_not_there(
    told: Told, brand_b: BrandRef, member: Callable[..., Membership]
) -> None:
    theirs = acting(brand_b, member(brand_b, Role.BRAND_OWNER))
    with pytest.raises(Missing):
        send_test_event(theirs, subscription_id=told.subscription.pk)
    with brand_scope(brand_b), pytest.raises(Missing):
        access_subscription(theirs, told.subscription.pk)
    with brand_scope(brand_b):
        assert not subscriptions().exists()


def test_a_delivery_belongs_to_its_subscription(told: Told) -> None:
    other, _ = subscribe(told.actor(), name="y", endpoint="https://example.org/y", resources=["items"])
    told.make()
    told.go()
    (delivery,) = told.deliveries()
    with brand_scope(told.brand):
        assert access_delivery(told.actor(), told.subscription.pk, delivery.pk) == delivery
        with pytest.raises(Missing, match="delivery"):
            access_delivery(told.actor(), other.pk, delivery.pk)
        assert tally_of([told.subscription.pk, other.pk]) == {told.subscription.pk: {"delivered": 1}, other.pk: {}}
    with pytest.raises(Missing, match="delivery"):
        replay_delivery(told.actor(), subscription_id=other.pk, delivery_id=delivery.pk)


def test_content_only_by_a_policy_and_only_what_it_names(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        registry._renderers, "items", lambda pk, fields: {"title": "Titre", "state": "draft", "author": "Inès"}
    )
    policy = allow_integration(
        told.actor(Role.BRAND_OWNER),
        name="Caisse",
        system="webhook",
        purpose="x",
        fields={"items.item": ["title"]},
        most_class=InfoClass.SHARED,
        until=timezone.now() + timedelta(days=1),
    )
    told.make()
    told.go()
    change_subscription(
        told.actor(), subscription_id=told.subscription.pk, name="Caisse", resources=["items"], policy_id=policy.pk
    )
    told.make()
    told.go()
    thin, full = told.receiver.calls
    assert "fields" not in thin.event["data"]
    assert full.event["data"]["fields"] == {"title": "Titre"}
    from clients.disclosure.actions import end_integration

    end_integration(told.actor(Role.BRAND_OWNER), policy_id=policy.pk)
    told.make()
    told.go()
    assert "fields" not in told.receiver.calls[-1].event["data"]
