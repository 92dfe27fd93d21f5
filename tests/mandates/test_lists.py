"""The lists a screen shows: the same number of queries for one row as for three, and never another brand's rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.mandates.actions import end_mandate, lower_grant
from clients.mandates.models import CharterVersion
from clients.mandates.queries import charter_as_written, history, mandates_of_brand, proposals
from tenants.walls.scope import brand_scope
from tests.mandates.house import WIDE, House


@pytest.mark.parametrize("versions", [1, 3])
def test_history_with_its_signatures_is_one_query(house: House, other_house: House, versions: int) -> None:
    other_house.signed()
    mandate, _ = house.signed()
    for level in range(4, 5 - versions, -1):
        lower_grant(actor=house.owner, mandate_id=mandate.pk, grant=WIDE | {"level": level})
    with brand_scope(house.brand), CaptureQueriesContext(connection) as found:
        told = [(v.number, v.signature.kind, v.base.number if v.base else 0) for v in history(mandate)]
    assert len(found) == 1
    assert told == [(n, "lowered" if n > 1 else "signed", n - 1) for n in range(versions, 0, -1)]


@pytest.mark.parametrize("count", [1, 3])
def test_proposals_are_one_query(house: House, other_house: House, count: int) -> None:
    other_house.proposed(other_house.active())
    mandate = house.active()
    for _ in range(count):
        house.proposed(mandate)
    with brand_scope(house.brand), CaptureQueriesContext(connection) as found:
        assert [v.number for v in proposals(mandate)] == list(range(count, 0, -1))
    assert len(found) == 1


def test_a_brand_lists_its_own_mandates_ended_ones_too(house: House, other_house: House) -> None:
    other_house.active()
    end_mandate(actor=house.owner, mandate_id=house.active().pk)
    house.offered()
    with brand_scope(house.brand):
        assert [m.state for m in mandates_of_brand()] == ["offered", "ended"]


def test_a_proposal_can_be_read_as_it_is_written(house: House) -> None:
    version = house.proposed(house.active(), WIDE, {**WIDE, "kind": "answer", "level": 2})
    with brand_scope(house.brand):
        written = charter_as_written(CharterVersion.objects.get(pk=version.pk))
    assert (written.version, written.digest, len(written.grants)) == (1, version.digest, 2)
