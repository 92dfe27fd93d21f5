"""Proposing, signing, declining and lowering: who may, what is refused, and what is then in force."""

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from clients.audit.models import Entry
from clients.autonomy.levels import Level
from clients.autonomy.vocabulary import ActionKind, EntryPoint, Sensitivity
from clients.mandates.actions import (
    close_cell,
    decline_charter,
    end_mandate,
    lower_grant,
    propose_charter,
    resign_mandate,
    sign_charter,
    suspend_mandate,
    withdraw_charter,
)
from clients.mandates.models import CharterSignature, CharterVersion, GrantRow
from clients.mandates.queries import charter_in_force, history, proposals
from clients.mandates.rules import CharterState, SignatureKind
from clients.people.access import actor_for
from clients.people.actor import process_of
from clients.people.rules import MAY, Verb
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.models import AgencyMember
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.mandates.house import WIDE, House

NARROW = {"channel": "", "kind": "publish", "sensitivity": "routine", "level": 4, "daily_cap": 3}


def level_in_force(house: House, kind: ActionKind = ActionKind.PUBLISH) -> int | None:
    with brand_scope(house.brand):
        charter = charter_in_force()
    if charter is None:
        return None
    return min((g.level for g in next(iter(charter.tiers("any", kind, Sensitivity.ROUTINE)), ())), default=Level.CLOSED)


def state_of(house: House, version: CharterVersion) -> str:
    with brand_scope(house.brand):
        return CharterVersion.objects.get(pk=version.pk).state


# --- Proposing -----------------------------------------------------------------------------------------------------------


def test_either_side_s_heads_propose_and_nobody_else(house: House) -> None:
    mandate = house.active()
    for role in Role:
        if role in MAY[Verb.CHARTER_PROPOSE]:
            assert house.proposed(mandate, by=role).state == CharterState.PROPOSED
        else:
            with pytest.raises(Refused, match="not_allowed"):
                house.proposed(mandate, by=role)
    with brand_scope(house.brand):
        assert [v.number for v in proposals(mandate)] == [4, 3, 2, 1]
        assert charter_in_force() is None


def test_a_draft_that_is_wrong_names_the_field_and_writes_nothing(house: House) -> None:
    mandate = house.active()
    with pytest.raises(Invalid, match="unknown_level") as error:
        house.proposed(mandate, WIDE, NARROW | {"level": 8, "channel": "nowhere"})
    assert error.value.field == "grants.1.level"
    assert [e.code for e in error.value.facts["errors"]] == ["unknown_level", "unknown_channel"]
    with brand_scope(house.brand):
        assert not CharterVersion.objects.exists()


def test_channels_are_the_brand_s_own(house: House, other_house: House) -> None:
    mandate = house.active()
    house.proposed(mandate, NARROW | {"channel": house.channel()})
    with pytest.raises(Invalid, match="unknown_channel"):
        house.proposed(mandate, NARROW | {"channel": other_house.channel()})


def test_a_proposal_on_a_version_no_longer_in_force_names_the_newer_one(house: House) -> None:
    mandate, first = house.signed()
    with pytest.raises(Conflict, match="stale_charter") as error:
        propose_charter(actor=house.owner, mandate_id=mandate.pk, base=0, grants=[WIDE])
    assert (error.value.field, error.value.facts["newer"]) == ("base", first.number)


def test_nothing_is_proposed_under_a_mandate_that_has_ended(house: House) -> None:
    mandate = house.active()
    end_mandate(actor=house.owner, mandate_id=mandate.pk)
    with pytest.raises(Conflict, match="not_in_this_state"):
        house.proposed(mandate)


# --- Signing -------------------------------------------------------------------------------------------------------------


def test_the_owner_signs_and_it_is_in_force(house: House) -> None:
    _, version = house.signed()
    assert level_in_force(house) == Level.REPORT
    with brand_scope(house.brand):
        signature = CharterSignature.objects.get(charter=version)
        assert (signature.kind, signature.side, signature.role) == (SignatureKind.SIGNED, Side.BRAND, Role.BRAND_OWNER)
        assert signature.step_up_at is not None
        assert Entry.objects.filter(verb="charter.signed", subject_id=version.pk).count() == 1


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.BRAND_OWNER}))
def test_nobody_else_signs(house: House, role: Role) -> None:
    version = house.proposed(house.active())
    with pytest.raises(Refused, match="not_allowed"):
        sign_charter(actor=house.actor(role), charter_id=version.pk, digest=version.digest)
    assert level_in_force(house) is None
    assert house.sign(version).state == CharterState.IN_FORCE


def test_signing_needs_a_step_up(house: House) -> None:
    version = house.proposed(house.active())
    with pytest.raises(Refused, match="step_up_required"):
        sign_charter(
            actor=house.actor(Role.BRAND_OWNER, stepped_up=False), charter_id=version.pk, digest=version.digest
        )
    assert state_of(house, version) == CharterState.PROPOSED


