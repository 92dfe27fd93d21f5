"""Both clocks: the mistakes of other trackers by name, and random histories against somebody who walks."""

import random

import pytest

from tests.proof._clock_cases import CASES, MINUTE, Case
from tests.proof.clocks import differences, some_history


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_named_case(case: Case) -> None:
    assert case.said() == dict(case.right)


def test_random_histories_are_read_as_they_are_walked() -> None:
    chance = random.Random(6)
    for _ in range(60):
        history = some_history(chance)
        assert list(differences(history, history.read(), history.walk())) == []


def test_the_next_look_is_a_warning_then_a_due_moment_then_none() -> None:
    reading = CASES[5].reading()
    assert reading.current is not None
    answer = reading.current.answer
    assert answer.warn_at is not None
    assert answer.due is not None
    assert reading.next_look(answer.warn_at) == answer.warn_at
    assert reading.next_look(answer.due) == answer.due
    assert reading.next_look(answer.due + MINUTE) is None
