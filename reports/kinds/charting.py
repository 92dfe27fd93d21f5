"""Series and figures told apart, as charts with a sentence that says what is to be seen."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.facts.shapes import Figure, Series, Unit
from reports.kinds.values import HUNDREDTHS, value_text
from reports.kinds.words import DIMENSIONS, FIGURES, value_word, word
from reports.rendering.blocks import Chart, Strand
from reports.rendering.typography import Language, short_day

MOST_SHARES = 7
MINUTES = 60


def trend(series: Series, names: Mapping[str, str], language: Language) -> Chart | None:
    """One figure over time; None where there is no point with a value."""
    found = [point for point in series.points if point.value is not None]
    if not found:
        return None
    texts = tuple(value_text(point.value, series.unit, language) for point in series.points)
    name = label_of(series.code, series.dimensions, names)
    highest = max(found, key=lambda point: (point.value or 0, point.at))
    told = {
        "high": value_text(highest.value, series.unit, language),
        "at": at_text(highest.at, language),
        "last": value_text(found[-1].value, series.unit, language),
    }
    summary = _("Highest: %(high)s (%(at)s). Last: %(last)s.") % told
    values = tuple(None if point.value is None else drawn_value(point.value, series.unit) for point in series.points)
    return Chart(
        "lines" if len(series.points) > 1 else "bars",
        name,
        summary,
        tuple(at_text(point.at, language) for point in series.points),
        (Strand(name, values, texts),),
        suffix=suffix_of(series.unit),
        goal=None if series.goal is None else drawn_value(series.goal, series.unit),
        goal_text=""
        if series.goal is None
        else _("Goal %(goal)s") % {"goal": value_text(series.goal, series.unit, language)},
        first=pgettext("report", "Week"),
    )


def shares(figures: Sequence[Figure], names: Mapping[str, str], language: Language) -> Chart | None:
    """Figures told apart by one thing as parts of a whole; None where there is nothing to part, or too many parts."""
    found = [one for one in figures if one.value]
    if not 2 <= len(found) <= MOST_SHARES:
        return None
    total = sum(one.value or 0 for one in found)
    largest = max(found, key=lambda one: (one.value or 0, one.key))
    largest_name = dimension_text(largest.dimensions, names)
    part = value_text(round((largest.value or 0) * HUNDREDTHS / total), Unit.SHARE, language)
    strands = tuple(
        Strand(
            dimension_text(one.dimensions, names),
            (float(one.value or 0),),
            (value_text(one.value, one.unit, language),),
        )
        for one in found
    )
    summary = _("The largest part: %(name)s, %(part)s.") % {"name": largest_name, "part": part}
    return Chart("shares", word(FIGURES, found[0].code), summary, ("",), strands, first=pgettext("report", "Part"))


def bars(figures: Sequence[Figure], names: Mapping[str, str], language: Language) -> Chart | None:
    """Counts told apart by one thing, beside those of the period before."""
    found = [one for one in figures if one.value or one.before]
    if not 2 <= len(found) <= MOST_SHARES + 2:
        return None
    labels = tuple(dimension_text(one.dimensions, names) for one in found)
    now, before = (tuple(float(getattr(one, name) or 0) for one in found) for name in ("value", "before"))
    texts, texts_before = (
        tuple(value_text(getattr(one, name), one.unit, language) for one in found) for name in ("value", "before")
    )
    largest = max(range(len(found)), key=lambda place: now[place])
    summary = _("Most: %(name)s, %(value)s.") % {"name": labels[largest], "value": texts[largest]}
    strands = [Strand(pgettext("report", "This period"), now, texts)]
    if any(one.before is not None for one in found):
        strands.append(Strand(pgettext("report", "Before"), before, texts_before))
    first = word(DIMENSIONS, found[0].dimensions[0][0])
    return Chart("bars", word(FIGURES, found[0].code), summary, labels, tuple(strands), first=first)


def label_of(code: str, dimensions: Sequence[tuple[str, str]], names: Mapping[str, str]) -> str:
    """A figure with what it is told apart by: 'Median time: Answer'."""
    apart = dimension_text(dimensions, names)
    return f"{word(FIGURES, code)} – {apart}" if apart else word(FIGURES, code)


def dimension_text(dimensions: Sequence[tuple[str, str]], names: Mapping[str, str]) -> str:
    """'Facebook, answer'; '' for the whole."""
    return ", ".join(value_word(name, value, names) for name, value in dimensions)


def at_text(at: str, language: Language) -> str:
    """A point's place: a day as '16 Nov', a code as it is."""
    try:
        return short_day(date.fromisoformat(at), language)
    except ValueError:
        return at


def drawn_value(value: int, unit: Unit) -> float:
    """What is drawn: percent, hours or the count."""
    match unit:
        case Unit.SHARE:
            return value / 100
        case Unit.WORKING | Unit.DURATION:
            return value / MINUTES
        case Unit.MONEY:
            return value / 100
        case _:
            return float(value)


def suffix_of(unit: Unit) -> str:
    """What the numbers of the axis are of."""
    match unit:
        case Unit.SHARE:
            return "\u202f%"
        case Unit.WORKING | Unit.DURATION:
            return "\u00a0h"
        case Unit.MONEY:
            return "\u00a0€"
        case _:
            return ""
