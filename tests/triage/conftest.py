"""A world that rolls back, what somebody said in it, and a second brand beside it whose words could leak."""

from collections.abc import Callable
from hashlib import sha256
from itertools import count
from typing import Any

import pytest

from clients.disclosure.rules import InfoClass
from clients.mentions.models import Mention
from clients.triage.models import Handing
from tenants.ids import uuid7
from tenants.models import Person
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.world import World, make_world

_number = count()
SOURCE = uuid7()


def said(brand: BrandRef, text: str, **fields: Any) -> Mention:
    """A mention as it is when it was just taken in."""
    key = sha256(f"{next(_number)} {text}".encode()).hexdigest()
    values: dict[str, Any] = {
        "source": SOURCE,
        "medium": "rss",
        "key": key,
        "text": text,
        "info_class": InfoClass.SHARED,
        "owner_side": "brand",
    }
    with brand_scope(brand):
        return Mention.objects.create(**values | fields)


def standing(brand: BrandRef, mention: Mention) -> tuple[str, str]:
    """Where it stands: state and outcome."""
    with brand_scope(brand):
        state, outcome = Mention.objects.values_list("state", "outcome").get(pk=mention.pk)
        return str(state), str(outcome)


def handed_before(
    world: World, mention: Mention, note: str = "Pour vous", to: Role = Role.DEPARTMENT_CONTACT
) -> Handing:
    """As mentions were handed over before they were conversations: those that are open stand on somebody's work still."""
    person = world.people[to]
    with durable(world.brand):
        Mention.objects.filter(pk=mention.pk).update(state="done", outcome="handed")
        by = {"from_person": world.cm.somebody, "from_name": world.cm.name}
        return Handing.objects.create(mention=mention, to_person=person.pk, to_side="brand", note=note, **by)


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    """Everything at level 2."""
    return make_world(brand_a, person_factory)


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    """A second brand with an agency of its own."""
    return make_world(brand_b, person_factory)
