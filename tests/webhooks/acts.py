"""What each action of webhooks is given in the test of every action: who may, who may not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clients.webhooks.actions import pause_subscription, send_test_event, subscribe
from tenants.vocabulary import Role
from tests.world import World

WORDS = "Un texte que le journal ne doit jamais contenir"
OWNER, MANAGER, APPROVER, AUDITOR = Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER, Role.AUDITOR
Given = dict[str, Any]


def new(world: World) -> Given:
    return {"name": WORDS, "endpoint": "https://caisse.example/geheim", "resources": ["items"]}


def told(world: World) -> Given:
    return {"subscription_id": subscribe(world.owner, **new(world))[0].pk}


def paused(world: World) -> Given:
    one = told(world)
    pause_subscription(world.owner, **one)
    return one


def event(world: World) -> Given:
    one = told(world)
    return one | {"delivery_id": send_test_event(world.owner, **one).pk}


def since(world: World) -> Given:
    return told(world) | {"since": timezone.now() - timedelta(days=1)}


GIVEN: dict[str, tuple[Callable[[World], Given], Role, Role]] = {
    "subscribe": (new, MANAGER, Role.AGENCY_OWNER),
    "change_subscription": (
        lambda w: told(w) | {"name": WORDS, "resources": ["holds"], "policy_id": None},
        MANAGER,
        APPROVER,
    ),
    "rotate_webhook_secret": (told, OWNER, APPROVER),
    "pause_subscription": (told, MANAGER, AUDITOR),
    "resume_subscription": (paused, MANAGER, AUDITOR),
    "end_subscription": (told, OWNER, Role.COMMUNITY_MANAGER),
    "replay_delivery": (event, MANAGER, AUDITOR),
    "replay_span": (since, OWNER, AUDITOR),
    "send_test_event": (told, OWNER, Role.AGENCY_MANAGER),
}
BY_THE_HOUSE = frozenset({"pump", "work_lane", "forget_deliveries", "keep_going", "forget_changes"})
"""The worker's: played in `tests.webhooks` and `tests.changes`."""
