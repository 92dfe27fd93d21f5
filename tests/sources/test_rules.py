"""The rules of a source: its life, its rhythm, and when it is in trouble."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.sources.rules import (
    KEPT_MOMENTS,
    STEPS,
    Signs,
    SourceState,
    Step,
    Trouble,
    after,
    believable,
    lost,
    next_look,
    rhythm,
    silent_from,
    trouble_of,
    with_moments,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def signs(*gaps: timedelta, until: datetime = NOW, **more: object) -> Signs:
    """Signs of life with these gaps between them, the last one at `until`."""
    moments = [until]
    for gap in reversed(gaps):
        moments.append(moments[-1] - gap)
    began = moments[-1] - DAY
    return Signs(began=began, moments=with_moments([], moments, until), **more)  # type: ignore[arg-type]


def test_the_life_of_a_source_is_total_and_ends() -> None:
    for state in SourceState:
        for step in Step:
            assert (after(state, step) is not None) == ((state, step) in STEPS)
    assert all(after(SourceState.REMOVED, step) is None for step in Step)
    assert all(after(state, Step.REMOVE) for state in SourceState if state is not SourceState.REMOVED)


@pytest.mark.parametrize("gap", [HOUR, 6 * HOUR, DAY, 7 * DAY])
def test_a_silence_is_told_within_the_own_period_of_a_source(gap: timedelta) -> None:
    regular = signs(*[gap] * 20)
    due = NOW + gap
    assert rhythm(regular.moments) == gap
    assert trouble_of(regular, due) is Trouble.NONE
    assert due < silent_from(regular) < due + gap
    assert trouble_of(regular, silent_from(regular)) is Trouble.SILENT


def test_a_weekend_is_no_silence_for_who_writes_on_working_days() -> None:
    week = [DAY, DAY, DAY, DAY, 3 * DAY]
    assert trouble_of(signs(*week * 4, until=NOW), NOW + 3 * DAY) is Trouble.NONE


def test_a_burst_does_not_teach_that_silence_lasts_minutes() -> None:
    known = signs(*[DAY] * 20).moments
    burst = with_moments(known, [NOW + timedelta(minutes=n) for n in range(200)], NOW + DAY)
    assert rhythm(burst) == DAY


def test_an_unknown_rhythm_is_no_reason_to_worry_before_three_weeks() -> None:
    young = Signs(began=NOW)
    assert trouble_of(young, NOW + 20 * DAY) is Trouble.NONE
    assert trouble_of(young, NOW + 21 * DAY) is Trouble.SILENT


def test_a_pause_is_no_silence() -> None:
    paused = signs(*[HOUR] * 20)
    resumed = Signs(began=NOW + 30 * DAY, moments=paused.moments)
    assert trouble_of(paused, NOW + 30 * DAY) is Trouble.SILENT
    assert trouble_of(resumed, NOW + 30 * DAY) is Trouble.NONE


@pytest.mark.parametrize(
    ("failures", "code", "found"),
    [
        (1, "timeout", Trouble.NONE),
        (2, "timeout", Trouble.NONE),
        (3, "timeout", Trouble.FAILING),
        (1, "credentials_refused", Trouble.FAILING),
        (0, "feed_broken", Trouble.NONE),
    ],
)
def test_failures(failures: int, code: str, found: Trouble) -> None:
    assert trouble_of(signs(*[DAY] * 9, failures=failures, code=code), NOW) is found


def test_who_cannot_be_reached_is_not_called_silent() -> None:
    failing = signs(*[HOUR] * 20, failures=3, code="timeout")
    assert trouble_of(failing, NOW + 9 * DAY) is Trouble.FAILING


def test_a_shape_is_lost_and_never_gained() -> None:
    assert lost({"entries", "date"}, {"entries"}) == {"date"}
    assert not lost({"entries"}, {"entries", "date"})
    changed = signs(*[DAY] * 9, shape=["date", "entries"], shape_now=["entries"])
    assert trouble_of(changed, NOW) is Trouble.SHAPE


def test_the_more_it_fails_the_rarer_it_is_asked_and_never_before_the_server_wants() -> None:
    def seconds(failures: int, retry_at: datetime | None = None) -> float:
        tried = signs(*[HOUR] * 9, failures=failures, code="timeout")
        at = next_look(tried, every=timedelta(minutes=15), retry_at=retry_at, more=False, now=NOW)
        return (at - NOW).total_seconds()

    assert [seconds(n) / 900 for n in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert seconds(60) == DAY.total_seconds()
    assert seconds(1, NOW + 2 * HOUR) == 7200


def test_the_next_look_is_not_later_than_the_moment_of_silence() -> None:
    slow = signs(*[HOUR] * 20)
    at = next_look(slow, every=DAY, retry_at=None, more=False, now=NOW)
    assert at == silent_from(slow)
    assert next_look(slow, every=DAY, retry_at=None, more=True, now=NOW) < NOW + timedelta(minutes=1)
    assert next_look(slow, every=DAY, retry_at=None, more=False, now=NOW + 5 * DAY) == NOW + 6 * DAY


@given(st.lists(st.integers(0, 10**7), max_size=200), st.lists(st.integers(0, 10**7), max_size=50))
def test_signs_of_life_stay_few_ordered_and_apart(first: list[int], second: list[int]) -> None:
    known: list[int] = []
    for batch in (first, second):
        known = with_moments(known, [NOW - timedelta(seconds=n) for n in batch], NOW)
    assert known == sorted(known) and len(known) <= KEPT_MOMENTS
    assert all(b - a >= 3600 for a, b in pairwise(known))


@pytest.mark.parametrize(
    ("moment", "kept"),
    [
        (NOW - DAY, True),
        (NOW + HOUR, True),
        (NOW + 2 * DAY, False),
        (datetime(2026, 11, 1), False),  # noqa: DTZ001 - without a zone it says nothing
        (datetime(1970, 1, 1, tzinfo=UTC), False),
        (None, False),
    ],
)
def test_dates_that_can_be_believed(moment: datetime | None, kept: bool) -> None:
    assert (believable(moment, NOW) is not None) is kept
