"""A world that rolls back, and a second brand beside it whose words must stay."""

from collections.abc import Callable
from typing import Any

import pytest

from tenants.models import Person
from tenants.walls.scope import BrandRef
from tests.world import World, make_world


@pytest.fixture(autouse=True)
def media_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_a, person_factory)


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    return make_world(brand_b, person_factory)