@pytest.mark.parametrize("via", EntryPoint)
def test_no_process_signs_on_any_path(house: House, via: EntryPoint) -> None:
    version = house.proposed(house.active())
    with pytest.raises(Refused, match="not_allowed"):
        sign_charter(actor=process_of(house.brand, via, "worker"), charter_id=version.pk, digest=version.digest)


def test_an_operator_of_the_installation_is_nobody_in_a_brand(house: House, person_factory: Any) -> None:
    operator = person_factory(name="Root", is_operator=True)
    with pytest.raises(Missing, match="brand"):
        actor_for(operator, house.brand, EntryPoint.PAGE, stepped_up_at=timezone.now())


def test_who_works_at_the_agency_does_not_sign_for_the_brand(house: House) -> None:
    version = house.proposed(house.active())
    place = AgencyMember.objects.create(
        agency=house.agency, person=house.people[Role.BRAND_OWNER], role=Role.AGENCY_MANAGER
    )
    with pytest.raises(Refused, match="both_sides"):
        house.sign(version)
    place.delete()
    house.sign(version)


def test_what_is_signed_is_what_was_shown(house: House) -> None:
    mandate = house.active()
    version, other = house.proposed(mandate), house.proposed(mandate, NARROW)
    with pytest.raises(Refused, match="charter_altered"):
        sign_charter(actor=house.owner, charter_id=version.pk, digest=other.digest)
    with brand_scope(house.brand):
        GrantRow.objects.create(charter=version, sensitivity="crisis", level=6)
    with pytest.raises(Refused, match="charter_altered"):
        house.sign(version)


def test_signing_twice_or_another_on_the_same_base_conflicts(house: House) -> None:
    mandate = house.active()
    first, second = house.proposed(mandate), house.proposed(mandate, NARROW)
    house.sign(first)
    with pytest.raises(Conflict, match="already_decided"):
        house.sign(first)
    with pytest.raises(Conflict, match="stale_charter") as error:
        house.sign(second)
    assert error.value.facts["newer"] == first.number
    with brand_scope(house.brand):
        assert CharterSignature.objects.count() == 1


def test_a_newer_signature_supersedes_and_history_stays(house: House) -> None:
    mandate, first = house.signed()
    second = house.sign(house.proposed(mandate, NARROW))
    assert (state_of(house, first), level_in_force(house)) == (CharterState.SUPERSEDED, Level.VETO)
    with brand_scope(house.brand):
        assert [(v.number, v.state) for v in history(mandate)] == [(2, "in_force"), (1, "superseded")]
        assert second.base_id == first.pk


def test_nothing_is_signed_once_the_agency_has_resigned(house: House) -> None:
    mandate = house.active()
    version = house.proposed(mandate)
    resign_mandate(actor=house.actor(Role.AGENCY_OWNER), mandate_id=mandate.pk)
    with pytest.raises(Conflict, match="not_in_this_state"):
        house.sign(version)


def test_another_brand_s_owner_finds_nothing_to_sign(house: House, other_house: House) -> None:
    version = house.proposed(house.active())
    with pytest.raises(Missing, match="charter"):
        sign_charter(actor=other_house.owner, charter_id=version.pk, digest=version.digest)


# --- Declining, withdrawing ----------------------------------------------------------------------------------------------


def test_the_brand_declines_and_the_agency_does_not(house: House) -> None:
    version = house.proposed(house.active())
    with pytest.raises(Refused, match="not_allowed"):
        decline_charter(actor=house.actor(Role.AGENCY_OWNER), charter_id=version.pk)
    assert decline_charter(actor=house.actor(Role.BRAND_MANAGER), charter_id=version.pk).state == CharterState.DECLINED
    with pytest.raises(Conflict, match="already_decided"):
        house.sign(version)


def test_who_proposed_withdraws_and_the_other_side_does_not(house: House) -> None:
    version = house.proposed(house.active(), by=Role.AGENCY_MANAGER)
    with pytest.raises(Refused, match="wrong_side"):
        withdraw_charter(actor=house.owner, charter_id=version.pk)
    assert withdraw_charter(actor=house.actor(Role.AGENCY_OWNER), charter_id=version.pk).state == CharterState.WITHDRAWN


def test_what_is_in_force_is_neither_declined_nor_withdrawn(house: House) -> None:
    _, version = house.signed()
    for act, role in ((decline_charter, Role.BRAND_OWNER), (withdraw_charter, Role.AGENCY_OWNER)):
        with pytest.raises(Conflict, match="already_decided"):
            act(actor=house.actor(role), charter_id=version.pk)
    assert level_in_force(house) == Level.REPORT


