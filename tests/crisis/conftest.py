"""A world that rolls back, and a second brand beside it whose words must stay."""

from collections.abc import Callable

import pytest

import clients.crisis.tasks  # noqa: F401 - its handlers
from tenants.models import Person
from tenants.walls.scope import BrandRef
from tests.world import World, make_world


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_a, person_factory)


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_b, person_factory)
