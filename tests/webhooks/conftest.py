"""A brand that has its items told to a receiver on loopback, and a second brand beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from clients.autonomy.vocabulary import EntryPoint
from clients.items.models import Item
from clients.people.access import actor_for
from clients.people.actor import Actor, process_of
from clients.webhooks.actions import pump, subscribe, work_lane
from clients.webhooks.models import Attempt, Delivery, Progress, Subscription
from clients.webhooks.rules import LANES
from tenants.models import Membership
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.changes.conftest import item
from tests.webhooks.receiver import Receiver


@dataclass
class Told:
    """A brand, people of it, and one subscription."""

    brand: BrandRef
    people: dict[Role, Membership]
    subscription: Subscription
    secret: str
    receiver: Receiver

    def actor(self, role: Role = Role.BRAND_MANAGER, *, stepped_up: bool = True) -> Actor:
        return acting(self.brand, self.people[role], stepped_up=stepped_up)

    @property
    def worker(self) -> Actor:
        return process_of(self.brand, EntryPoint.WORKER, "webhooks")

    def make(self, title: str = "0") -> Item:
        with durable(self.brand):
            return item(title)

    def touch(self, one: Item, title: str) -> None:
        with durable(self.brand):
            Item.objects.filter(pk=one.pk).update(title=title)

    def pump(self) -> timedelta | None:
        return pump(self.worker, subscription_id=self.subscription.pk)

    def work(self) -> None:
        for lane in range(LANES):
            work_lane(self.worker, subscription_id=self.subscription.pk, lane=lane)

    def go(self) -> None:
        self.pump()
        self.work()

    def deliveries(self, **only: Any) -> list[Delivery]:
        with brand_scope(self.brand):
            return list(Delivery.objects.filter(subscription=self.subscription, **only).order_by("number"))

    def attempts(self) -> list[Attempt]:
        with brand_scope(self.brand):
            return list(Attempt.objects.order_by("at", "number"))

    @property
    def progress(self) -> Progress:
        with brand_scope(self.brand):
            return Progress.objects.get(subscription=self.subscription)

    def now(self) -> Subscription:
        with brand_scope(self.brand):
            return Subscription.objects.get(pk=self.subscription.pk)


def acting(brand: BrandRef, place: Membership, *, stepped_up: bool = True) -> Actor:
    from django.utils import timezone

    return actor_for(place.person, brand, EntryPoint.PAGE, stepped_up_at=timezone.now() if stepped_up else None)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


@pytest.fixture
def told(brand_a: BrandRef, member: Callable[..., Membership], receiver: Receiver, settings: Any) -> Told:
    """In a transaction that is rolled back: `durable` is let in by the tests' own settings of Django's TestCase."""
    settings.ALLOW_PRIVATE_HOSTS = True
    people = {
        role: member(brand_a, role) for role in (Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER, Role.AUDITOR)
    }
    people[Role.COMMUNITY_MANAGER] = member(brand_a, Role.COMMUNITY_MANAGER)
    people[Role.AGENCY_OWNER] = member(brand_a, Role.AGENCY_OWNER)
    subscription, secret = subscribe(
        acting(brand_a, people[Role.BRAND_MANAGER]),
        name="Caisse",
        endpoint=receiver.url,
        resources=["items", "members"],
    )
    receiver.secrets.append(secret)
    return Told(brand_a, people, subscription, secret, receiver)
