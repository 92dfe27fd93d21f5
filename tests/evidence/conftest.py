"""A brand whose log has been sealed, with real transactions: the sealer reads what others committed."""

import pytest

from clients.audit.sealing import seal_batch
from tenants.walls.scope import BrandRef
from tests.conftest import make_person
from tests.world import World, make_world


@pytest.fixture
def world(real_brands: tuple[BrandRef, BrandRef]) -> World:
    world = make_world(real_brands[0], make_person)
    for n in range(6):
        world.submitted(f"Texte {n}", title=f"Titre {n}")
    seal_all(world.brand)
    return world


def seal_all(brand: BrandRef) -> int:
    """In small batches, so that there are several checkpoints."""
    sealed = 0
    while (batch := seal_batch(brand, 7)).lines:
        sealed += batch.lines
    return sealed
