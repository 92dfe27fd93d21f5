"""A world that rolls back: nothing leaves in these tests, so nothing has to be committed."""

from collections.abc import Callable

import pytest

from tenants.models import Person
from tenants.walls.scope import BrandRef
from tests.world import World, make_world


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    """Everything at level 2."""
    return make_world(brand_a, person_factory)
