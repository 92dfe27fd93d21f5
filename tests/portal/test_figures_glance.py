"""What stands on a folded section: its first figures and what is wrong in it, which opens it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils.translation import override

from portal.brand.figures_glance import glance_of
from reports.facts.shapes import Figure, Reached, Section, Unit
from tests.reports.kinds.examples import figure, weekly


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (figure("acts.done", 49, goal=50), "Goal missed: Acts in the brand’s name, 49 (at least 50)"),
        (figure("acts.done", 50, goal=50), ""),
        (figure("field.ratio", 2950, None, Unit.SHARE, 3000), "Goal missed: Field ratio, 29.5% (at least 30%)"),
        (figure("field.ratio", None, None, Unit.SHARE, 3000), ""),  # nothing went out: nothing was missed
        (figure("promises.broken", 1), "Promises broken: 1"),
        (figure("promises.broken", 0, 4), ""),
        (figure("clocks.late", 2, clock="answer"), "Late – Answer: 2"),
        (figure("acts.unsent", 3), "Failed or uncertain: 3"),
        (figure("acts.unsent", 3, state="failed"), ""),  # the whole says it
        (figure("words.veto", 9), ""),  # the brand's no is no fault
    ],
)
def test_what_is_wrong_opens_a_section_and_nothing_else_does(one: Figure, wrong: str) -> None:
    glance = glance_of(Section("done", (one,)), {}, "en")
    assert glance.wrong == ((wrong,) if wrong else ())
    assert glance.is_open == bool(wrong)


def test_no_goal_is_missed_while_its_period_runs() -> None:
    missed = figure("acts.done", 1, goal=50)
    for one, opens in ((missed, True), (replace(missed, reached=Reached.UNDER_WAY), False)):
        assert glance_of(Section("done", (one,)), {}, "en").is_open is opens


def test_the_first_figures_are_of_the_whole_or_the_largest_parts() -> None:
    week = weekly()
    seen = {one.code: [(f.value, f.label) for f in glance_of(one, {}, "en").figures] for one in week.sections}
    assert seen["done"] == [("52", "Acts in the brand’s name")]
    assert seen["names"] == [("30", "approval of the brand"), ("30", "Level 2")]
    assert [label.split(" – ")[0] for _value, label in seen["clocks"]][:1] == ["In time"]
    assert seen["fairness"] == []
    assert all(len(found) <= 3 for found in seen.values())
    empty = replace(week.sections[0], figures=())
    assert glance_of(empty, {}, "en").figures == ()
