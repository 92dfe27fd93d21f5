"""Pauses, lanes and events as they are written."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.webhooks.rules import (
    GIVES_UP,
    LANES,
    LONGEST_ASKED,
    PAUSES,
    QUIET_MOST,
    Told,
    event_of,
    has_failed_long,
    lane_of,
    next_try,
    not_before,
    quiet_until,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@given(st.integers(1, 9), st.floats(0, 1))
def test_a_pause_is_a_fifth_longer_or_shorter_at_most(attempts: int, chance: float) -> None:
    found = next_try(attempts, NOW, chance)
    assert found is not None
    assert 0.8 <= (found - NOW) / PAUSES[attempts - 1] <= 1.2


def test_all_tries_take_three_days() -> None:
    assert timedelta(days=3) <= sum(PAUSES, timedelta()) <= timedelta(days=4)
    assert next_try(len(PAUSES) + 1, NOW, 0.5) is None


@given(st.uuids())
def test_an_object_has_one_lane(object_id: object) -> None:
    assert lane_of(object_id) == lane_of(object_id) < LANES  # type: ignore[arg-type]


@pytest.mark.parametrize(("fails", "minutes"), [(4, None), (5, 0.5), (6, 1), (10, 15), (500, 15)])
def test_a_receiver_that_refuses_everything_is_left_in_peace(fails: int, minutes: float | None) -> None:
    found = quiet_until(fails, NOW)
    assert found == (None if minutes is None else NOW + timedelta(minutes=minutes))
    assert found is None or found - NOW <= QUIET_MOST


def test_a_receiver_that_asks_for_rest_has_it_within_bounds() -> None:
    soon, later, much_later = (NOW + timedelta(minutes=minutes) for minutes in (1, 30, 600))
    assert not_before(soon, None, NOW) == not_before(soon, NOW, NOW) == soon
    assert not_before(soon, later, NOW) == not_before(None, later, NOW) == later
    assert not_before(soon, much_later, NOW) == NOW + LONGEST_ASKED
    assert not_before(much_later, later, NOW) == much_later
    assert not_before(None, None, NOW) is None


def test_long_is_three_days() -> None:
    assert not has_failed_long(None, NOW)
    assert not has_failed_long(NOW - GIVES_UP + timedelta(seconds=1), NOW)
    assert has_failed_long(NOW - GIVES_UP, NOW)
    assert event_of("items", Told.GONE) == "items.gone"
    assert lane_of(None) == 0 != uuid4()
