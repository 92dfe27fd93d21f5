"""A daily cap counts every act that its grant had a word in: also where an equally near grant decided."""

from typing import Any

import pytest

from clients.gate.models import Receipt
from clients.gate.queries import submissions_since
from clients.gate.replay import question_from, stored_decision
from clients.mandates.foresight import foresee
from clients.mandates.queries import charter_in_force
from tenants.walls.scope import brand_scope
from tests.world import World, at


def routine(**grant: Any) -> dict[str, Any]:
    return {"channel": "", "kind": "", "sensitivity": "routine"} | grant


@pytest.mark.parametrize("other", [{"level": 6}, {"level": 5}, {"level": 6, "daily_cap": 3}])
def test_of_two_equally_near_grants_both_count(world: World, other: dict[str, Any]) -> None:
    """The charter page shows the lower cap of the two; so that is what holds, whichever grant gives the level."""
    world.sign(
        routine(channel=str(world.wall.pk), **other),
        routine(kind="publish", level=6, daily_cap=1),
    )
    items = [world.submitted(f"Numéro {number}") for number in range(3)]
    world.run_outbox("gate.send")
    assert sorted(world.state_of(item) for item in items) == ["sent", "waiting", "waiting"]
    with brand_scope(world.brand):
        assert Receipt.objects.count() == 1
        charter = charter_in_force()
        assert charter is not None
        past = [
            (question_from(d.question), stored_decision(d)) for d in submissions_since(at("2020-01-01T00:00+00:00"))
        ]
        assert foresee(past, charter).would_send_less == 2


def test_a_grant_further_away_does_not_count_what_a_nearer_one_decides(world: World) -> None:
    world.sign(routine(level=6, daily_cap=1), routine(kind="publish", level=6))
    items = [world.submitted(f"Numéro {number}") for number in range(3)]
    world.run_outbox("gate.send")
    assert [world.state_of(item) for item in items] == ["sent"] * 3


def test_a_cap_outlives_a_new_version_and_the_brands_own_acts_do_not_count(world: World) -> None:
    world.charter(6, daily_cap=1)
    world.submitted("De la marque.", by=world.owner)
    world.run_outbox("gate.send")
    first = world.submitted("Le premier de l’agence.")
    world.run_outbox("gate.send")
    world.charter(5, daily_cap=1)
    second = world.submitted("Le deuxième.")
    world.run_outbox("gate.send")
    assert (world.state_of(first), world.state_of(second)) == ("sent", "waiting")
