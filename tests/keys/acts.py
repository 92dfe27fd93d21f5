"""What each action of keys is given in the test of every action: who may, who may not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clients.keys.actions import Bounds
from clients.keys.models import Family
from clients.keys.rules import Kind
from clients.people.actions import end_membership
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.keys.made import asked_of, make_client, make_policy, make_static, tokens_of
from tests.world import World

WORDS = "Un texte que le journal ne doit jamais contenir"
OWNER, MANAGER, APPROVER, CM = Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER, Role.COMMUNITY_MANAGER
Given = dict[str, Any]


def new(world: World) -> Given:
    until = timezone.now() + timedelta(days=90)
    bounds = Bounds(WORDS, ["items:read"])
    return {"kind": Kind.STATIC, "bounds": bounds, "policy_id": make_policy(world).pk, "expires_at": until}


def key(world: World) -> Given:
    return {"key_id": make_static(world)[0].pk}


def left_behind(world: World) -> Given:
    made = make_static(world, by=world.actor(MANAGER))[0]
    end_membership(actor=world.owner, person_id=world.people[MANAGER].pk)
    return {"key_id": made.pk}


def consented(world: World) -> Given:
    tokens_of(world, make_client(world).key)
    with brand_scope(world.brand):
        return {"family_id": Family.objects.get().pk}


GIVEN: dict[str, tuple[Callable[[World], Given], Role, Role]] = {
    "make_key": (new, MANAGER, APPROVER),
    "change_key": (lambda w: key(w) | {"bounds": Bounds(WORDS, ["items:read"])}, OWNER, MANAGER),
    "renew_secret": (key, OWNER, MANAGER),
    "take_over": (left_behind, OWNER, CM),
    "revoke_key": (key, MANAGER, Role.AGENCY_OWNER),
    "consent": (lambda w: {"asked": asked_of(make_client(w).key)}, APPROVER, CM),
    "end_consent": (consented, APPROVER, CM),
}
BY_THE_HOUSE = frozenset(
    {"exchange_code", "refresh_tokens", "give_to_service", "return_token", "keep_keys"}  # an endpoint's or the worker's
)
"""Played in `tests.keys`."""
