"""Figures as they are read: the number, what changed, how near the goal. The same text in document and letter."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clients.briefings.goals import Direction
from reports.facts.shapes import Figure, Unit
from reports.kinds.words import REACHED, word
from reports.rendering.blocks import Tile
from reports.rendering.typography import NARROW, Language, minutes, money, number, percent, signed

NOTHING = "\u2013"
HUNDREDTHS = 10_000
WELCOME = frozenset(
    {"members.active", "members.said", "clocks.in_time", "clocks.kept", "promises.kept", "insights.told", "field.acts"}
    | {"field.ratio", "waiting.saved", "insights.noted", "acts.at_once"}
)
UNWELCOME = frozenset(
    {"clocks.median", "clocks.nine_in_ten", "clocks.late", "clocks.let_go", "promises.broken", "acts.unsent"}
    | {"incidents.level", "waiting.median", "crises.declared", "crises.proposed"}
)
"""Of these more is better, or worse; of all others a change is neither."""
Arrow = Literal["up", "down", "same"]


@dataclass(frozen=True, slots=True)
class Told:
    """A figure in words: the number, its change, its goal and whether it is reached; '' where there is none."""

    value: str
    change: str
    goal: str
    reached: str


def value_text(value: int | None, unit: Unit, language: Language) -> str:
    """As '1 234', '45,2 %', '2 h 05', '12,50 €'; a dash where there is none."""
    if value is None:
        return NOTHING
    match unit:
        case Unit.COUNT:
            return number(value, language)
        case Unit.SHARE:
            return percent(value / HUNDREDTHS, language, 0 if value % 100 == 0 else 1)
        case Unit.WORKING | Unit.DURATION:
            return minutes(value, language)
        case Unit.MONEY:
            return money(value, language)


def change_text(figure: Figure, language: Language) -> str:
    """By how much it differs from the period before, and what it was; '' where either is missing."""
    if figure.change is None or figure.before is None:
        return ""
    before = value_text(figure.before, figure.unit, language)
    if not figure.change:
        return _("as before (%(before)s)") % {"before": before}
    return _("%(change)s (before: %(before)s)") % {
        "change": difference_text(figure.change, figure.unit, language),
        "before": before,
    }


def goal_text(figure: Figure, language: Language) -> str:
    """What it is to be: 'at least 12'; '' where there is no goal. Facts frozen before goals had a side say the number alone."""
    if figure.goal is None:
        return ""
    number_only = value_text(figure.goal, figure.unit, language)
    return bound_text(figure.direction, number_only) if figure.direction else number_only


def bound_text(direction: Direction, text: str) -> str:
    """A number as a goal: 'at least 12', 'at most 4 h'."""
    said = {
        Direction.AT_LEAST: pgettext("goal", "at least %(number)s"),
        Direction.AT_MOST: pgettext("goal", "at most %(number)s"),
    }
    return said[direction] % {"number": text}


def reached_text(figure: Figure) -> str:
    """Whether it got there; '' without a goal."""
    return word(REACHED, figure.reached) if figure.reached else ""


def told(figure: Figure, language: Language) -> Told:
    """Everything that is said of a figure."""
    goal = goal_text(figure, language)
    return Told(
        value_text(figure.value, figure.unit, language),
        change_text(figure, language),
        _("Goal %(goal)s") % {"goal": goal} if goal else "",
        reached_text(figure),
    )


def tile_of(figure: Figure, label: str, language: Language) -> Tile:
    """A figure to be seen from afar."""
    words, change = told(figure, language), figure.change or 0
    direction: Arrow = "up" if change > 0 else "down" if change < 0 else "same"
    goal = ", ".join(one for one in (words.goal, words.reached) if one)
    return Tile(label, words.value, words.change, direction, _is_good(figure.code, change), goal, _part_of_goal(figure))


def _part_of_goal(figure: Figure) -> float | None:
    """For a bar that fills up: of what is to stay below a number, a full one would be the wrong news."""
    if not figure.goal or figure.value is None or figure.direction is Direction.AT_MOST:
        return None
    return figure.value / figure.goal


def difference_text(change: int, unit: Unit, language: Language) -> str:
    """By how much two numbers of a unit differ, with its sign; shares differ by points."""
    match unit:
        case Unit.SHARE:
            return f"{signed(change / 100, language, 1)}{NARROW}{pgettext('percentage points', 'pts')}"
        case Unit.WORKING | Unit.DURATION:
            return ("+" if change > 0 else "") + minutes(change, language)
        case Unit.MONEY:
            return ("+" if change > 0 else "") + money(change, language)
        case _:
            return signed(change, language)


def _is_good(code: str, change: int) -> bool | None:
    if not change or code not in WELCOME | UNWELCOME:
        return None
    return (change > 0) == (code in WELCOME)
