"""The life of a crisis, walked at random against a small oracle: what the brand declared, only the brand ends."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from clients.crisis.rules import LIFE, OPEN, CrisisState, Move, moved
from tenants.errors import Conflict, Refused
from tenants.vocabulary import Side

ACTORS = (Side.BRAND, Side.AGENCY, None)


def test_each_state_is_reached_and_those_that_are_over_are_left_by_no_move() -> None:
    assert {step.to for step in LIFE.values()} == set(CrisisState)
    assert set(LIFE) == set(Move)
    left = {state for step in LIFE.values() for state in step.goes_from if state}
    assert left == set(OPEN)


class Life(RuleBasedStateMachine):
    """Everybody tries everything at any time; what came of it is remembered with who did it."""

    def __init__(self) -> None:
        super().__init__()
        self.state: CrisisState | None = None
        self.path: list[tuple[Move, Side | None]] = []

    @rule(move=st.sampled_from(Move), side=st.sampled_from(ACTORS))
    def tries(self, move: Move, side: Side | None) -> None:
        before = self.state
        try:
            self.state = moved(move, self.state, side)
            self.path.append((move, side))
        except (Refused, Conflict):
            assert self.state is before
            return
        assert side is not Side.AGENCY or move is Move.PROPOSE
        assert move not in (Move.END, Move.DISMISS) or side is Side.BRAND
        assert before is None or before in OPEN

    @rule()
    def is_another(self) -> None:
        if self.state is not None and self.state not in OPEN:
            self.state, self.path = None, []

    @invariant()
    def what_is_in_force_was_put_there_by_no_agency(self) -> None:
        if self.state is CrisisState.IN_FORCE:
            assert [side for move, side in self.path if move is Move.DECLARE] in ([Side.BRAND], [None])

    @invariant()
    def what_is_over_was_ended_by_the_brand(self) -> None:
        if self.state in (CrisisState.ENDED, CrisisState.DISMISSED):
            assert self.path[-1][1] is Side.BRAND


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
