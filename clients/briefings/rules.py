"""What a briefing may contain: its sections as a table, and the exact text that a version's digest names.

Pure. Cleaning is strict because a briefing is never edited: an unknown section, a line without an end or a half-filled
answer is refused here and named, instead of living for ever in a version.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from tenants.errors import Invalid

MOST_LINES = 200
LONGEST_LINE = 1_000
LONGEST_TEXT = 20_000


class Section(StrEnum):
    """The parts of a briefing, in reading order."""

    OBJECTIVES = "objectives"
    AUDIENCE = "audience"
    TONE = "tone"
    KEY_FACTS = "key_facts"
    APPROVED_ANSWERS = "approved_answers"
    HOUSE_RULES = "house_rules"
    FORBIDDEN_TOPICS = "forbidden_topics"
    SENSITIVE_TOPICS = "sensitive_topics"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Shape:
    """One text (no columns), or lines; a line is a text, or a record with these columns, all of them filled."""

    lines: bool = False
    columns: tuple[str, ...] = ()


TEXT, LINES = Shape(), Shape(lines=True)

SHAPES: dict[Section, Shape] = {
    Section.OBJECTIVES: TEXT,
    Section.AUDIENCE: TEXT,
    Section.TONE: TEXT,
    Section.KEY_FACTS: LINES,
    Section.APPROVED_ANSWERS: Shape(lines=True, columns=("question", "answer")),
    Section.HOUSE_RULES: LINES,
    Section.FORBIDDEN_TOPICS: LINES,
    Section.SENSITIVE_TOPICS: LINES,
    Section.ESCALATION: Shape(lines=True, columns=("topic", "name", "contact")),
}


def clean_sections(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Every section, each in its shape; what is not given is empty.

    Raises Invalid('unknown_section' | 'not_text' | 'not_lines' | 'too_long' | 'too_many_lines' | 'column_missing' |
    'briefing_empty'), `field` naming the section.
    """
    for name in raw:
        if name not in SHAPES:
            raise Invalid("unknown_section", field=str(name))
    sections = {str(section): _clean(section, shape, raw.get(section)) for section, shape in SHAPES.items()}
    if not any(sections.values()):
        raise Invalid("briefing_empty", field=str(Section.OBJECTIVES))
    return sections


def briefing_digest(number: int, sections: Mapping[str, Any], calendar: Mapping[str, Any]) -> str:
    """The name of one exact version: SHA-256 over its canonical text, in hexadecimal."""
    body = {"number": number, "sections": sections, "calendar": calendar}
    return sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def changed_sections(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Section]:
    """Which sections differ, in reading order: what a person who acknowledged the old version must read."""
    return [section for section in Section if old.get(section) != new.get(section)]


def _clean(section: Section, shape: Shape, value: Any) -> Any:
    if not shape.lines:
        return _text(section, value or "", LONGEST_TEXT)
    if isinstance(value, str) or not isinstance(value or (), Sequence):
        raise Invalid("not_lines", field=str(section))
    lines = [_line(section, shape, line) for line in value or ()]
    kept = [line for line in lines if line]
    if len(kept) > MOST_LINES:
        raise Invalid("too_many_lines", field=str(section), most=MOST_LINES)
    return kept


def _line(section: Section, shape: Shape, line: Any) -> Any:
    if not shape.columns:
        return _text(section, line, LONGEST_LINE)
    if not isinstance(line, Mapping) or set(line) - set(shape.columns):
        raise Invalid("not_lines", field=str(section))
    record = {column: _text(section, line.get(column, ""), LONGEST_LINE) for column in shape.columns}
    if any(record.values()) and not all(record.values()):
        raise Invalid("column_missing", field=str(section), columns=[name for name, text in record.items() if not text])
    return record if any(record.values()) else None


def _text(section: Section, value: Any, longest: int) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise Invalid("not_text", field=str(section))
    text = value.replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise Invalid("too_long", field=str(section), most=longest)
    return text
