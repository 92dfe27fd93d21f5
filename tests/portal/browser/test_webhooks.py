"""The pages of webhooks in a real browser: one that does well, one that fails, one that is paused, events with their bytes."""

import os
import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import process_of
from clients.webhooks.actions import pause_subscription, pump, send_test_event, subscribe, work_lane
from clients.webhooks.models import Delivery, Progress
from clients.webhooks.rules import LANES
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope, durable
from tests.portal.browser.conftest import Look
from tests.webhooks.receiver import Receiver
from tests.world import World


def test_pages_of_webhooks(world: World, site: str, look: Look, settings: Any) -> None:
    settings.ALLOW_PRIVATE_HOSTS = True
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    with Receiver(plan=lambda number: "error" if number % 3 == 0 else "take") as receiver:
        told, _ = subscribe(
            world.owner, name="Caisse des boutiques", endpoint=receiver.url, resources=["items", "members"]
        )
        rest, _ = subscribe(world.owner, name="Archive", endpoint=receiver.url, resources=["receipts"])
        pause_subscription(world.owner, subscription_id=rest.pk)
        for number in range(4):
            world.draft(f"Texte {number}")
        send_test_event(world.owner, subscription_id=told.pk)
        worker = process_of(world.brand, EntryPoint.WORKER, "webhooks")
        pump(worker, subscription_id=told.pk)
        for lane in range(LANES):
            work_lane(worker, subscription_id=told.pk, lane=lane)
    with durable(world.brand):
        Progress.objects.filter(subscription=told).update(failing_since=timezone.now() - timedelta(hours=5))
    with brand_scope(world.brand):
        failed = Delivery.objects.filter(state="waiting").first() or Delivery.objects.first()
        done = Delivery.objects.filter(state="delivered").first()
    assert failed is not None
    assert done is not None
    one = f"/webhooks/{told.pk}/"
    paths = ["/webhooks/", "/webhooks/new", one, f"{one}{failed.pk}/", f"{one}?state=failed", f"{one}{done.pk}/"]
    urls = [brand + path for path in [*paths, f"/webhooks/{rest.pk}/"]]
    assert look(world.people[Role.BRAND_OWNER], urls, pictures=os.environ.get("PICTURES", "")) == {}


def test_made_by_keyboard_and_ended(world: World, site: str, open_as: Any, settings: Any) -> None:
    """Nothing but keys: the form is filled and sent, and the sheet that ends it opens and closes."""
    settings.ALLOW_PRIVATE_HOSTS = True
    brand = re.sub("//", f"//{world.brand.slug}.", site)
    told, _ = subscribe(world.owner, name="Caisse", endpoint="http://127.0.0.1:9/", resources=["items"])
    page = open_as(world.people[Role.BRAND_OWNER], "en", 1280).new_page()
    page.goto(f"{brand}/webhooks/{told.pk}/")
    page.get_by_role("button", name="End it").focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    assert sheet.is_visible()
    page.keyboard.press("Escape")
    assert not sheet.is_visible()
    page.get_by_role("button", name="Pause").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Let it go on").wait_for()
