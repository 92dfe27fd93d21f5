"""Houses in the two brands of the test database."""

from collections.abc import Callable

import pytest

from tenants.models import Membership
from tenants.walls.scope import BrandRef
from tests.mandates.house import House, house_in


@pytest.fixture
def house(brand_a: BrandRef, member: Callable[..., Membership]) -> House:
    return house_in(brand_a, "atelier", member)


@pytest.fixture
def other_house(brand_b: BrandRef, member: Callable[..., Membership]) -> House:
    return house_in(brand_b, "officine", member)
