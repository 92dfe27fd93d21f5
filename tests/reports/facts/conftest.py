"""A brand with a quarter of rows, read by people of both sides, and a second brand with other rows beside it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor
from reports.facts.periods import Period
from reports.facts.shapes import Facts
from reports.facts.sight import Sight
from reports.facts.whole import facts_of
from tenants.models import Person
from tenants.walls.scope import BrandRef, brand_scope
from tests.proof._quarter import Quarter
from tests.world import World, make_world

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)


def told(
    world: World,
    kind: str,
    period: Period,
    actor: Actor | None = None,
    ceiling: InfoClass = InfoClass.BRAND,
    chosen: tuple[str, ...] = (),
    *,
    now: datetime = NOW,
) -> Facts:
    """What `actor` (nobody: the house up to the ceiling) is told."""
    with brand_scope(world.brand):
        return facts_of(world.brand, Sight(ceiling, actor), kind, period, now=now, chosen=chosen)


def values(facts: Facts) -> dict[str, int | None]:
    return {figure.key: figure.value for _, figure in facts.figures()}


@pytest.fixture
def world(brand_a: BrandRef, brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    """With a neighbour whose rows could be counted among its own."""
    Quarter(brand_b, 2, 24).write()
    Quarter(brand_a, 1, 60).write()
    return make_world(brand_a, person_factory)
