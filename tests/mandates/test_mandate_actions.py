"""The life of a mandate as people drive it: every step allowed and refused from the same set-up."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint, MandateState
from clients.mandates.actions import (
    activate_mandate,
    end_mandate,
    offer_mandate,
    resign_mandate,
    resume_mandate,
    suspend_mandate,
)
from clients.mandates.models import Mandate
from clients.mandates.queries import bond_with, live_mandates, mandate_in_force
from clients.mandates.rules import MANDATE_LIFE, MandateStep
from clients.people.actor import Actor, process_of
from clients.people.rules import MAY
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.mandates.house import STARTS, House

ACTIONS: dict[MandateStep, Callable[..., Mandate]] = {
    MandateStep.ACTIVATE: activate_mandate,
    MandateStep.SUSPEND: suspend_mandate,
    MandateStep.RESUME: resume_mandate,
    MandateStep.END: end_mandate,
    MandateStep.RESIGN: resign_mandate,
}


def mandate_in(state: MandateState, house: House) -> Mandate:
    mandate = house.offered() if state is MandateState.OFFERED else house.active()
    if state is MandateState.SUSPENDED:
        suspend_mandate(actor=house.owner, mandate_id=mandate.pk)
    if state is MandateState.ENDED:
        end_mandate(actor=house.owner, mandate_id=mandate.pk)
    return mandate


def somebody_who_may(step: MandateStep, house: House) -> Actor:
    return house.actor(min(MAY[MANDATE_LIFE[step].verb]))


@pytest.mark.parametrize("step", MandateStep)
@pytest.mark.parametrize("state", [s for s in MandateState if s is not MandateState.NONE])
def test_a_step_is_taken_where_the_table_knows_it_and_nowhere_else(
    house: House, step: MandateStep, state: MandateState
) -> None:
    mandate = mandate_in(state, house)
    actor = somebody_who_may(step, house)
    if state in MANDATE_LIFE[step].sources:
        assert ACTIONS[step](actor=actor, mandate_id=mandate.pk).state == MANDATE_LIFE[step].target
        return
    with pytest.raises(Conflict, match="not_in_this_state"):
        ACTIONS[step](actor=actor, mandate_id=mandate.pk)
    with brand_scope(house.brand):
        assert Mandate.objects.get(pk=mandate.pk).state == state


@pytest.mark.parametrize("step", MandateStep)
def test_only_the_roles_of_the_table_may_and_everybody_else_is_refused(house: House, step: MandateStep) -> None:
    for role in Role:
        mandate = mandate_in(min(MANDATE_LIFE[step].sources), house)
        if role in MAY[MANDATE_LIFE[step].verb]:
            ACTIONS[step](actor=house.actor(role), mandate_id=mandate.pk)
        else:
            with pytest.raises(Refused, match="not_allowed"):
                ACTIONS[step](actor=house.actor(role), mandate_id=mandate.pk)
        with brand_scope(house.brand):
            mandate.refresh_from_db()
            assert (mandate.state == MANDATE_LIFE[step].target) is (role in MAY[MANDATE_LIFE[step].verb])
            Mandate.objects.filter(pk=mandate.pk).update(state=MandateState.ENDED)


@pytest.mark.parametrize("step", [step for step, move in MANDATE_LIFE.items() if move.step_up])
def test_giving_and_ending_need_a_step_up(house: House, step: MandateStep) -> None:
    mandate = mandate_in(min(MANDATE_LIFE[step].sources), house)
    with pytest.raises(Refused, match="step_up_required"):
        ACTIONS[step](actor=house.actor(Role.BRAND_OWNER, stepped_up=False), mandate_id=mandate.pk)
    ACTIONS[step](actor=house.owner, mandate_id=mandate.pk)


def test_suspending_needs_none(house: House) -> None:
    mandate = house.active()
    suspend_mandate(actor=house.actor(Role.BRAND_MANAGER, stepped_up=False), mandate_id=mandate.pk)
    with brand_scope(house.brand):
        assert bond_with(house.agency.pk).state is MandateState.SUSPENDED


@pytest.mark.parametrize("step", MandateStep)
def test_a_process_takes_no_side_s_step(house: House, step: MandateStep) -> None:
    mandate = mandate_in(min(MANDATE_LIFE[step].sources), house)
    with pytest.raises(Refused, match="not_allowed"):
        ACTIONS[step](actor=process_of(house.brand, EntryPoint.COMMAND, "command"), mandate_id=mandate.pk)


def test_only_the_owner_offers(house: House) -> None:
    for role in set(Role) - {Role.BRAND_OWNER}:
        with pytest.raises(Refused, match="not_allowed"):
            offer_mandate(actor=house.actor(role), agency_id=house.agency.pk, starts_on=STARTS)
    assert house.offered().state == MandateState.OFFERED


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"ends_on": date(2025, 12, 31)}, "end_before_start", "ends_on"),
        ({"notice_days": -1}, "notice_out_of_range", "notice_days"),
        ({"notice_days": 1000}, "notice_out_of_range", "notice_days"),
    ],
)
def test_an_offer_that_cannot_be_names_the_field(house: House, wrong: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(Invalid, match=code) as error:
        offer_mandate(actor=house.owner, agency_id=house.agency.pk, starts_on=STARTS, **wrong)  # type: ignore[arg-type]
    assert error.value.field == field
    with brand_scope(house.brand):
        assert not Mandate.objects.exists()


def test_an_unknown_agency_is_missing(house: House) -> None:
    with pytest.raises(Missing, match="agency"):
        offer_mandate(actor=house.owner, agency_id=uuid4(), starts_on=STARTS)


def test_one_live_mandate_per_agency(house: House) -> None:
    mandate = house.offered()
    with pytest.raises(Conflict, match="mandate_live"):
        house.offered()
    end_mandate(actor=house.owner, mandate_id=mandate.pk)
    house.offered()
    with brand_scope(house.brand):
        assert live_mandates().count() == 1


def test_a_mandate_of_another_brand_is_missing(house: House, other_house: House) -> None:
    foreign = other_house.active()
    for step, act in ACTIONS.items():
        with pytest.raises(Missing, match="mandate"):
            act(actor=somebody_who_may(step, house), mandate_id=foreign.pk)
    with brand_scope(house.brand):
        assert mandate_in_force() is None


def test_another_agency_of_the_brand_sees_nothing_of_it(house: House, other_house: House) -> None:
    mandate = offer_mandate(actor=house.owner, agency_id=other_house.agency.pk, starts_on=STARTS)
    with pytest.raises(Missing, match="mandate"):
        resign_mandate(actor=house.actor(Role.AGENCY_OWNER), mandate_id=mandate.pk)


def test_each_step_leaves_one_line_in_the_log(house: House) -> None:
    mandate = house.active()
    suspend_mandate(actor=house.actor(Role.BRAND_MANAGER), mandate_id=mandate.pk)
    with brand_scope(house.brand):
        verbs = list(Entry.objects.filter(subject_id=mandate.pk).order_by("at").values_list("verb", "facts__after"))
    assert verbs == [("mandate.offered", None), ("mandate.activated", "active"), ("mandate.suspended", "suspended")]


def test_the_dates_agreed_bite_by_themselves(house: House) -> None:
    start, end = date(2026, 3, 1), date(2026, 6, 30)
    mandate = offer_mandate(actor=house.owner, agency_id=house.agency.pk, starts_on=start, ends_on=end)
    activate_mandate(actor=house.owner, mandate_id=mandate.pk)
    with brand_scope(house.brand):
        days = (date(2026, 2, 28), start, end, date(2026, 7, 1))
        found = [bond_with(house.agency.pk, day).state for day in days]
        mandate.refresh_from_db()
        assert [mandate.amounts_to(day) for day in days] == found
    assert found == [MandateState.OFFERED, MandateState.ACTIVE, MandateState.ACTIVE, MandateState.ENDED]


def test_with_the_mandate_end_the_places_of_the_agencys_people(house: House) -> None:
    from tenants.models import Membership

    mandate = house.active()
    live = Membership.objects.filter(brand_id=house.brand.id, agency=house.agency, ended_at=None)
    assert live.count() == 4
    end_mandate(actor=house.owner, mandate_id=mandate.pk)
    assert live.count() == 0