# --- Lowering ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", Role)
def test_the_brand_s_managers_lower_at_once_and_nobody_else(house: House, role: Role) -> None:
    mandate, _ = house.signed()
    actor = house.actor(role, stepped_up=False)
    if role in MAY[Verb.CHARTER_LOWER]:
        lowered = lower_grant(actor=actor, mandate_id=mandate.pk, grant=WIDE | {"level": 3})
        assert (lowered.number, lowered.state, level_in_force(house)) == (2, CharterState.IN_FORCE, Level.STANDING)
        return
    with pytest.raises(Refused, match="not_allowed"):
        lower_grant(actor=actor, mandate_id=mandate.pk, grant=WIDE | {"level": 3})
    assert level_in_force(house) == Level.REPORT


@pytest.mark.parametrize(
    "raised",
    [
        WIDE | {"level": 6},
        NARROW | {"level": 6, "daily_cap": None},
        WIDE | {"sensitivity": "crisis", "level": 1},
    ],
)
def test_lowering_never_raises_not_even_the_owner(house: House, raised: dict[str, Any]) -> None:
    mandate, version = house.signed()
    with pytest.raises(Conflict, match="raises_level") as error:
        lower_grant(actor=house.owner, mandate_id=mandate.pk, grant=raised)
    assert error.value.facts["sensitivity"] == raised["sensitivity"]
    assert state_of(house, version) == CharterState.IN_FORCE


def test_a_limit_is_a_lowering_and_lifting_it_is_not(house: House) -> None:
    mandate, _ = house.signed()
    for limit in ({"daily_cap": 5}, {"daily_cap": 4}, {"daily_cap": 4, "until": "2027-01-01"}):
        lower_grant(actor=house.actor(Role.BRAND_MANAGER), mandate_id=mandate.pk, grant=WIDE | limit)
    for limit in ({}, {"daily_cap": 4}, {"daily_cap": 5, "until": "2027-01-01"}):
        with pytest.raises(Conflict, match="raises_level"):
            lower_grant(actor=house.actor(Role.BRAND_MANAGER), mandate_id=mandate.pk, grant=WIDE | limit)


def test_lowering_to_the_same_changes_nothing(house: House) -> None:
    mandate, _ = house.signed()
    with pytest.raises(Invalid, match="nothing_changes"):
        lower_grant(actor=house.owner, mandate_id=mandate.pk, grant=WIDE)


def test_closing_a_column_closes_nearer_grants_too(house: House) -> None:
    channel = house.channel()
    mandate, _ = house.signed(WIDE, NARROW | {"channel": channel}, NARROW | {"kind": "answer", "channel": channel})
    close_cell(
        actor=house.actor(Role.BRAND_MANAGER), mandate_id=mandate.pk, channel="", kind="publish", sensitivity="routine"
    )
    with brand_scope(house.brand):
        charter = charter_in_force()
        assert charter is not None
        held = {
            str(k): min(g.level for g in next(iter(charter.tiers(channel, k, Sensitivity.ROUTINE)))) for k in ActionKind
        }
    assert held["publish"] == Level.CLOSED
    assert held["answer"] == Level.VETO
    assert held["react"] == Level.REPORT


def test_a_lowered_charter_makes_open_proposals_stale(house: House) -> None:
    mandate, _ = house.signed()
    waiting = house.proposed(mandate, WIDE | {"level": 6})
    lower_grant(actor=house.actor(Role.BRAND_MANAGER), mandate_id=mandate.pk, grant=WIDE | {"level": 2})
    with pytest.raises(Conflict, match="stale_charter"):
        house.sign(waiting)
    assert level_in_force(house) == Level.APPROVE


def test_there_is_nothing_to_lower_before_a_charter_or_after_the_end(house: House) -> None:
    mandate = house.active()
    with pytest.raises(Missing, match="charter"):
        lower_grant(actor=house.owner, mandate_id=mandate.pk, grant=WIDE)
    house.sign(house.proposed(mandate))
    suspend_mandate(actor=house.owner, mandate_id=mandate.pk)
    lower_grant(actor=house.owner, mandate_id=mandate.pk, grant=WIDE | {"level": 1})
    end_mandate(actor=house.owner, mandate_id=mandate.pk)
    with pytest.raises(Conflict, match="not_in_this_state"):
        lower_grant(actor=house.owner, mandate_id=mandate.pk, grant=WIDE | {"level": 0})


def test_a_refused_action_leaves_no_line_and_an_allowed_one_exactly_one(house: House) -> None:
    mandate, _ = house.signed()
    with brand_scope(house.brand):
        before = Entry.objects.count()
    with pytest.raises(Conflict):
        lower_grant(actor=house.owner, mandate_id=mandate.pk, grant=WIDE | {"level": 6})
    lower_grant(actor=house.owner, mandate_id=mandate.pk, grant=WIDE | {"level": 4})
    with brand_scope(house.brand):
        assert Entry.objects.count() == before + 1


@pytest.mark.parametrize("table", ["mandates_grantrow", "mandates_chartersignature"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_grants_and_signatures_cannot_be_changed_by_anybody(house: House, table: str, statement: str) -> None:
    house.signed()
    with (
        pytest.raises(Exception, match=r"append|permission"),
        brand_scope(house.brand),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
