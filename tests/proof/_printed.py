"""The figures of a printed report, as whoever holds it reads them: by their headings and labels, with the numbers as text.

Words are looked up in the house's tables, because a figure is known by what it is called. Numbers are read by rules of this
module alone: how French and English write them is written down here a second time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.utils.translation import override, pgettext

from reports.facts.shapes import Unit
from reports.kinds.words import DIMENSIONS, FIGURES, LISTINGS, SECTIONS, value_word, word
from tests.proof._paper import Element

Language = Literal["en", "fr"]
Place = tuple[str, ...]
"""Section, title, then the labels that tell a number apart, all squeezed."""
THE_NUMBERS = {"en": "The numbers", "fr": "Les chiffres"}
NOTHING = "\u2013"
MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"],
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
}
_MANY = {"fr": r"\d{1,3}(?:\u202f\d{3})*", "en": r"\d{1,3}(?:,\d{3})*"}
_SHARE = {"fr": rf"({_MANY['fr']})(?:,(\d))?\u202f%", "en": rf"({_MANY['en']})(?:\.(\d))?%"}
_POINTS = {"fr": r"[+\u2212±]?(\d+)(?:,(\d))?\u202fpts?", "en": r"[+\u2212±]?(\d+)(?:\.(\d))?\u202fpts?"}
# In a font the wide no-break space is the sign of any space, and comes back as one; the narrow one has a sign of its own.
_SHORT = r"(\d{1,2})[ \u00a0]min"
_HOURS = r"(\d{1,2})[ \u00a0]h(?:[ \u00a0](\d\d))?"
_DAYS = r"([\d\u202f,]+)[ \u00a0][jd](?: (\d{1,2})[ \u00a0]h)?"
_BEFORE = re.compile(r"(?P<change>.*?)\s*\([^()]*?(?P<before>[^():]+)\)")


@dataclass
class Said:
    """What stands at one place; None where the paper has no room for it."""

    now: str
    before: str | None = None
    goal: str | None = None
    change: str | None = None


@dataclass
class Reading:
    """A report being read: every place with what stands there, and the sections that have anything."""

    language: Language
    found: dict[Place, Said] = field(default_factory=dict)
    sections: set[str] = field(default_factory=set)
    twice: list[Place] = field(default_factory=list)

    def note(self, place: Place, said: Said) -> None:
        if place in self.found and self.found[place] != said:
            self.twice.append(place)
        self.found[place] = said
        self.sections.add(place[0])


def figures_of(tree: Element, language: Language) -> Reading:
    """All figures of a report in order. What is a listing of things, and no number of a definition, is left alone."""
    reading, section, title, caption = Reading(language), "", "", ""
    with override(language):
        known = {squeezed(word(SECTIONS, code)): code for code in SECTIONS}
        for one in tree.all("H2", "H3", "LI", "Table"):
            match one.tag:
                case "H2":
                    section, title = known.get(squeezed(one.text), ""), ""
                case "H3":
                    title = one.text
                case "LI" if section:
                    _tile(reading, section, one)
                case "Table" if section:
                    caption = next((words.text for words in one.all("Caption")), caption)
                    _table(reading, section, title, caption, one)
    return reading


def place_of(section: str, key: str, names: dict[str, str]) -> Place:
    """Where a figure stands on paper, in the language in force."""
    code, *parts = key.split(";")
    dimensions = dict(part.split("=", 1) for part in parts)
    called = {name: value_word(name, value, names) for name, value in dimensions.items()}
    if code.startswith("fairness."):
        _, part, last = code.split(".")
        return _place(section, word(DIMENSIONS, part), called[part], called["clock"], word(FIGURES, f"clocks.{last}"))
    title = word(LISTINGS, "topics") if code == "mentions.topic" else word(FIGURES, code)
    return _place(section, title, *called.values())


def series_place(code: str, clock: str, week: str, language: Language) -> Place:
    """Where a point of a trend stands."""
    title = f"{word(FIGURES, code)} – {value_word('clock', clock, {})}" if clock else word(FIGURES, code)
    year, _, number = week.partition("-W")
    day = date.fromisocalendar(int(year), int(number), 1)
    return _place("trends", title, f"{day.day} {MONTHS[language][day.month - 1]}")


def agrees(text: str, unit: Unit, language: Language, exact: int | None) -> bool:
    """Whether a number as it is printed says the exact one: shares to the tenth of a percent, days to the hour."""
    if exact is None or text == NOTHING:
        return exact is None and text == NOTHING
    span = _span(text, unit, language)
    return span is not None and span[0] <= exact <= span[1]


def change_agrees(text: str, unit: Unit, language: Language, now: int, before: int) -> bool:
    """Whether '+3 (before: 5)' says both: by how much it differs, and from what."""
    found = _BEFORE.fullmatch(text)
    if found is None or not agrees(found["before"].strip(" \u00a0\u202f"), unit, language, before):
        return False
    change, told = now - before, found["change"].strip()
    if not change:
        return not re.search(r"\d", told) or bool(re.fullmatch(r"±0.*", told))
    sign = "+" if change > 0 else "\u2212"
    span = _points(told, language) if unit is Unit.SHARE else _span(told.lstrip("+\u2212"), unit, language)
    if span is None or not span[0] <= abs(change) <= span[1]:
        return False
    return told.startswith(sign) or (told.startswith("±") and span[0] <= 0)


def squeezed(text: str) -> str:
    """Without what a line's end may swallow."""
    return re.sub(r"[\s\u00a0\u202f\u00ad-]", "", text)


