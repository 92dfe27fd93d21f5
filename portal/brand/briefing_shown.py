"""A section of the briefing as people read it: its lines as rows, its words as text, and what changed word by word."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format

from clients.briefings.access import OpenChange, OpenSection
from clients.briefings.columns import ALWAYS
from clients.briefings.rules import SHAPES, Section, changed_sections, normal
from portal.brand.briefing_goals import goals_shown
from portal.diffing import Part, word_diff
from portal.wording import badge, word
from portal.wording.disclosures import CLASSES
from portal.wording.fields import ANY_SENSITIVITY, COLUMNS, HOURS, SECTIONS, THEN, URGENT

SIGN = " · "
CODES = {"urgent": URGENT, "sensitivity": ANY_SENSITIVITY}


def section_shown(one: OpenSection) -> dict[str, Any]:
    """For the page of a version. Columns that no line fills are left out."""
    shape, value = SHAPES[one.section], _told(one.section, one.value)
    columns = [name for name in value[0] if any(line[name] for line in value)] if shape.columns and value else []
    return {
        "id": one.id,
        "name": str(one.section),
        "label": word(SECTIONS, one.section),
        "lines": shape.lines,
        "rows": [[(word(COLUMNS, name), value_shown(name, line[name])) for name in columns] for line in value]
        if columns
        else [],
        "heads": [word(COLUMNS, name) for name in columns],
        "value": one.value,
        "badge": badge(CLASSES, one.info_class),
    }


def _told(section: Section, value: Any) -> Any:
    """A goal's cells say something together alone: its number is of its figure."""
    return [goals_shown(line) for line in value] if section is Section.GOALS else value


def value_shown(column: str, value: str) -> str:
    """One cell; codes as words."""
    if column == "then":
        return word(THEN, value or "approve")
    if column in CODES:
        return word(CODES[column], value)
    if column == "hours" and value in ("", ALWAYS):
        return word(HOURS, value)
    return _moment(value) if column == "until" and value else value


def _moment(value: str) -> str:
    """A date, or a date and a time of the brand's clock, as people write it."""
    if len(value) > len("2026-11-24"):
        return date_format(datetime.fromisoformat(value), "SHORT_DATETIME_FORMAT")
    return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")


def as_text(section: Section, value: Any) -> str:
    """The words of a section, a line each: what is compared."""
    value = _told(section, normal(section, value)) if value else ""
    if not isinstance(value, list):
        return value or ""
    return "\n".join(_line(line) if isinstance(line, Mapping) else line for line in value)


def change_shown(change: OpenChange) -> dict[str, Any]:
    """One section of a proposal beside what is in force, word by word."""
    return {"label": word(SECTIONS, change.section), "parts": _parts(change.section, change.before, change.after)}


def changes_between(old: Mapping[Section, Any], new: Mapping[Section, Any]) -> list[dict[str, Any]]:
    """Two versions as far as one reader may see both, section by section; only what differs."""
    return [
        {"label": word(SECTIONS, section), "parts": _parts(section, old.get(section), new.get(section))}
        for section in changed_sections({str(s): v for s, v in old.items()}, {str(s): v for s, v in new.items()})
    ]


def _parts(section: Section, before: Any, after: Any) -> list[Part]:
    return word_diff(as_text(section, before), as_text(section, after))


def _line(line: Mapping[str, str]) -> str:
    return SIGN.join(value_shown(name, value) for name, value in line.items() if value)
