"""Whom an agency may have in a brand: while its mandate is offered or active, and nobody new while it is suspended."""

import pytest

from clients.mandates.actions import end_mandate, offer_mandate, suspend_mandate
from portal.bonds import holds_mandate
from tenants.ids import uuid7
from tenants.walls.scope import brand_scope
from tests.world import World


def holds(world: World) -> bool:
    with brand_scope(world.brand):
        return holds_mandate(world.agency.pk)


@pytest.mark.parametrize(
    ("state", "may"), [("offered", True), ("active", True), ("suspended", False), ("ended", False)]
)
def test_people_come_in_under_an_offered_or_active_mandate(world: World, state: str, may: bool) -> None:
    owner = world.owner
    if state == "offered":
        end_mandate(actor=owner, mandate_id=world.mandate.pk)
        offer_mandate(actor=owner, agency_id=world.agency.pk, starts_on=world.mandate.starts_on)
    if state == "suspended":
        suspend_mandate(actor=owner, mandate_id=world.mandate.pk)
    if state == "ended":
        end_mandate(actor=owner, mandate_id=world.mandate.pk)
    assert holds(world) is may


def test_no_mandate_no_people(world: World) -> None:
    with brand_scope(world.brand):
        assert not holds_mandate(uuid7())
