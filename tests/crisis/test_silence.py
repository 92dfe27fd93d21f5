"""That sources say nothing is known to whoever looks at the numbers, and told as blind, never as calm."""

import clients.sources.tasks  # noqa: F401 - it tells
from clients.crisis.actions import look_at_numbers
from clients.crisis.detecting import is_blind
from clients.crisis.models import HourSeen
from clients.crisis.silence import silence
from clients.sources.models import Source, SourceHealth
from clients.sources.rules import SourceState, Trouble
from tenants.walls.scope import brand_scope
from tests.crisis.workers import worker
from tests.world import World


def add(world: World, name: str, *, state: SourceState = SourceState.ON, kind: str = "feed", **health: object) -> None:
    with brand_scope(world.brand):
        source = Source.objects.create(
            kind=kind, name=name, state=state, every=30, added_by=world.owner.somebody, info_class="shared", owner_side="brand"
        )  # fmt: skip
        SourceHealth.objects.create(source=source, **health)


def test_who_says_nothing_is_counted_and_what_is_off_or_by_hand_is_not(world: World, other: World) -> None:
    add(world, "A")
    add(world, "B", trouble=Trouble.SILENT)
    add(world, "C", failures=1)
    add(world, "D")
    add(world, "E", state=SourceState.PAUSED, trouble=Trouble.SILENT)
    add(world, "F", kind="hand", trouble=Trouble.SILENT)
    add(other, "SECRET", failures=9)
    with brand_scope(world.brand):
        assert silence() == (4, 2)
    look_at_numbers(worker(world))
    with brand_scope(world.brand):
        seen = HourSeen.objects.get()
    assert (seen.sources, seen.silent, is_blind(seen.sources, seen.silent)) == (4, 2, True)
