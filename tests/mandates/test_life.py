"""The two life tables, walked at random: no way round the brand, and no way back from an end."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from clients.autonomy.vocabulary import MandateState
from clients.mandates.rules import (
    CHARTER_LIFE,
    LIVE,
    MANDATE_LIFE,
    CharterState,
    CharterStep,
    MandateStep,
    after,
    charter_after,
    dates_fit,
    state_on,
)
from clients.people.rules import MAY, Verb
from tenants.vocabulary import ROLES_OF, Side

steps = st.lists(st.sampled_from(MandateStep), max_size=12)
charter_steps = st.lists(st.sampled_from(CharterStep), max_size=8)


def test_the_tables_are_total() -> None:
    assert set(MANDATE_LIFE) == set(MandateStep)
    assert set(CHARTER_LIFE) == set(CharterState)


def test_only_the_brand_gives_and_whoever_gives_steps_up() -> None:
    for move in MANDATE_LIFE.values():
        if move.target is MandateState.ACTIVE:
            assert MAY[move.verb] <= ROLES_OF[Side.BRAND]
            assert move.step_up
    assert MANDATE_LIFE[MandateStep.RESIGN].verb is Verb.MANDATE_RESIGN


@given(steps)
def test_no_walk_reaches_active_without_a_step_of_the_owner(walk: list[MandateStep]) -> None:
    state, given_by_owner = MandateState.OFFERED, False
    for step in walk:
        following = after(state, step)
        if following is None:
            continue
        given_by_owner = MANDATE_LIFE[step].verb is Verb.MANDATE_DECIDE
        state = following
        if state is MandateState.ACTIVE:
            assert given_by_owner


@given(steps)
def test_what_has_ended_stays_ended(walk: list[MandateStep]) -> None:
    assert all(after(MandateState.ENDED, step) is None for step in walk)


@given(charter_steps)
def test_a_version_comes_into_force_at_most_once_and_only_by_a_signature(walk: list[CharterStep]) -> None:
    state, times = CharterState.PROPOSED, 0
    for step in walk:
        following = charter_after(state, step)
        if following is None:
            continue
        if following is CharterState.IN_FORCE:
            assert step is CharterStep.SIGN
            times += 1
        state = following
    assert times <= 1


@given(st.sampled_from(MandateState), st.dates(), st.none() | st.dates(), st.dates())
def test_dates_never_make_a_mandate_active(state: MandateState, start: date, end: date | None, day: date) -> None:
    found = state_on(state, start, end, day)
    if found is MandateState.ACTIVE:
        assert state is MandateState.ACTIVE
        assert start <= day
        assert end is None or day <= end
    if state not in LIVE:
        assert found is state


def test_dates_fit() -> None:
    assert dates_fit(date(2026, 1, 1), None)
    assert dates_fit(date(2026, 1, 1), date(2026, 1, 1))
    assert not dates_fit(date(2026, 1, 2), date(2026, 1, 1))
