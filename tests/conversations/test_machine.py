"""What must be true of conversations whatever is done with them, in a few random courses."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conversations.machine import TalksMachine
from tests.world import World

FEW = settings(
    max_examples=4, stateful_step_count=18, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def test_every_turn_stands_once_and_notes_aside_stay_aside(world: World) -> None:
    machine = type("Machine", (TalksMachine,), {"world": world})
    run_state_machine_as_test(machine, settings=FEW)
    assert machine.parted >= FEW.max_examples and machine.merged >= FEW.max_examples
