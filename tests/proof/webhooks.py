"""Every event reaches its receiver, in order for each object, however the receiver behaves; and what it gets is ours.

A receiver in a process of its own answers three tries in ten with an error, lets one in ten hang and loses the reply to one in
ten that it took. All events of all objects are written down by the feed of changes and told by four lanes at once, with pauses of
milliseconds. After the receiver has dropped what it knew by id, it has exactly all of them, those of each object in their order.
Every request's signature is checked by the library of the standard's makers in Python, and once more in Node; with a byte more
neither takes it. Then, on a clock that is moved on, a receiver that is down for a day, while events go on: nothing is lost.
"""

import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import time_machine
from django.db import connections
from django.test.utils import override_settings
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.items.models import Item
from clients.people.access import actor_for
from clients.people.actor import Actor, process_of
from clients.webhooks import rules
from clients.webhooks.actions import delivering, pump, subscribe, work_lane
from clients.webhooks.models import Delivery, Subscription
from clients.webhooks.rules import LANES, DeliveryState
from tenants.brandref import BrandRef
from tenants.ids import uuid7
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.conftest import make_member
from tests.database import ACTIVE, brand_with
from tests.proof._hooks import receiver, verified_by_node
from tests.webhooks.receiver import Receiver

LONG = True
EVENTS = {"small": (300, 40), "full": (10_000, 400)}
DAY_STEPS = {"small": 24, "full": 144}
HANG, SECONDS = 1.0, 0.25
SHORT = timedelta(milliseconds=20)


def run(scale: str) -> tuple[str, bool]:
    brand = brand_with(ACTIVE[0])
    owner = actor_for(make_member(brand, Role.BRAND_OWNER).person, brand, EntryPoint.PAGE, stepped_up_at=timezone.now())
    with override_settings(ALLOW_PRIVATE_HOSTS=True, WORKERS_PER_BRAND=4):
        stormy, storm_holds = _storm(owner, *EVENTS[scale])
        down, down_holds = _down_for_a_day(owner, DAY_STEPS[scale])
    return f"{stormy}; {down}", storm_holds and down_holds


def _storm(owner: Actor, events: int, objects: int) -> tuple[str, bool]:
    with tempfile.TemporaryDirectory() as name, _hurried():
        folder, kept = Path(name), Path(name) / "secret"
        with receiver(folder, kept, hang=HANG) as process:
            subscription, secret = subscribe(owner, name="Sturm", endpoint=process.url, resources=["items"])
            kept.write_text(secret)
            _write(owner.brand, events, objects)
            began = time.monotonic()
            _deliver(owner.brand, subscription)
            took = time.monotonic() - began
            calls = process.calls()
        node = verified_by_node(process.file, secret)
    numbers, lost = _numbers(owner.brand, subscription)
    known = {call["id"]: call for call in reversed(calls) if call["taken"]}
    order = _out_of_order(calls, numbers)
    verified = sum(call["verified"] for call in calls)
    checked = node is None or node == {"verified": len(calls), "refused": 0, "forged": 0}
    figures = (
        f"{events} events of {objects} objects in {len(calls)} tries and {took:.0f} s: {len(known)} known after dedupe, "
        f"{len(calls) - len(known)} tries too many, {len(set(numbers) - set(known))} missing, {order} out of order, "
        f"{lost} given up, {verified} of {len(calls)} signatures verified in Python, "
        f"{'Node not here' if node is None else str(node['verified']) + ' in Node, ' + str(node['forged']) + ' forged'}"
    )
    exactly = set(known) == set(numbers) and len(known) == events
    return figures, exactly and not order and not lost and verified == len(calls) and checked


