"""What a briefing may contain: its sections as a table, and the exact text that a version's digest names.

Pure. Cleaning is strict because a briefing is never edited: an unknown section, a line without an end or a half-filled
answer is refused here and named, instead of living for ever in a version.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

from clients.briefings.columns import CHECKS
from clients.briefings.former_goals import goals_among
from clients.briefings.goals import clean_goals
from tenants.errors import Invalid

MOST_LINES = 200
LONGEST_LINE = 1_000
LONGEST_TEXT = 20_000


class Section(StrEnum):
    """The parts of a briefing, in reading order."""

    OBJECTIVES = "objectives"
    GOALS = "goals"
    AUDIENCE = "audience"
    TONE = "tone"
    KEY_FACTS = "key_facts"
    APPROVED_ANSWERS = "approved_answers"
    HOUSE_RULES = "house_rules"
    FORBIDDEN_TOPICS = "forbidden_topics"
    SENSITIVE_TOPICS = "sensitive_topics"
    EMBARGOES = "embargoes"
    WATCH_LIST = "watch_list"
    ESCALATION = "escalation"
    PRESS_LICENCES = "press_licences"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Shape:
    """One text (no columns), or lines; a line is a text, or a record with these columns, filled but for the `optional` ones.

    `key` names the column that stays the same from version to version: where it is left empty it is given (`numbered`).
    `main` is the column that a line written as a bare text fills, as lines were before they had columns. `checked`: looks at all
    lines together, and at what is missing from one, where more is to be said than which section is wrong.
    """

    lines: bool = False
    columns: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()
    key: str = ""
    main: str = ""
    once: tuple[str, ...] = ()
    checked: Callable[[Sequence[Mapping[str, str]]], list[Mapping[str, str]]] | None = None


def _records(*columns: str, key: str = "", main: str = "", once: tuple[str, ...] = ()) -> Shape:
    """Columns with a question mark may stay empty."""
    names = tuple(column.rstrip("?") for column in columns)
    optional = frozenset(column.rstrip("?") for column in columns if column.endswith("?"))
    return Shape(True, names, optional, key, main, once or ((key,) if key else ()))


TEXT, LINES = Shape(), Shape(lines=True)

SHAPES: dict[Section, Shape] = {
    Section.OBJECTIVES: TEXT,
    Section.GOALS: replace(_records("figure", "direction", "value", "per", "since?"), checked=clean_goals),
    Section.AUDIENCE: TEXT,
    Section.TONE: TEXT,
    Section.KEY_FACTS: LINES,
    Section.APPROVED_ANSWERS: _records("key?", "language?", "question", "answer", key="key", once=("key", "language")),
    Section.HOUSE_RULES: _records("number?", "rule", "urgent?", key="number", main="rule"),
    Section.FORBIDDEN_TOPICS: _records("words", "exclusions?", "then?", main="words"),
    Section.SENSITIVE_TOPICS: _records("words", "exclusions?", main="words"),
    Section.EMBARGOES: _records("words", "exclusions?", "until", "then?"),
    Section.WATCH_LIST: _records(
        "key?",
        "label",
        "phrases?",
        "pattern?",
        "exclusions?",
        "near?",
        "within?",
        "language?",
        "sources?",
        key="key",
    ),
    Section.ESCALATION: _records("topic", "name", "contact", "hours?"),
    Section.PRESS_LICENCES: _records("source", "licence", "excerpt?", "remark?"),
    Section.SERVICE: _records("channel?", "topic?", "sensitivity?", "acknowledge_within", "answer_within"),
}


def clean_sections(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Every section, each in its shape; what is not given is empty.

    Raises Invalid('briefing_empty') and what `clean_some` raises, `field` naming the section.
    """
    sections = dict.fromkeys(map(str, SHAPES), "") | clean_some(dict.fromkeys(map(str, SHAPES)) | dict(raw))
    if not any(sections.values()):
        raise Invalid("briefing_empty", field=str(Section.OBJECTIVES))
    return sections


