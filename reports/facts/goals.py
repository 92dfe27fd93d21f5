"""The goals that the briefing set for a period, as what its figures are held against; and which figures may have one.

A goal is part of the agreed version: a past period is held against what was agreed before it ended.
"""

from collections.abc import Callable

from clients.briefings.access import goals_agreed_before
from clients.briefings.goals import MOST, Aim, may_be_goal
from clients.custody.clocks import ClockKind
from clients.disclosure.rules import InfoClass
from reports.facts.definitions import DEFINITIONS, Definition
from reports.facts.gathering import WHOLE
from reports.facts.periods import Period
from reports.facts.reaching import Across, Target, targets
from reports.facts.shapes import Unit
from reports.facts.sight import Sight


def goals_for(sight: Sight, period: Period) -> dict[str, Target]:
    """By a figure's key, in the figure's own unit. Goals that one side keeps to itself stand beside no figure."""
    if not sight.reads(InfoClass.SHARED):
        return {}
    across = {code: _across(one) for code, one in DEFINITIONS.items() if one.takes_goal}
    return targets(goals_agreed_before(period.until), period, across)


def keys_for_goals() -> list[str]:
    """The keys of figures that a goal may be set for, in the order of the registry: wholes, and each clock."""
    found = [one for one in DEFINITIONS.values() if one.takes_goal]
    clocks = [f";clock={kind}" for kind in ClockKind]
    return [one.code + by for one in found for by in (clocks if one.by == ("clock",) else [""])]


def declare() -> None:
    """Tell the briefing which figures may be a goal."""
    for code, one in DEFINITIONS.items():
        if one.takes_goal:
            may_be_goal(code, Aim(WHOLE if one.unit is Unit.SHARE else MOST, _opens(one)))


def _opens(one: Definition) -> Callable[[dict[str, str]], bool]:
    def opens(dimensions: dict[str, str]) -> bool:
        return one.opens(dimensions) and dimensions.get("clock", ClockKind.ANSWER) in set(ClockKind)

    return opens


def _across(one: Definition) -> Across:
    if one.unit is not Unit.COUNT:
        return Across.SAME
    return Across.SUM if isinstance(one.of, str) else Across.NOTHING
