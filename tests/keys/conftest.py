"""A world that rolls back: keys let nothing leave by themselves."""

from collections.abc import Callable

import pytest

from tenants.models import Person
from tenants.walls.scope import BrandRef
from tests.world import World, make_world


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_a, person_factory)


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    """The second brand, with people and keys of its own."""
    return make_world(brand_b, person_factory)
