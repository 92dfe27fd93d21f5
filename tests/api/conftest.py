"""A brand with people and a channel, and programs with keys."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from tenants.walls.scope import BrandRef
from tests.api.calls import Api, api_of
from tests.conftest import make_person
from tests.world import World, make_world


@pytest.fixture
def world(real_brands: tuple[BrandRef, BrandRef]) -> Iterator[World]:
    yield make_world(real_brands[0], make_person)
    translation.deactivate()


@pytest.fixture
def other(real_brands: tuple[BrandRef, BrandRef], world: World) -> World:
    """A second brand, whose every word must stay out of the first one's answers."""
    there = make_world(real_brands[1], make_person)
    for n in range(2):
        there.submitted(f"SECRET of the other brand {n}", title=f"SECRET {n}")
    return there


@pytest.fixture
def api(world: World) -> Api:
    """A key with every scope and every field, that the brand's owner answers for."""
    return api_of(world)
