"""Goals as the brand writes them among its objectives: what counts as one, in whose unit, and in whose sight."""

import pytest

from clients.briefings.actions import publish_briefing
from clients.disclosure.rules import InfoClass
from reports.facts.goals import goals_in
from tests.reports.facts.conftest import told
from tests.reports.facts.test_whole import QUARTER
from tests.world import SECTIONS, World

OBJECTIVES = "Être le premier membre.\n- field.ratio: 30 %\nacts.done = 12\nclocks.in_time;clock=answer: 90,5 %"


@pytest.mark.parametrize(
    ("line", "goal"),
    [
        ("field.ratio: 30 %", {"field.ratio": 3000}),
        ("  • field.ratio = 33,3%.", {"field.ratio": 3330}),
        ("acts.done: 12", {"acts.done": 12}),
        ("clocks.in_time;clock=answer: 90", {"clocks.in_time;clock=answer": 9000}),
        ("acts.done: 12 %", {}),
        ("acts.done: 12,5", {}),
        ("acts.done: -3", {}),
        ("acts.basis;basis=level: 3", {}),
        ("acts.done;kind=answer: 3", {}),
        ("nothing.known: 3", {}),
        ("We want field.ratio: 30 %", {}),
        ("acts.done: 12\x00", {}),
    ],
)
def test_a_line_is_a_goal_or_it_is_prose(line: str, goal: dict[str, int]) -> None:
    assert goals_in([line]) == goal


def test_the_last_of_two_counts() -> None:
    assert goals_in(["acts.done: 12", "acts.done: 15"]) == {"acts.done": 15}


def test_goals_stand_beside_their_figures_unless_the_brand_keeps_them(world: World) -> None:
    assert not told(world, "monthly", QUARTER, world.cm).section("goals").figures  # type: ignore[union-attr]
    words = {**SECTIONS, "objectives": OBJECTIVES}
    _publish(world, 1, words, InfoClass.SHARED)
    for actor in (world.cm, world.owner):
        goals = told(world, "monthly", QUARTER, actor).section("goals")
        assert goals is not None
        assert {one.key: one.goal for one in goals.figures} == {
            "acts.done": 12,
            "field.ratio": 3000,
            "clocks.in_time;clock=answer": 9050,
        }
    _publish(world, 2, words, InfoClass.BRAND)
    assert all(one.goal is None for _, one in told(world, "monthly", QUARTER, world.owner).figures())


def _publish(world: World, after: int, words: dict[str, str], info_class: InfoClass) -> None:
    classes = {"objectives": info_class}
    publish_briefing(actor=world.owner, after=after, sections=words, calendar={}, classes=classes, note="Ensemble")
