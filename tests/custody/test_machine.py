"""The property of custody, in a few random courses; `make proof PART=custody` takes many."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.custody.machine import CustodyMachine
from tests.world import World

FEW = settings(
    max_examples=4, stateful_step_count=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def test_at_every_moment_exactly_one_side_holds_it(world: World) -> None:
    machine = type("Machine", (CustodyMachine,), {"world": world})
    run_state_machine_as_test(machine, settings=FEW)
    assert machine.steps > 30 and machine.refusals > 5
