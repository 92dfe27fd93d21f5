"""The numbers of an hour, judged: what is told, and what never is."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import exp, factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.crisis.detecting import RARE, Alert, Sight, is_blind, look
from clients.crisis.fatigue import RESTS, Told, joining, opening
from clients.crisis.rules import AlertKind
from clients.crisis.tails import at_least, from_which, share_at_least
from clients.crisis.usual import LEAST_HOURS, Count, Usual, learn, robust_mean, slot_of
from tests.crisis.streams import BEGIN, HOUR, PARIS, WEEK, stream

NOW = BEGIN + 6 * WEEK * HOUR + 11 * HOUR


@pytest.fixture(scope="module")
def plain() -> dict[datetime, Count]:
    return stream(random.Random(3), "medium", 7).counts


@pytest.fixture(scope="module")
def usual(plain: dict[datetime, Count]) -> Usual:
    return learn(plain, [h for h in plain if h < NOW], NOW, PARIS)


def told(counts: dict[datetime, Count], usual: Usual, **more: object) -> list[AlertKind]:
    given: dict[str, object] = {"blind": False, "signals": {}} | more
    return [one.kind for one in look(NOW, counts, set(counts), usual, **given).alerts]  # type: ignore[arg-type]


def test_poissons_tail_is_poissons() -> None:
    mean = 4.0
    assert at_least(7, mean, 1.0) == pytest.approx(1 - sum(exp(-mean) * mean**k / factorial(k) for k in range(7)))
    assert share_at_least(2, 3, 0.5) == pytest.approx(0.5)


@settings(deadline=None)
@given(st.floats(0.05, 3_000), st.floats(1, 40), st.sampled_from((1e-2, 1e-4)))
def test_the_bound_is_the_first_that_is_rare(mean: float, spread: float, chance: float) -> None:
    bound = from_which(mean, spread, chance)
    assert at_least(bound, mean, spread) <= chance * 1.0001
    assert at_least(bound - 1, mean, spread) > chance * 0.9999


def test_the_rhythm_is_learnt_on_the_brands_clocks(usual: Usual) -> None:
    monday_noon = datetime(2026, 10, 12, 10, tzinfo=UTC)
    sunday_night = datetime(2026, 10, 11, 1, tzinfo=UTC)
    assert slot_of(monday_noon, PARIS) == (0, 12)
    assert usual.mean(monday_noon) > 5 * usual.mean(sunday_night)


def test_one_wild_hour_is_no_measure() -> None:
    assert robust_mean([4, 5, 6, 5, 4, 900]) < 10


def test_a_usual_hour_is_calm(plain: dict[datetime, Count], usual: Usual) -> None:
    assert told(plain, usual) == []


def test_a_peak_a_bad_turn_and_a_signal_are_told(plain: dict[datetime, Count], usual: Usual) -> None:
    was = plain[NOW]
    assert told(plain | {NOW: replace(was, total=150)}, usual) == [AlertKind.VOLUME]
    bad = {NOW - n * HOUR: Count(20, 12) for n in range(3)}
    assert AlertKind.NEGATIVE in told(plain | bad, usual)
    assert told(plain, usual, signals={"rappel": 1, "autre": 0}) == [AlertKind.SIGNAL]


def test_many_hours_a_little_above_are_told_as_a_slow_burn(plain: dict[datetime, Count], usual: Usual) -> None:
    more = {NOW - n * HOUR: Count(round(usual.mean(NOW - n * HOUR) * 1.9) + 1) for n in range(48)}
    found = look(NOW, plain | more, set(plain), usual, blind=False, signals={}).alerts
    assert [one.kind for one in found] == [AlertKind.SLOW]
    assert 20 <= found[0].figures["hours"] <= 60


def test_silence_is_not_calm_and_no_zero(plain: dict[datetime, Count]) -> None:
    """Two days without sources must neither lower the baseline nor be called clear."""
    gap = {h for h in plain if NOW - timedelta(days=9) <= h < NOW - timedelta(days=4)}
    emptied = {hour: Count() if hour in gap else count for hour, count in plain.items()}
    awake = [h for h in plain if h < NOW and h not in gap]
    honest, fooled = learn(emptied, awake, NOW, PARIS), learn(emptied, [h for h in plain if h < NOW], NOW, PARIS)
    hours = [NOW - n * HOUR for n in range(WEEK)]
    assert sum(map(honest.mean, hours)) > 1.03 * sum(map(fooled.mean, hours))
    assert look(NOW, emptied, awake, honest, blind=True, signals={}).sight is Sight.BLIND
    assert look(NOW, emptied, awake, honest, blind=False, signals={}).sight is Sight.CLEAR


def test_what_is_there_is_told_though_others_are_silent(plain: dict[datetime, Count], usual: Usual) -> None:
    assert told(plain | {NOW: Count(150)}, usual, blind=True) == [AlertKind.VOLUME]


def test_without_a_baseline_no_volume_is_judged_and_it_says_so(plain: dict[datetime, Count]) -> None:
    few = [NOW - n * HOUR for n in range(30, 30 + LEAST_HOURS - 10)]
    young = learn(plain, few, NOW, PARIS)
    seen = look(NOW, plain | {NOW: Count(5_000)}, few, young, blind=False, signals={"rappel": 2})
    assert (seen.sight, [one.kind for one in seen.alerts]) == (Sight.LEARNING, [AlertKind.SIGNAL])


@pytest.mark.parametrize(
    ("sources", "silent", "blind"), [(0, 0, False), (4, 0, False), (5, 1, False), (4, 1, True), (1, 1, True)]
)
def test_how_many_silent_sources_make_it_blind(sources: int, silent: int, blind: bool) -> None:
    assert is_blind(sources, silent) is blind


def test_the_bound_is_above_what_is_usual_whatever_is_usual(usual: Usual) -> None:
    means = [usual.mean(NOW - n * HOUR) for n in range(WEEK)]
    assert all(at_least(from_which(m, usual.spread(m), RARE), m, usual.spread(m)) <= RARE for m in means)


def alert(weight: int, kind: AlertKind = AlertKind.VOLUME, key: str = "") -> Alert:
    return Alert(kind, NOW, key, {"seen": weight})


def test_only_what_is_new_or_twice_as_strong_joins() -> None:
    known = [Told("volume", "", 50), Told("volume", "", 30)]
    assert joining([alert(99)], known) == []
    assert joining([alert(100)], known) == [alert(100)]
    assert joining([alert(1, AlertKind.SIGNAL, "rappel")], known) == [alert(1, AlertKind.SIGNAL, "rappel")]


def test_what_was_dismissed_rests_for_a_day() -> None:
    over = [Told("volume", "", 50, NOW)]
    assert opening([alert(60)], over, NOW + RESTS - HOUR) == []
    assert opening([alert(60)], over, NOW + RESTS) == [alert(60)]
    assert opening([alert(100)], over, NOW + HOUR) == [alert(100)]