def _place(section: str, *words: str) -> Place:
    return (section, *(squeezed(one) for one in words))


def _tile(reading: Reading, section: str, item: Element) -> None:
    words = [one.text for one in item.all("P")]
    if len(words) < 2:
        return
    said = Said(words[1])
    for more in words[2:]:
        if more.startswith(pgettext("report", "Goal")):
            said.goal = more.split(maxsplit=1)[1]
        else:
            said.change = more
    reading.note(_place(section, words[0]), said)


def _table(reading: Reading, section: str, title: str, caption: str, table: Element) -> None:
    """`caption`: its own, or the last one: a table that goes on over the page has none."""
    head, *rows = [[cell.text for cell in line.all("TH", "TD")] for line in table.all("TR")]
    if squeezed(caption) == squeezed(THE_NUMBERS[reading.language]):
        _chart(reading, section, title, head, rows)
    elif section == "fairness":
        for line in rows:
            for name, text in zip(head[2:], line[2:], strict=True):
                reading.note(_place(section, caption, line[0], line[1], name), Said(text))
    elif section == "goals":
        for line in rows:
            reading.note(_place(section, line[0]), Said(line[1], goal=f"{line[2]}, {line[3]}"))
    elif section == "clocks" and len(head) > 3 and head != [*head[:1], *_now_and_before()]:
        _both_clocks(reading, section, head, rows)
    else:
        _rows(reading, section, caption, head, rows)


def _both_clocks(reading: Reading, section: str, head: list[str], rows: list[list[str]]) -> None:
    for line in rows:
        for at in range(1, len(head), 2):
            reading.note(_place(section, line[0], head[at]), Said(line[at], change=line[at + 1] or None))


def _rows(reading: Reading, section: str, caption: str, head: list[str], rows: list[list[str]]) -> None:
    now, before = _now_and_before()
    mentions = pgettext("report", "Mentions")
    value = next((at for at, name in enumerate(head) if name in {now, mentions}), None)
    if value is None:
        return
    was = head.index(before) if before in head else None
    for line in rows:
        labels = [cell for at, cell in enumerate(line) if at not in {value, was}]
        reading.note(_place(section, caption, *labels), Said(line[value], None if was is None else line[was]))


def _chart(reading: Reading, section: str, title: str, head: list[str], rows: list[list[str]]) -> None:
    """The numbers below a drawing lie across (a row for each strand) or down (a column for each)."""
    now, before = (squeezed(one) for one in _now_and_before())
    strands = {now, before, squeezed(title)}
    lying = all(squeezed(line[0]) in strands for line in rows)
    columns = [head, *rows] if lying else [list(column) for column in zip(head, *rows, strict=True)]
    labels, *found = columns
    texts = {squeezed(one[0]): one[1:] for one in found}
    values = texts.get(now) or texts.get(squeezed(title), [])
    for at, (label, text) in enumerate(zip(labels[1:], values, strict=True)):
        was = texts[before][at] if before in texts else None
        reading.note(_place(section, title, label), Said(text, was))


def _now_and_before() -> tuple[str, str]:
    return pgettext("report", "This period"), pgettext("report", "Before")


def _span(text: str, unit: Unit, language: Language) -> tuple[int, int] | None:
    """From the least to the greatest exact number that is written so; None where it is no number of this language."""
    if unit is Unit.COUNT:
        return _exact(_whole(text)) if re.fullmatch(_MANY[language], text) else None
    if unit is Unit.SHARE:
        found = re.fullmatch(_SHARE[language], text)
        return _tenths(_whole(found[1]), found[2]) if found else None
    return next(_times(text), None)


def _times(text: str) -> Iterator[tuple[int, int]]:
    if found := re.fullmatch(_SHORT, text):
        yield _exact(int(found[1]))
    elif found := re.fullmatch(_HOURS, text):
        yield _exact(int(found[1]) * 60 + int(found[2] or 0))
    elif found := re.fullmatch(_DAYS, text):
        hours = _whole(found[1]) * 24 + int(found[2] or 0)
        yield hours * 60, hours * 60 + 59


def _points(text: str, language: Language) -> tuple[int, int] | None:
    found = re.fullmatch(_POINTS[language], text)
    return _tenths(int(found[1]), found[2]) if found else None


def _tenths(whole: int, tenth: str | None) -> tuple[int, int]:
    hundredths = whole * 100 + int(tenth or 0) * 10
    return hundredths - 5, hundredths + 5


def _exact(number: int) -> tuple[int, int]:
    return number, number


def _whole(text: str) -> int:
    return int(re.sub(r"\D", "", text))
