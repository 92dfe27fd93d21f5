"""Both clocks: the mistakes of other trackers by name, and random histories against somebody who walks."""

import random

import pytest

from tests.proof._clock_cases import CASES, Case
from tests.proof.clocks import differences, some_history


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_named_case(case: Case) -> None:
    assert case.said() == dict(case.right)


def test_random_histories_are_read_as_they_are_walked() -> None:
    chance = random.Random(6)
    for _ in range(60):
        history = some_history(chance)
        assert list(differences(history, history.read(), history.walk())) == []
