"""What a folded section says while it is closed: its first figures, and what is wrong in it. What is wrong opens it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.facts.shapes import Facts, Figure, Reached, Section, Unit
from reports.kinds.charting import dimension_text, label_of
from reports.kinds.values import change_text, goal_text, value_text
from reports.rendering.typography import Language

MOST, MOST_APART, MOST_WRONG = 3, 2, 3
FIRST: Mapping[str, tuple[str, ...]] = {"clocks": ("clocks.in_time", "promises.broken")}
"""Of these sections the figures to be seen first; of all others those that are told of the whole."""
UNTOLD = frozenset({"fairness"})
"""Of these no single figure says anything alone."""
ALARMING = frozenset(
    {"acts.unsent", "clocks.late", "promises.broken", "incidents.level", "crises.proposed", "crises.declared"}
)
"""Each one of these that is counted is one too many."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One figure: its number, what it is called, and by how much it changed ('' where nothing is known of before)."""

    value: str
    label: str
    change: str


@dataclass(frozen=True, slots=True)
class Glance:
    """`wrong`: a few words for each thing that is."""

    figures: tuple[Seen, ...]
    wrong: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return bool(self.wrong)


def glance_of(section: Section, names: Mapping[str, str], spoken: Language) -> Glance:
    """In the language in force, with numbers as `spoken` writes them."""
    found = [told for one in section.figures if (told := _wrong(one, names, spoken))]
    return Glance(tuple(_seen(one, names, spoken) for one in _first(section)), tuple(found[:MOST_WRONG]))


def is_over(facts: Facts) -> bool:
    return facts.period.has_begun(facts.made_at) and not facts.period.is_running


def _first(section: Section) -> Sequence[Figure]:
    if section.code in UNTOLD:
        return ()
    known = FIRST.get(section.code)
    if known:
        return [one for code in known for one in section.figures if one.code == code][:MOST]
    whole = [one for one in section.figures if not one.dimensions]
    if whole:
        return whole[:MOST]
    counted = [one for one in section.figures if one.unit in {Unit.COUNT, Unit.SHARE} and one.value]
    return sorted(counted, key=lambda one: one.value or 0, reverse=True)[:MOST_APART]


def _seen(figure: Figure, names: Mapping[str, str], spoken: Language) -> Seen:
    apart = dimension_text(figure.dimensions, names)
    known = figure.code in {code for codes in FIRST.values() for code in codes}
    label = apart if apart and not known else label_of(figure.code, figure.dimensions, names)
    return Seen(value_text(figure.value, figure.unit, spoken), label, change_text(figure, spoken))


def _wrong(figure: Figure, names: Mapping[str, str], spoken: Language) -> str:
    """Of what is alarming only the whole where there is one: its parts would say it twice."""
    label = label_of(figure.code, figure.dimensions, names)
    value = value_text(figure.value, figure.unit, spoken)
    if figure.reached is Reached.NO:
        told = {"name": label, "value": value, "goal": goal_text(figure, spoken)}
        return _("Goal missed: %(name)s, %(value)s (%(goal)s)") % told
    counts = figure.code in ALARMING and figure.value and (not figure.dimensions or figure.code == "clocks.late")
    return _("%(name)s: %(value)s") % {"name": label, "value": value} if counts else ""
