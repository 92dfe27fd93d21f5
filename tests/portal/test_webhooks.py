"""Webhooks on their pages: made with the secret shown once, events with their bytes, and nobody else's."""

import re
from typing import Any

import pytest
from django.test import Client

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import process_of
from clients.webhooks.actions import pump, work_lane
from clients.webhooks.actions.delivering import SECONDS
from clients.webhooks.models import Attempt, Delivery, Subscription
from clients.webhooks.rules import LANES, PausedWhy
from clients.webhooks.steps import LETTER, pause
from portal.webhook_letters import mail_about_webhook
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.portal.conftest import Browse
from tests.webhooks.receiver import Receiver
from tests.world import World


@pytest.fixture(autouse=True)
def _private(settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True


def made(world: World, browse: Browse, receiver: Receiver) -> tuple[Client, Subscription, str]:
    client = browse(world.people[Role.BRAND_MANAGER], world.brand, proved=True)
    response = client.post("/webhooks/new", {"name": "Caisse", "endpoint": receiver.url, "resource": ["items"]})
    assert response.status_code == 200, response.content[:400]
    (secret,) = set(re.findall(r"whsec_[A-Za-z0-9+/=]+", response.content.decode()))
    with brand_scope(world.brand):
        return client, Subscription.objects.get(), secret


def deliver(world: World, subscription: Subscription) -> None:
    worker = process_of(world.brand, EntryPoint.WORKER, "webhooks")
    pump(worker, subscription_id=subscription.pk)
    for lane in range(LANES):
        work_lane(worker, subscription_id=subscription.pk, lane=lane)


def test_made_tested_and_seen_with_its_bytes(world: World, browse: Browse) -> None:
    with Receiver() as receiver:
        client, subscription, secret = made(world, browse, receiver)
        receiver.secrets.append(secret)
        page = client.get(f"/webhooks/{subscription.pk}/").content.decode()
        assert secret not in page, "shown once"
        assert receiver.url not in page
        assert client.post(f"/webhooks/{subscription.pk}/test").status_code == 303
        deliver(world, subscription)
        assert [call.verified for call in receiver.calls] == [True]
    with brand_scope(world.brand):
        delivery = Delivery.objects.get()
        body = Attempt.objects.get().body
    page = client.get(f"/webhooks/{subscription.pk}/{delivery.pk}/").content.decode()
    assert body.replace('"', "&quot;") in page
    assert "webhook.test" in page
    assert client.post(f"/webhooks/{subscription.pk}/{delivery.pk}/again").status_code == 303
    assert SECONDS <= 15


def test_what_is_wrong_stands_where_it_was_typed(world: World, browse: Browse) -> None:
    client = browse(world.people[Role.BRAND_MANAGER], world.brand, proved=True)
    response = client.post("/webhooks/new", {"name": "Caisse", "endpoint": "rien", "resource": ["items"]})
    assert response.status_code in {400, 422}
    assert 'value="rien"' in response.content.decode()


def test_paused_and_let_go_on_and_ended(world: World, browse: Browse) -> None:
    with Receiver() as receiver:
        client, subscription, _ = made(world, browse, receiver)
    for act in ("pause", "resume", "end"):
        assert client.post(f"/webhooks/{subscription.pk}/{act}").status_code == 303
    assert client.post(f"/webhooks/{subscription.pk}/test").status_code == 409
    assert client.get("/webhooks/").status_code == 200


def test_a_letter_where_it_stops_by_itself(world: World, browse: Browse, mailoutbox: list[Any]) -> None:
    with Receiver() as receiver:
        _client, subscription, _ = made(world, browse, receiver)
    with durable(world.brand):
        found = Subscription.objects.select_for_update().get()
        pause(world.owner, found, PausedWhy.GONE)
    mail_about_webhook(
        world.brand, {"subscription": str(subscription.pk), "person": str(world.people[Role.BRAND_OWNER].pk)}
    )
    (letter,) = mailoutbox
    assert "Caisse" in letter.subject
    assert "410" in letter.body
    assert LETTER == "webhooks.letter"
