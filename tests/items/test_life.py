"""The life table: total, without dead ends that are not ends, and with one way out only."""

import pytest

from clients.items.life import ASKABLE, LIFE, MOVE_OF_AGENCY, MOVE_OF_BRAND, Event, ItemState, after

ENDS = {ItemState.SENT, ItemState.WITHDRAWN}
GONE = {ItemState.SENDING, ItemState.UNCERTAIN, ItemState.SENT}


def reachable(start: ItemState, *, without: frozenset[ItemState] = frozenset()) -> set[ItemState]:
    seen, edge = {start}, [start]
    while edge:
        following = {to for to in LIFE[edge.pop()].values() if to not in seen | without}
        seen |= following
        edge += following
    return seen


def test_every_state_has_a_row_and_is_reached_from_a_draft() -> None:
    assert set(LIFE) == set(ItemState)
    assert reachable(ItemState.DRAFT) == set(ItemState)


def test_every_event_is_used() -> None:
    assert {event for row in LIFE.values() for event in row} == set(Event)


def test_only_what_is_sent_or_withdrawn_is_at_its_end() -> None:
    assert {state for state, row in LIFE.items() if not row} == ENDS
    assert all(reachable(state) & ENDS for state in ItemState)


def test_there_is_no_way_out_but_cleared_and_then_sending() -> None:
    before = set(ItemState) - GONE - {ItemState.FAILED}
    for state in before:
        assert not reachable(state, without=frozenset({ItemState.SENDING})) & {ItemState.SENT, ItemState.UNCERTAIN}
    assert [s for s, row in LIFE.items() if ItemState.SENDING in row.values()] == [ItemState.CLEARED]
    assert ItemState.SENT not in reachable(ItemState.DRAFT, without=frozenset({ItemState.CLEARED}))


@pytest.mark.parametrize("state", sorted(GONE))
def test_nobody_edits_withdraws_or_vetoes_what_is_leaving_or_has_left(state: ItemState) -> None:
    for event in (Event.EDIT, Event.WITHDRAW, Event.VETO, Event.ASK_CHANGE, Event.SUBMIT):
        assert after(state, event) is None


def test_a_no_and_a_lapse_are_never_undone_without_another_submission() -> None:
    for state in (ItemState.REFUSED, ItemState.VETOED, ItemState.EXPIRED):
        assert set(LIFE[state].values()) == {ItemState.DRAFT, ItemState.WITHDRAWN}
    assert set(LIFE[ItemState.DRAFT].values()) == {ItemState.DRAFT, ItemState.SUBMITTED, ItemState.WITHDRAWN}


def test_a_held_item_is_asked_again_and_never_cleared_by_itself() -> None:
    assert ItemState.CLEARED not in LIFE[ItemState.HELD].values()
    assert after(ItemState.HELD, Event.RESUME) is ItemState.SUBMITTED


def test_the_move_is_one_sides_or_nobodys() -> None:
    assert not MOVE_OF_BRAND & MOVE_OF_AGENCY
    assert ItemState.HELD in MOVE_OF_BRAND
    assert not ASKABLE & (GONE | ENDS)