def _down_for_a_day(owner: Actor, steps: int) -> tuple[str, bool]:
    brand, worker = owner.brand, _worker(owner.brand)
    made = Receiver(plan=lambda number: "error", tolerant=True)
    with made, time_machine.travel(timezone.now(), tick=True) as clock:
        fresh = _proved(owner)
        subscription, secret = subscribe(fresh, name="Zu", endpoint=made.url, resources=["items"])
        made.secrets.append(secret)
        for _ in range(steps):
            _write(brand, 1, 1)
            pump(worker, subscription_id=subscription.pk)
            _all_lanes(worker, subscription)
            clock.shift(timedelta(days=1) / steps)
        tried = len(made.calls)
        made.plan = lambda number: "take"
        rounds = 0
        while _waiting(brand, subscription) and rounds < 200:
            clock.shift(timedelta(minutes=30))
            _all_lanes(worker, subscription)
            rounds += 1
    numbers, lost = _numbers(brand, subscription)
    missing = len(set(numbers) - set(made.known))
    figures = (
        f"a receiver down for a day: {steps} events meanwhile, {tried} tries in vain, afterwards {len(made.known)} known, "
        f"{missing} missing, {lost} given up"
    )
    all_signed = all(call.verified for call in made.calls)
    return figures, tried > 0 and not missing and not lost and len(made.known) == steps and all_signed


@contextmanager
def _hurried() -> Iterator[None]:
    """The same pauses, in milliseconds, and more of them: half of all tries fail."""
    with (
        patch.object(rules, "PAUSES", (SHORT,) * 60),
        patch.object(rules, "QUIET_FIRST", SHORT),
        patch.object(rules, "QUIET_MOST", SHORT),
        patch.object(delivering, "SECONDS", SECONDS),
    ):
        yield


def _write(brand: BrandRef, events: int, objects: int) -> None:
    """Each event a transaction of its own."""
    with durable(brand):
        made = Item.objects.bulk_create([_item() for _ in range(objects)])
    for number in range(events - objects):
        with durable(brand):
            Item.objects.filter(pk=made[number % objects].pk).update(title=str(number))


def _item() -> Item:
    return Item(title="0", kind="publish", sensitivity="routine", author_id=uuid7(), author_side="agency")


def _deliver(brand: BrandRef, subscription: Subscription) -> None:
    """A pump and four lanes, each in a thread, until nothing waits."""
    over = threading.Event()

    def until_over(work: Callable[[Actor], Any]) -> None:
        try:
            while not over.is_set():
                work(_worker(brand))
                over.wait(0.02)
        finally:
            connections.close_all()

    works: list[Callable[[Actor], Any]] = [lambda worker: pump(worker, subscription_id=subscription.pk)]
    works += [
        lambda worker, lane=lane: work_lane(worker, subscription_id=subscription.pk, lane=lane)  # type: ignore[misc]
        for lane in range(LANES)
    ]
    pump(_worker(brand), subscription_id=subscription.pk)
    crew = [threading.Thread(target=until_over, args=(work,)) for work in works]
    for thread in crew:
        thread.start()
    while _waiting(brand, subscription):
        time.sleep(0.2)
    over.set()
    for thread in crew:
        thread.join()


def _all_lanes(worker: Actor, subscription: Subscription) -> None:
    for lane in range(LANES):
        work_lane(worker, subscription_id=subscription.pk, lane=lane)


def _waiting(brand: BrandRef, subscription: Subscription) -> bool:
    with brand_scope(brand):
        return Delivery.objects.filter(subscription=subscription, state=DeliveryState.WAITING).exists()


def _numbers(brand: BrandRef, subscription: Subscription) -> tuple[dict[str, tuple[Any, int]], int]:
    """Each event's object and number, and how many were given up."""
    with brand_scope(brand):
        rows = list(
            Delivery.objects.filter(subscription=subscription).values_list("pk", "object_id", "number", "state")
        )
    lost = sum(state != DeliveryState.DELIVERED for *_, state in rows)
    return {str(pk): (object_id, number) for pk, object_id, number, _ in rows}, lost


def _out_of_order(calls: list[dict[str, Any]], numbers: dict[str, tuple[Any, int]]) -> int:
    """Events that were taken for the first time after a later one of the same object."""
    newest: dict[Any, int] = defaultdict(int)
    known: set[str] = set()
    wrong = 0
    for call in calls:
        if not call["taken"] or call["id"] in known:
            continue
        known.add(call["id"])
        object_id, number = numbers[call["id"]]
        wrong += number < newest[object_id]
        newest[object_id] = max(newest[object_id], number)
    return wrong


def _worker(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.WORKER, "webhooks")


def _proved(actor: Actor) -> Actor:
    return replace(actor, stepped_up_at=timezone.now())