def clean_some(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The sections that are given, in reading order.

    Raises Invalid('unknown_section' | 'not_text' | 'not_lines' | 'too_long' | 'too_many_lines' | 'column_missing' |
    'line_twice') and what a column of its own says ('bad_date', 'bad_hours', ...), of a goal with the cell as its field.
    """
    for name in raw:
        if name not in SHAPES:
            raise Invalid("unknown_section", field=str(name))
    return {str(section): _clean(section, shape, raw[section]) for section, shape in SHAPES.items() if section in raw}


def normal(section: Section, value: Any) -> Any:
    """A stored section in the shape it would have today: versions are never changed, so older ones keep older shapes.

    A bare line becomes a record; a line that had no number yet has the number of its place.
    """
    shape = SHAPES[section]
    if not shape.columns:
        return value
    records = [{**dict.fromkeys(shape.columns, ""), **_as_record(shape, line)} for line in value or ()]
    for place, record in enumerate(records, 1) if shape.key else ():
        record[shape.key] = record[shape.key] or str(place)
    return records


def written(section: Section, sections: Mapping[str, Any]) -> Any:
    """A section of a whole stored version, in today's shape. Goals were lines of the objectives once: there they are found."""
    if section is Section.GOALS and sections.get(section) is None:
        return goals_among(sections.get(Section.OBJECTIVES))
    return normal(section, sections.get(section))


def numbered(section: Section, lines: list[Any], before: list[Any], highest: int) -> list[Any]:
    """Lines with their keys: one that is written as it stood keeps its own, a new one gets a number that none ever had.

    `before`: the section in force, in today's shape. `highest`: the highest number that any version ever used.
    """
    shape = SHAPES[section]
    if not shape.key:
        return lines
    known = {_words(shape, line): line[shape.key] for line in before}
    taken = {line[shape.key] for line in lines}
    done = []
    for line in lines:
        key = line[shape.key] or known.get(_words(shape, line), "")
        if not key or (not line[shape.key] and key in taken):
            highest += 1
            key = str(highest)
        taken.add(key)
        done.append({**line, shape.key: key})
    return done


def highest_number(section: Section, lines: Any) -> int:
    """The highest number in a stored section; 0 for none."""
    keys = [line[SHAPES[section].key] for line in normal(section, lines)]
    return max((int(key) for key in keys if key.isdecimal()), default=0)


def briefing_digest(number: int, sections: Mapping[str, Any], calendar: Mapping[str, Any]) -> str:
    """The name of one exact version: SHA-256 over its canonical text, in hexadecimal."""
    body = {"number": number, "sections": sections, "calendar": calendar}
    return sha256(json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def all_written(sections: Mapping[str, Any]) -> dict[str, Any]:
    """Every section of a whole stored version, as `written` gives it."""
    return {str(section): written(section, sections) for section in Section}


def changed_sections(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Section]:
    """Which of the sections given differ, in reading order: what a person who acknowledged the old version must read."""
    return [s for s in Section if (normal(s, old.get(s)) or "") != (normal(s, new.get(s)) or "")]


def _words(shape: Shape, line: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(line[column] for column in shape.columns if column != shape.key)


def _as_record(shape: Shape, line: Any) -> Mapping[str, str]:
    return {shape.main: line} if isinstance(line, str) else line


def _clean(section: Section, shape: Shape, value: Any) -> Any:
    if not shape.lines:
        return _text(section, value or "", LONGEST_TEXT)
    if isinstance(value, str) or not isinstance(value or (), Sequence):
        raise Invalid("not_lines", field=str(section))
    lines = [_line(section, shape, line) for line in value or ()]
    kept = [line for line in lines if line]
    if len(kept) > MOST_LINES:
        raise Invalid("too_many_lines", field=str(section), most=MOST_LINES)
    named = [tuple(line[column] for column in shape.once) for line in kept if shape.once and line[shape.key]]
    if len(set(named)) < len(named):
        raise Invalid("line_twice", field=str(section))
    return shape.checked(kept) if shape.checked else kept


def _line(section: Section, shape: Shape, line: Any) -> Any:
    if not shape.columns:
        return _text(section, line, LONGEST_LINE)
    if isinstance(line, str) and shape.main:
        line = {shape.main: line}
    if not isinstance(line, Mapping) or set(line) - set(shape.columns):
        raise Invalid("not_lines", field=str(section))
    record = {column: _text(section, line.get(column, ""), LONGEST_LINE) for column in shape.columns}
    if not any(record.values()):
        return None
    missing = [name for name, text in record.items() if not text and name not in shape.optional]
    if missing and not shape.checked:
        raise Invalid("column_missing", field=str(section), columns=missing)
    return {name: CHECKS[name](str(section), text) if name in CHECKS else text for name, text in record.items()}


def _text(section: Section, value: Any, longest: int) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise Invalid("not_text", field=str(section))
    text = value.replace("\r\n", "\n").strip()
    if len(text) > longest:
        raise Invalid("too_long", field=str(section), most=longest)
    return text
