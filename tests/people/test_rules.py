"""The table of who may do what: total, true to the sides, and nobody hands out more than they hold."""

from datetime import UTC, datetime, timedelta

import pytest

from clients.people.rules import MAY, MAY_END, MAY_GIVE, STEP_UP_LASTS, Verb, is_stepped_up, may, may_end, may_give
from tenants.vocabulary import ROLES_OF, Role, Side

BRAND, AGENCY = ROLES_OF[Side.BRAND], ROLES_OF[Side.AGENCY]
BRAND_ONLY = {
    Verb.ITEM_APPROVE,
    Verb.ITEM_PERFORM,
    Verb.STANDING_SIGN,
    Verb.POLICY_SET,
    Verb.BRAKE_STOP,
    Verb.BRAKE_RESUME,
    Verb.CHARTER_SIGN,
    Verb.CHARTER_LOWER,
    Verb.MANDATE_DECIDE,
    Verb.CHANNEL_CONNECT,
    Verb.CHANNEL_REVOKE,
    Verb.BRIEFING_WRITE,
    Verb.PEOPLE_INVITE_BRAND,
    Verb.PEOPLE_END_BRAND,
}
AGENCY_ONLY = {Verb.MANDATE_RESIGN, Verb.CHANNEL_CONNECT_INVITED, Verb.PEOPLE_INVITE_AGENCY}
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_table_is_total_over_verbs_and_roles() -> None:
    assert set(MAY) == set(Verb)
    assert all(MAY[verb] and MAY[verb] <= set(Role) for verb in Verb)
    assert {role for roles in MAY.values() for role in roles} == set(Role)


def test_every_role_belongs_to_exactly_one_side() -> None:
    assert set(Role) == BRAND | AGENCY
    assert not BRAND & AGENCY


@pytest.mark.parametrize("verb", sorted(BRAND_ONLY))
def test_a_brand_step_lists_brand_roles_only(verb: Verb) -> None:
    assert MAY[verb] <= BRAND


@pytest.mark.parametrize("verb", sorted(AGENCY_ONLY))
def test_an_agency_step_lists_agency_roles_only(verb: Verb) -> None:
    assert MAY[verb] <= AGENCY


@pytest.mark.parametrize("verb", list(Verb))
def test_no_role_may_nothing(verb: Verb) -> None:
    assert not may(None, verb)


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("role", list(Role))
def test_may_reads_the_table(role: Role, verb: Verb) -> None:
    assert may(role, verb) is (role in MAY[verb])


def test_an_unknown_verb_is_refused() -> None:
    assert not may(Role.BRAND_OWNER, "everything")  # type: ignore[arg-type]


def test_nobody_hands_out_a_role_that_may_more_than_their_own() -> None:
    """What the given role may do, the giver may do too: no ladder to climb by inviting oneself again."""
    for giver, given in MAY_GIVE.items():
        for role in given:
            gained = {verb for verb in Verb if role in MAY[verb] and giver not in MAY[verb]}
            assert not gained, (giver, role, gained)


def test_nobody_hands_out_a_role_of_the_other_side() -> None:
    assert all(given <= (BRAND if giver in BRAND else AGENCY) for giver, given in MAY_GIVE.items())


@pytest.mark.parametrize("role", list(Role))
def test_only_owners_make_owners(role: Role) -> None:
    assert may_give(role, Role.BRAND_OWNER) is (role is Role.BRAND_OWNER)
    assert may_give(role, Role.AGENCY_OWNER) is (role is Role.AGENCY_OWNER)


@pytest.mark.parametrize("ended", sorted(BRAND))
@pytest.mark.parametrize("role", sorted(AGENCY))
def test_the_agency_never_ends_a_brand_person(role: Role, ended: Role) -> None:
    assert not may_end(role, ended)


@pytest.mark.parametrize("ended", list(Role))
def test_the_brand_owner_may_end_anybody(ended: Role) -> None:
    assert may_end(Role.BRAND_OWNER, ended)


def test_whoever_may_end_a_role_holds_the_verb_for_its_side() -> None:
    for role, ends in MAY_END.items():
        assert not ends & BRAND or role in MAY[Verb.PEOPLE_END_BRAND]
        assert not ends & AGENCY or role in MAY[Verb.PEOPLE_END_AGENCY]


@pytest.mark.parametrize(
    ("age", "holds"),
    [
        (timedelta(0), True),
        (STEP_UP_LASTS, True),
        (STEP_UP_LASTS + timedelta(microseconds=1), False),
        (timedelta(seconds=-1), False),
    ],
)
def test_step_up_lasts_ten_minutes(age: timedelta, holds: bool) -> None:
    assert is_stepped_up(NOW - age, NOW) is holds
    assert not is_stepped_up(None, NOW)
