"""Figures of fairness against rounds counted by hand, and the page that shows them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from clients.briefings.entries import ServiceTarget
from clients.custody.rules import Step, TurnKind, Voice
from clients.disclosure.rules import InfoClass
from clients.service.fairness import figures
from clients.service.queries import due_clocks
from clients.service.rules import About, Band, Figure, band_of, targets_for
from tenants.walls.scope import brand_scope
from tests.service.conftest import MONDAY, begun, monday, says, steps
from tests.world import World


def told(world: World, actor: Any = None) -> dict[tuple[str, str, str], Figure]:
    with brand_scope(world.brand):
        found = figures(actor or world.cm, monday("00:00"), monday("23:59"))
    return {(str(one.kind), str(one.part), one.name): one for one in found}


def test_medians_know_only_the_answered_and_the_others_stand_beside_them(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        quick, slow, late, dropped = (begun(world, handle=f"@{name}") for name in "abcd")
        begun(world, handle="@e", language="en")
        clocks.move_to(monday("10:00"))
        says(world, quick, Voice.AGENCY, TurnKind.ANSWER)
        steps(world, dropped, Step.CLOSE)
        clocks.move_to(monday("11:00"))
        says(world, slow, Voice.AGENCY, TurnKind.ANSWER)
        clocks.move_to(monday("12:00"))
        says(world, late, Voice.BRAND, TurnKind.ANSWER)
    found = told(world)[("acknowledge", "all", "")]
    assert (found.rounds, found.told, found.median, found.nine_in_ten) == (5, 3, 120, 180)
    assert (found.kept, found.late, found.waiting, found.let_go, found.in_time) == (2, 1, 1, 1, 66)
    english = told(world)[("answer", "language", "en")]
    assert (english.rounds, english.median, english.in_time) == (1, None, None)


def test_the_shy_and_the_loud_are_told_apart(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        loud = begun(world)
        for minute in range(1, 14):
            clocks.move_to(monday("09:00") + timedelta(minutes=minute))
            says(world, loud, Voice.AGENCY, TurnKind.ANSWER)
            says(world, loud, Voice.MEMBER)
        begun(world, handle="@shy")
        begun(world, handle="")
    found = {name: one.rounds for (kind, part, name), one in told(world).items() if (kind, part) == ("answer", "band")}
    assert found == {"newcomer": 2, "regular": 11, "very_active": 2, "unknown": 1}


def test_what_the_brand_keeps_to_itself_is_in_no_figure_of_the_agency(world: World, other: World) -> None:
    with time_machine.travel(MONDAY, tick=False):
        begun(other)
        begun(world, info_class=InfoClass.BRAND)
        assert told(world) == {}
        assert told(world, world.owner)[("answer", "all", "")].rounds == 1
        with brand_scope(world.brand):
            assert list(due_clocks(world.cm, limit=9)) == []
            assert len(due_clocks(world.owner, limit=9)) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_figures_cost_one_query_a_part(
    world: World, count: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        for number in range(count):
            begun(world, handle=f"@{number}")
        with brand_scope(world.brand), django_assert_num_queries(5):  # and the walls'
            figures(world.cm, monday("00:00"), monday("23:59"))


@pytest.mark.parametrize(
    ("earlier", "band"),
    [(None, Band.UNKNOWN), (0, Band.NEWCOMER), (1, Band.REGULAR), (11, Band.REGULAR), (12, Band.VERY_ACTIVE)],
)
def test_bands(earlier: int | None, band: Band) -> None:
    assert band_of(earlier) is band


WISHES = [
    ServiceTarget("", "", "", 120, 540),
    ServiceTarget("Courrier", "", "", 240, 1080),
    ServiceTarget("", "Recalls", "", 30, 90),
    ServiceTarget("", "", "crisis", 10, 60),
    ServiceTarget("email", "recalls", "", 20, 80),
]


@pytest.mark.parametrize(
    ("channels", "topic", "sensitivity", "minutes"),
    [
        ({"wall"}, "", "routine", (120, 540)),
        ({"courrier", "email"}, "", "routine", (240, 1080)),
        ({"courrier", "email"}, "RECALLS", "routine", (20, 80)),
        ({"wall"}, "recalls", "crisis", (10, 60)),
    ],
)
def test_of_the_lines_that_fit_the_one_that_says_most_holds(
    channels: set[str], topic: str, sensitivity: str, minutes: tuple[int, int]
) -> None:
    found = targets_for(WISHES, About(frozenset(channels), topic, sensitivity))
    assert (found.acknowledge, found.answer) == tuple(timedelta(minutes=m) for m in minutes)


def test_without_a_line_the_house_has_its_own() -> None:
    found = targets_for([], About(frozenset(), "", "crisis"))
    assert (found.acknowledge, found.answer) == (timedelta(minutes=30), timedelta(minutes=240))
