"""A world that rolls back, with insights in it, and a second brand beside it whose words could leak."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from clients.insights.actions import ask_by_link, ask_department, decide_insight, note_insight
from clients.insights.actions.asking import MadeAsking
from clients.insights.models import Asking, Insight, InsightSource
from clients.people.actor import Actor
from tenants.models import Person
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope
from tests.conversations.conftest import begun, heard
from tests.world import World, make_world

CONTACT = Role.DEPARTMENT_CONTACT
DAY = timedelta(days=1)


def noted(world: World, by: Actor | None = None, text: str = "Et sans gluten ?", **more: Any) -> Insight:
    """From a mention over the wall, by the community manager."""
    given = {"title": "Des pains sans gluten", "text": "On en demande chaque semaine.", "theme": "Allergies"} | more
    if not {"mention_id", "conversation_id"} & set(given):
        given["mention_id"] = heard(world, text, f"m-{text}"[:40]).pk
    return note_insight(by or world.cm, **given)


def talked(world: World, by: Actor | None = None, **more: Any) -> Insight:
    """From a conversation in the community manager's hands."""
    return noted(world, by, conversation_id=begun(world).pk, **more)


def asked(world: World, insight: Insight | None = None, by: Actor | None = None, **more: Any) -> Asking:
    """Of the department contact, within three days."""
    given = {"department": "product", "due": timezone.now() + 3 * DAY, "to_person": world.people[CONTACT].pk} | more
    return ask_department(by or world.cm, insight_id=(insight or noted(world)).pk, **given)


def linked(world: World, insight: Insight | None = None, **more: Any) -> MadeAsking:
    """Of somebody without an account, by the brand."""
    given = {"department": "legal", "due": timezone.now() + 3 * DAY, "recipient": "Me Blanc"} | more
    return ask_by_link(world.owner, insight_id=(insight or noted(world)).pk, **given)


def decided(world: World, insight: Insight | None = None, decision: str = "will_do") -> Insight:
    found = insight or noted(world)
    return decide_insight(world.owner, insight_id=found.pk, decision=decision, why="Dès le printemps.")


def again(world: World, insight: Insight) -> Insight:
    """As it stands now."""
    with brand_scope(world.brand):
        return Insight.objects.select_related("theme", "department").get(pk=insight.pk)


def sources(world: World, insight: Insight) -> list[InsightSource]:
    with brand_scope(world.brand):
        return list(InsightSource.objects.filter(insight=insight))


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    """Everything at level 6: what the gate permits leaves at once."""
    return make_world(brand_a, person_factory, level=6)


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    """A second brand with an agency of its own."""
    return make_world(brand_b, person_factory)
