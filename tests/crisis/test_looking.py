"""What the numbers bring about: a proposal, its reasons, silence about what is known, and what the brand's rule adds."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from clients.crisis.actions import dismiss_crisis, look_at_numbers, set_crisis_rule
from clients.crisis.models import Crisis, CrisisAlert, CrisisChange, HourCount, HourSeen
from clients.crisis.queries import crisis_in_force
from clients.crisis.rules import AlertKind, CrisisState
from clients.crisis.steps import count, look_soon
from clients.crisis.steps.counting import LOOK
from clients.outbox.models import OutboxRow
from tenants.errors import Refused
from tenants.walls.scope import brand_scope
from tests.crisis.streams import BEGIN, HOUR, WEEK, stream
from tests.crisis.workers import worker
from tests.world import World

NOW = BEGIN + 5 * WEEK * HOUR + timedelta(hours=10, minutes=20)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def history(world: World) -> None:
    """Five usual weeks of a middling brand, each hour looked at."""
    made = stream(random.Random(5), "medium", 5)
    with brand_scope(world.brand):
        HourCount.objects.bulk_create(
            HourCount(hour=hour, total=c.total, negative=c.negative) for hour, c in made.counts.items()
        )
        HourSeen.objects.bulk_create(HourSeen(hour=hour, sources=3) for hour in made.counts)


def found(world: World, total: int, negative: int = 0, *signals: str, at: datetime | None = None) -> None:
    with brand_scope(world.brand):
        count(at or NOW, [], total, negative, signals)


def alerts(world: World) -> list[str]:
    with brand_scope(world.brand):
        return [str(kind) for kind in CrisisAlert.objects.values_list("kind", flat=True)]


def test_a_usual_hour_brings_nothing_and_dates_the_next_look(world: World, history: None) -> None:
    found(world, 8, 1)
    assert look_at_numbers(worker(world)) is None
    with brand_scope(world.brand):
        row = OutboxRow.objects.get(kind=LOOK, done_at=None)
        assert row.due_at == NOW.replace(minute=1) + HOUR
        assert HourSeen.objects.filter(hour=NOW.replace(minute=0)).exists()
    assert world.run_outbox(LOOK) == 0


def test_a_peak_proposes_with_its_numbers(world: World, other: World, history: None) -> None:
    found(world, 120, 10)
    crisis = look_at_numbers(worker(world))
    assert crisis is not None and (crisis.state, crisis.proposed_by) == (CrisisState.PROPOSED, None)
    with brand_scope(world.brand):
        told = CrisisAlert.objects.get()
        assert told.kind == AlertKind.VOLUME
        assert told.figures["seen"] == 120 >= told.figures["bound"] > told.figures["usual_tenths"] / 10 > 5
        assert CrisisChange.objects.get().because == "numbers"
        assert not crisis_in_force()
    with brand_scope(other.brand):
        assert not Crisis.objects.exists()


def test_what_is_known_is_not_told_again_unless_it_doubles_or_is_another(world: World, history: None) -> None:
    found(world, 120)
    look_at_numbers(worker(world))
    look_at_numbers(worker(world))
    found(world, 10)
    look_at_numbers(worker(world))
    assert alerts(world) == ["volume"]
    found(world, 1, 0, "rappel")
    look_at_numbers(worker(world))
    assert alerts(world) == ["volume", "signal"]
    with brand_scope(world.brand):
        assert Crisis.objects.count() == 1


def test_a_dismissed_alert_stays_quiet_for_a_day(world: World, history: None, clock: time_machine.Traveller) -> None:
    found(world, 120)
    crisis = look_at_numbers(worker(world))
    assert crisis is not None
    dismiss_crisis(world.owner, crisis_id=crisis.pk, text="Notre jeu concours")
    clock.shift(HOUR)
    found(world, 130, at=NOW + HOUR)
    assert look_at_numbers(worker(world)) is None
    clock.shift(HOUR)
    found(world, 500, at=NOW + 2 * HOUR)
    assert look_at_numbers(worker(world)) is not None


@pytest.mark.parametrize(
    ("ruled", "state"), [((), "proposed"), ((AlertKind.VOLUME,), "proposed"), ((AlertKind.SIGNAL,), "in_force")]
)
def test_only_what_the_brand_ruled_comes_into_force_by_itself(
    world: World, ruled: tuple[AlertKind, ...], state: str
) -> None:
    set_crisis_rule(world.owner, after=0, by_itself=ruled, call_minutes=20)
    found(world, 1, 0, "intoxication")
    crisis = look_at_numbers(worker(world))
    assert crisis is not None and crisis.state == state
    with brand_scope(world.brand):
        assert crisis_in_force() == (state == "in_force")
        assert [(c.because, c.side) for c in CrisisChange.objects.all()] == [("numbers", ""), ("rule", "")][
            : 2 if state == "in_force" else 1
        ]


def test_before_there_is_a_baseline_volume_says_nothing(world: World) -> None:
    found(world, 500)
    assert look_at_numbers(worker(world)) is None
    found(world, 0, 0)
    found(world, 1, 0, "rappel")
    assert look_at_numbers(worker(world)) is not None


def test_only_the_house_looks(world: World) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        look_at_numbers(world.owner)


def test_many_takings_in_are_one_look(world: World, clock: time_machine.Traveller) -> None:
    with brand_scope(world.brand):
        for _ in range(3):
            look_soon()
            clock.shift(timedelta(seconds=30))
        assert OutboxRow.objects.filter(kind=LOOK, key="soon").count() == 1
        assert OutboxRow.objects.get(kind=LOOK, key="soon").due_at == NOW + timedelta(minutes=2)
