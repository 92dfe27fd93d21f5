"""The form of the briefing: a text, lines, or a record with fields of its own; read back without losing a word."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from clients.briefings.access import OpenSection
from clients.briefings.rules import MOST_LINES, SHAPES, Section, Shape
from portal.brand.briefing_goals import figure_choices, goals_written
from portal.wording import word
from portal.wording.fields import (
    ANY_SENSITIVITY,
    COLUMN_HINTS,
    COLUMNS,
    GOAL_DIRECTIONS,
    GOAL_PERIODS,
    SECTION_HINTS,
    SECTIONS,
    THEN,
    URGENT,
)

MORE = "more"
CHOICES = {
    "then": (THEN, "approve"),
    "urgent": (URGENT, ""),
    "sensitivity": (ANY_SENSITIVITY, ""),
    "direction": (GOAL_DIRECTIONS, "at_least"),
    "per": (GOAL_PERIODS, "week"),
}
"""Columns with a few words to choose from, and the one that is meant where none was chosen."""
PRESET = frozenset({"then", "direction", "per"})
"""Columns that an empty line has filled, too."""
LONG = frozenset({"answer", "rule"})


def section_field(
    section: Section, one: OpenSection | None, posted: QueryDict, *, fault: str, classes: list[tuple[str, str, bool]]
) -> dict[str, Any]:
    """Everything the form draws of one section: as it stands, or as it was typed. `fault`: the field that was refused."""
    shape = SHAPES[section]
    value: Any = value_typed(section, posted) if posted else _stored(section, one)
    wrong = fault == section or fault.startswith(f"{section}.")
    grows = posted.get(MORE) == section
    return {
        "name": str(section),
        "label": word(SECTIONS, section),
        "hint": word(SECTION_HINTS, section) if section in SECTION_HINTS else _hint(shape),
        "lines": shape.lines,
        "count": len(value) if isinstance(value, list) else 0,
        "value": "\n".join(value) if shape.lines and not shape.columns else value,
        "rows": _rows(section, list(value or ()), fault, grows=grows) if shape.columns else [],
        "columns": bool(shape.columns),
        "classes": classes,
        "wrong": wrong,
        "open": wrong or grows,
    }


def value_typed(section: Section, posted: QueryDict) -> Any:
    """A section as the form sends it. Lines of a record are numbered fields; a whole text counts as lines of its own."""
    shape = SHAPES[section]
    if not shape.columns:
        typed = posted.get(str(section), "")
        return [line.strip() for line in typed.splitlines() if line.strip()] if shape.lines else typed
    count = posted.get(f"{section}.rows", "0")
    rows = range(min(int(count), MOST_LINES + 1) if count.isascii() and count.isdecimal() else 0)
    lines = [{column: posted.get(f"{section}.{row}.{column}", "") for column in shape.columns} for row in rows]
    return [line for line in lines if any(text.strip() for name, text in line.items() if name not in PRESET)]


def sections_typed(posted: QueryDict) -> dict[str, Any]:
    """Every section that the form had."""
    there = [s for s in Section if (f"{s}.rows" if SHAPES[s].columns else str(s)) in posted]
    return {str(section): value_typed(section, posted) for section in there}


def _stored(section: Section, one: OpenSection | None) -> Any:
    if one is None:
        return ""
    return goals_written(one.value) if section is Section.GOALS else one.value


def _rows(section: Section, lines: list[Mapping[str, str]], fault: str, *, grows: bool) -> list[dict[str, Any]]:
    """The lines, and one more to fill in; two when the button for more was pressed."""
    shape = SHAPES[section]
    shown = [*lines, *({} for _more in range(2 if grows else 1))]
    return [
        {
            "number": number,
            "place": place + 1,
            "fields": [_cell(f"{section}.{place}.{column}", line, shape, fault) for column in shape.columns],
        }
        for place, line in enumerate(shown)
        for number in [line.get(shape.key, "") if shape.key else ""]
    ]


def _cell(name: str, line: Mapping[str, str], shape: Shape, fault: str) -> dict[str, Any]:
    column = name.rpartition(".")[2]
    return {
        "name": name,
        "label": word(COLUMNS, column),
        "hint": word(COLUMN_HINTS, column) if column in COLUMN_HINTS else "",
        "value": line.get(column, ""),
        "long": column in LONG,
        "type": "date" if column == "since" else "text",
        "optional": column in shape.optional,
        "wrong": name == fault,
        "choices": _choices(column, line.get(column, "")),
    }


def _choices(column: str, chosen: str) -> list[tuple[str, str, bool]]:
    if column == "figure":
        return figure_choices(chosen)
    words, usual = CHOICES.get(column, ({}, ""))
    return [(code, str(text), code == (chosen or usual)) for code, text in words.items()]


def _hint(shape: Shape) -> str:
    return "" if shape.columns else _("One a line.") if shape.lines else _("A few sentences.")
