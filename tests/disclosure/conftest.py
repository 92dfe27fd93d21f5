"""A world that rolls back, and a second brand beside it whose words could leak."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from clients.people.actor import Actor
from tenants.models import Person
from tenants.walls.scope import BrandRef
from tests.world import World, make_world


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    """Everything at level 2."""
    return make_world(brand_a, person_factory)


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    """A second brand with an agency of its own."""
    return make_world(brand_b, person_factory)


def sitting(actor: Actor, session: str = "s1") -> Actor:
    """The same person, in a session."""
    return replace(actor, session=session)
