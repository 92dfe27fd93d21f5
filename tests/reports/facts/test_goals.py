"""Goals beside figures: what was agreed before a period ended, in whose sight, and what is told where there is no value."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from clients.briefings.actions import agree_briefing, propose_briefing
from clients.disclosure.rules import InfoClass
from reports.facts.canonical import data_of, facts_from, figure_data, figure_rows
from reports.facts.goals import keys_for_goals
from reports.facts.periods import Period, PeriodKind, period_of
from reports.facts.shapes import Facts, Reached
from reports.kinds.words import FIGURES
from tenants.vocabulary import Role
from tests.proof._quarter import CHANGE_OF_CLOCKS, EMPTY
from tests.reports.facts.conftest import told
from tests.reports.facts.test_whole import QUARTER
from tests.world import World

BEFORE = datetime(2026, 10, 1, 12, tzinfo=UTC)
WEEK, QUIET = (period_of(PeriodKind.WEEK, day, "Europe/Paris") for day in (CHANGE_OF_CLOCKS, EMPTY))
RATIO = ("field.ratio", "at_least", "3000", "week")
DONE = ("acts.done", "at_most", "1", "week")
CLOCK = ("clocks.in_time;clock=answer", "at_least", "9050", "month")


def agree(world: World, after: int, *goals: tuple[str, ...], info_class: InfoClass = InfoClass.SHARED) -> None:
    names = ("figure", "direction", "value", "per", "since")
    lines = [dict(zip(names, (*goal, "")[:5], strict=True)) for goal in goals]
    done = propose_briefing(actor=world.owner, base=after, changes={"goals": lines}, classes={"goals": info_class})
    if done.proposal:
        manager = world.actor(Role.AGENCY_MANAGER)
        agree_briefing(actor=manager, proposal_id=done.proposal.pk, seen_digest=done.proposal.digest)


def goals_of(facts: Facts) -> dict[str, tuple[int | None, Reached | None]]:
    section = facts.section("goals")
    assert section is not None
    return {one.key: (one.goal, one.reached) for one in section.figures}


def weekly(world: World, period: Period) -> dict[str, tuple[int | None, Reached | None]]:
    return goals_of(told(world, "weekly", period, world.cm))


def test_goals_stand_beside_their_figures_unless_one_side_keeps_them(world: World) -> None:
    assert not goals_of(told(world, "monthly", QUARTER, world.cm))
    agree(world, 1, RATIO, ("acts.done", "at_least", "12", "month"), CLOCK)
    for actor in (world.cm, world.owner):
        goals = goals_of(told(world, "monthly", QUARTER, actor))
        assert {key: goal for key, (goal, _) in goals.items()} == {
            "acts.done": 36,
            "field.ratio": 3000,
            "clocks.in_time;clock=answer": 9050,
        }
    agree(world, 2, RATIO, info_class=InfoClass.BRAND)
    assert all(one.goal is None for _, one in told(world, "monthly", QUARTER, world.owner).figures())


def test_a_past_period_is_held_against_what_was_agreed_then(world: World) -> None:
    agree(world, 1, DONE)
    assert weekly(world, WEEK) == {}  # nobody had agreed to anything in October
    assert weekly(world, period_of(PeriodKind.WEEK, date(2026, 11, 24), "Europe/Paris")) == {
        "acts.done": (1, Reached.NO)
    }


def test_a_later_goal_leaves_the_one_before_it_and_a_line_taken_out_ends_it(world: World) -> None:
    agree(world, 1, ("acts.done", "at_least", "3", "week"))
    agree(world, 2, ("acts.done", "at_least", "9", "week", "2026-12-07"))
    goals = {day: weekly(world, period_of(PeriodKind.WEEK, date(2026, 12, day), "Europe/Paris")) for day in (1, 8)}
    assert goals[1]["acts.done"][0] == 3 and goals[8]["acts.done"][0] == 9
    agree(world, 3)
    assert weekly(world, period_of(PeriodKind.WEEK, date(2026, 12, 1), "Europe/Paris")) == {}


def test_what_has_no_value_is_not_measurable_and_never_missed(world: World) -> None:
    with time_machine.travel(BEFORE, tick=False):
        agree(world, 1, RATIO, DONE)
    found = told(world, "weekly", QUIET, world.cm)
    values = {one.key: one.value for _, one in found.figures()}
    assert values["field.ratio"] is None and values["acts.done"] == 0
    assert goals_of(found) == {"acts.done": (1, Reached.YES), "field.ratio": (3000, Reached.NOT_MEASURABLE)}
    under_way = period_of(PeriodKind.WEEK, date(2027, 1, 4), "Europe/Paris")  # the facts are made on this day
    assert weekly(world, under_way)["acts.done"] == (1, Reached.UNDER_WAY)


def test_a_part_without_a_row_is_told_as_missed(world: World) -> None:
    agree(world, 1, ("mentions.found;medium=pigeon", "at_least", "2", "week"))
    week = period_of(PeriodKind.WEEK, date(2026, 12, 1), "Europe/Paris")
    assert weekly(world, week) == {"mentions.found;medium=pigeon": (2, Reached.NO)}


def test_table_and_program_say_whether_it_was_reached_and_frozen_facts_keep_their_bytes(world: World) -> None:
    agree(world, 1, DONE)
    facts = told(world, "weekly", period_of(PeriodKind.WEEK, date(2026, 11, 24), "Europe/Paris"), world.cm)
    rows = [row for row in figure_rows(facts) if row[1] == "acts.done" and row[0] == "goals"]
    assert [row[6:9] for row in rows] == [(1, "at_most", "no")]
    figure = facts.section("goals").figures[0]  # type: ignore[union-attr]
    data = figure_data(figure)
    assert (data["goal"], data["direction"], data["reached"]) == (1, "at_most", "no")
    former = {name: one for name, one in data.items() if name not in {"direction", "reached"}}
    section = {"code": "goals", "figures": [former], "series": [], "listings": []}
    kept = data_of(facts_from({**data_of(facts), "sections": [section]}))["sections"][0]
    assert kept["figures"] == [former]


@pytest.mark.parametrize("key", keys_for_goals())
def test_every_figure_on_offer_has_a_name_and_is_told(world: World, key: str) -> None:
    assert key.partition(";")[0] in FIGURES
    with time_machine.travel(BEFORE, tick=False):
        agree(world, 1, (key, "at_least", "1", "month"))
    assert key in goals_of(
        told(world, "monthly", period_of(PeriodKind.MONTH, date(2026, 10, 9), "Europe/Paris"), world.cm)
    )
