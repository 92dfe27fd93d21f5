"""The gate's tests run with real commits: an act leaves on a connection of its own, which sees only what is committed."""

import pytest

from tenants.walls.scope import BrandRef
from tests.conftest import make_person
from tests.world import World, make_world


@pytest.fixture
def world(real_brands: tuple[BrandRef, BrandRef]) -> World:
    """A world in the first brand, everything at level 2."""
    return make_world(real_brands[0], make_person)
