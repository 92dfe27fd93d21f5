"""What holds: read in every transaction, verified against the signature, kept in the process, and never another brand's."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.autonomy.levels import Level
from clients.autonomy.vocabulary import MandateState
from clients.mandates import queries
from clients.mandates.actions import end_mandate, lower_grant, offer_mandate, suspend_mandate
from clients.mandates.models import CharterVersion
from clients.mandates.queries import bond_with, charter_in_force, charter_version, mandate_in_force
from tenants.errors import Invalid, Missing, Refused
from tenants.walls.scope import brand_scope
from tests.mandates.forgery import (
    FORGERIES,
    Forgery,
    a_version_with_a_made_up_signature,
    a_version_without_signature,
    outcome_of,
)
from tests.mandates.house import STARTS, WIDE, House


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    queries.forget()


def lowered(house: House) -> CharterVersion:
    mandate, _ = house.signed(WIDE)
    return lower_grant(actor=house.owner, mandate_id=mandate.pk, grant=WIDE | {"level": 2})


def test_the_charter_in_force_is_the_signed_one(house: House) -> None:
    channel = house.channel()
    full = {
        "channel": channel, "kind": "publish", "sensitivity": "sensitive", "level": 4, "daily_cap": 3,
        "hours": {"start": 540, "end": 1080, "weekdays": [0, 1]}, "until": "2027-06-30",
    }  # fmt: skip
    _, version = house.signed(WIDE, full)
    with brand_scope(house.brand):
        bond = bond_with(house.agency.pk)
        assert (bond.state, bond.charter_id) == (MandateState.ACTIVE, version.pk)
        assert (bond.charter.version, bond.charter.digest) == (1, version.digest)
        assert {g.level for g in bond.charter.grants} == {Level.REPORT, Level.VETO}
        (near,) = (g for g in bond.charter.grants if g.channel)
        assert (near.channel, near.daily_cap, near.until) == (channel, 3, date(2027, 6, 30))
        assert charter_in_force() == bond.charter == charter_version(version.pk)


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
@pytest.mark.parametrize("known", [False, True], ids=["fresh", "kept"])
def test_what_nobody_signed_has_no_force(house: House, forge: Forgery, known: bool) -> None:
    held = lowered(house)
    with brand_scope(house.brand):
        if known:
            bond_with(house.agency.pk)
        assert outcome_of(forge, held, house.agency.pk) in {"refused_by_database", "charter_altered", "without_effect"}


def test_it_is_the_seal_that_refuses_a_made_up_signature(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    held = lowered(house)
    with brand_scope(house.brand):
        monkeypatch.setattr(queries, "is_genuine", lambda _: True)
        assert outcome_of(a_version_with_a_made_up_signature, held, house.agency.pk) == "succeeded"


def test_forged_rows_do_not_stop_the_brand_from_suspending(house: House) -> None:
    held = lowered(house)
    with brand_scope(house.brand):
        a_version_without_signature(held)
    suspend_mandate(actor=house.owner, mandate_id=held.mandate_id)


def test_a_changed_key_needs_the_former_one(house: House, settings: Any) -> None:
    _, version = house.signed()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    with brand_scope(house.brand):
        assert charter_version(version.pk).digest == version.digest
        queries.forget()
        settings.SECRET_KEY_FALLBACKS = []
        with pytest.raises(Refused, match="charter_altered"):
            charter_version(version.pk)


def test_one_query_when_the_charter_is_known_and_three_when_not(house: House) -> None:
    house.signed()
    with brand_scope(house.brand):
        for expected in (3, 1, 1):
            with CaptureQueriesContext(connection) as found:
                bond_with(house.agency.pk)
            assert len(found) == expected, [q["sql"] for q in found]


def test_a_new_version_is_seen_at_once_however_well_the_old_one_is_known(house: House) -> None:
    mandate, first = house.signed()
    with brand_scope(house.brand):
        charter_in_force()
    lower_grant(actor=house.owner, mandate_id=mandate.pk, grant=WIDE | {"level": 0})
    with brand_scope(house.brand):
        assert [g.level for g in bond_with(house.agency.pk).charter.grants] == [Level.CLOSED]
        assert [g.level for g in charter_version(first.pk).grants] == [Level.REPORT]


def test_the_same_version_id_in_another_brand_is_missing(house: House, other_house: House) -> None:
    _, version = house.signed()
    other_house.signed()
    with brand_scope(house.brand):
        charter_version(version.pk)
    with brand_scope(other_house.brand), pytest.raises(Missing, match="charter"):
        charter_version(version.pk)
    with brand_scope(other_house.brand):
        assert bond_with(house.agency.pk) == queries.NO_BOND


def test_a_proposal_is_no_charter(house: House) -> None:
    version = house.proposed(house.active())
    with brand_scope(house.brand):
        with pytest.raises(Missing, match="charter"):
            charter_version(version.pk)
        assert charter_in_force() is None
        assert bond_with(house.agency.pk).charter.grants == ()


def test_without_a_live_mandate_nothing_binds(house: House) -> None:
    mandate, _ = house.signed()
    end_mandate(actor=house.owner, mandate_id=mandate.pk)
    with brand_scope(house.brand):
        assert bond_with(house.agency.pk) == queries.NO_BOND
        assert mandate_in_force() is None
        assert charter_in_force() is None


def test_with_two_agencies_one_must_say_which(house: House, other_house: House) -> None:
    house.signed()
    offer_mandate(actor=house.owner, agency_id=other_house.agency.pk, starts_on=STARTS)
    with brand_scope(house.brand):
        with pytest.raises(Invalid, match="agency_needed"):
            mandate_in_force()
        assert mandate_in_force(house.agency.pk) is not None
        assert bond_with(other_house.agency.pk).charter_id is None
