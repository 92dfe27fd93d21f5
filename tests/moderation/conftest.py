"""A world with house rules and something that a member wrote on the wall, and a second brand beside it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from clients.autonomy.vocabulary import EntryPoint
from clients.briefings.actions import acknowledge_briefing, publish_briefing
from clients.briefings.queries import number_in_force
from clients.disclosure.rules import InfoClass
from clients.gate.actions import approve_item
from clients.items.models import Item
from clients.mentions.models import Mention
from clients.moderation.models import Act, Case
from clients.people.actor import Actor
from tenants.models import Person
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.triage.conftest import said
from tests.world import SECTIONS, World, make_world

RULES = [
    {"number": "1", "rule": "On reste courtois."},
    {"number": "2", "rule": "Pas de menaces.", "urgent": "danger"},
]
READERS = (Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER, Role.AGENCY_OWNER)


def publish_rules(world: World, rules: list[dict[str, str]] | None = None, **calendar: Any) -> None:
    """A version with these house rules, read by everybody of the agency."""
    with brand_scope(world.brand):
        number = number_in_force()
    publish_briefing(
        actor=world.owner,
        after=number,
        sections=SECTIONS | {"house_rules": RULES if rules is None else rules},
        calendar=calendar,
        classes={"house_rules": InfoClass.SHARED},
        note="Pour tous",
    )
    for role in READERS:
        acknowledge_briefing(actor=world.actor(role), number=number + 1)


def comment(world: World, text: str = "Vous êtes tous nuls.", **fields: Any) -> Mention:
    """What a member wrote under a post of the brand, named as no other: what was done to it stays on the wall, outside."""
    given: dict[str, Any] = {"author": "Zoé Malin", "author_handle": "@zoe@social.example", "language": "fr"}
    given |= {"channel": world.wall.pk, "remote_id": f"comment-{uuid4().hex[:12]}", "medium": "wordpress"}
    return said(world.brand, text, **given | fields)


def manager(world: World) -> Actor:
    return world.actor(Role.BRAND_MANAGER, EntryPoint.PAGE)


def approve(world: World, act: Act, by: Actor | None = None) -> None:
    with brand_scope(world.brand):
        item = Item.objects.select_related("version").get(pk=act.item_id)
    assert item.version is not None
    approve_item(by or world.approver, item_id=item.pk, seen_digest=item.version.digest)


def work(world: World) -> None:
    """What is due leaves, and cases learn of it."""
    world.run_outbox("gate.send", "gate.morning")
    world.run_outbox("moderation.raid", "moderation.unraid")
    world.run_outbox("gate.send")


def state_of(world: World, act: Act) -> str:
    return world.state_of(act.item_id)


def case_of(world: World, act: Act) -> Case:
    with brand_scope(world.brand):
        return Case.objects.get(pk=act.case_id)


def paris(moment: str) -> datetime:
    """`paris('2026-11-23T10:00')`: in winter."""
    return datetime.fromisoformat(f"{moment}+01:00")


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    """Everything at level 2, two house rules, the second of them urgent."""
    made = make_world(brand_a, person_factory)
    publish_rules(made)
    return made


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    """A second brand with an agency of its own."""
    made = make_world(brand_b, person_factory)
    publish_rules(made)
    return made
