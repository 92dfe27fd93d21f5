"""Two sets of facts side by side: every figure of either, by how much they differ, and what stands in the listings of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.facts.shapes import Facts, Figure, Listing, Row, Section, Unit
from reports.kinds.charting import label_of
from reports.kinds.columns import cell_text
from reports.kinds.listing import withheld_text
from reports.kinds.reading import Reading
from reports.kinds.summary import so_far
from reports.kinds.values import NOTHING, difference_text, value_text
from reports.kinds.words import LISTINGS, SECTIONS, word
from reports.rendering.typography import Language, span

MEASURED = {"members": "said"}
"""Listings whose rows are counts of something, and the column with the count. Of all others a row is there or it is not."""
NOT_COMPARED = frozenset({"topics", "check"})
"""Topics are figures, all of them; of the log's recomputation each report tells the last."""
TITLES = ("title", "words", "headline", "subject", "label", "name", "said", "alt", "held", "text", "kind", "digest")
"""Columns that may say what a row is, the best first."""
DAYS = ("at", "since", "day", "published_at")
"""Columns that may say when it was."""
MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One number of both; `change` is '' where one of them has none. `kept`: rows above the reader's class, of each."""

    label: str
    ours: str
    theirs: str
    change: str
    kept: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Rows:
    """What stands in a listing of either. `left`: lines that are not shown."""

    title: str
    count: Line
    lines: tuple[Line, ...]
    left: int = 0


@dataclass(frozen=True, slots=True)
class Together:
    """One section of both. `lacking`: only one of the reports has it."""

    title: str
    lines: tuple[Line, ...]
    listings: tuple[Rows, ...]
    lacking: bool = False


@dataclass(frozen=True, slots=True)
class Both:
    """Two sets of facts, with what their words are written in."""

    ours: Facts
    theirs: Facts
    names: Mapping[str, str]
    language: Language


def compared(both: Both) -> list[Together]:
    """Section by section, in the language in force. What one of them alone tells of is there, too."""
    codes = dict.fromkeys(section.code for facts in (both.ours, both.theirs) for section in facts.sections)
    found = (_section(code, both) for code in codes)
    return [one for one in found if one.lines or one.listings]


def remarks(both: Both) -> list[str]:
    """What has to be known of the two before their numbers are compared."""
    told = [f"{_span(one, both)}: {words}" for one in (both.ours, both.theirs) for words in _of_one(one, both.language)]
    lengths = [0 if one.period.is_running else one.period.days for one in (both.ours, both.theirs)]
    if lengths[0] != lengths[1]:
        told.append(_("The two periods are not equally long: numbers of the longer one are larger for that alone."))
    return told


def _of_one(facts: Facts, language: Language) -> Iterator[str]:
    if facts.period.is_running:
        yield so_far(facts, language)
    if facts.withheld:
        yield withheld_text(facts.withheld, language)


def _span(facts: Facts, both: Both) -> str:
    return span(facts.period.start, facts.period.end, both.language)


def _section(code: str, both: Both) -> Together:
    ours, theirs = both.ours.section(code), both.theirs.section(code)
    figures = tuple(_figures(ours, theirs, both))
    listings = tuple(_listings(ours, theirs, both))
    return Together(word(SECTIONS, code), figures, listings, ours is None or theirs is None)


def _figures(ours: Section | None, theirs: Section | None, both: Both) -> Iterator[Line]:
    """By code in the order of the report, the parts of the other one alone after those of both."""
    mine, others = _by_key(ours), _by_key(theirs)
    codes = dict.fromkeys(one.code for one in (*mine.values(), *others.values()))
    for code in codes:
        for key in dict.fromkeys([*mine, *others]):
            like = mine.get(key) or others[key]
            if like.code == code:
                values = (
                    _value(like, mine.get(key), ours, both.ours),
                    _value(like, others.get(key), theirs, both.theirs),
                )
                kept = tuple(one[key].withheld if key in one else 0 for one in (mine, others))
                label = label_of(code, like.dimensions, both.names)
                yield _line(label, values, like.unit, both.language, (kept[0], kept[1]))


def _by_key(section: Section | None) -> dict[str, Figure]:
    return {one.key: one for one in section.figures} if section else {}


def _value(like: Figure, figure: Figure | None, section: Section | None, facts: Facts) -> int | None:
    """Of a part that a section does not tell of there was none: a count of it is 0, and its share of something.

    None where the section is not there, all of it is kept, or the brand had not come yet.
    """
    if figure is not None:
        return figure.value
    began = facts.brand.began
    if section is None or section.is_closed or (began is not None and facts.period.until <= began):
        return None
    if like.unit is Unit.SHARE:
        return 0 if any(one.code == like.code and one.value for one in section.figures) else None
    return 0 if like.unit is Unit.COUNT else None


def _line(
    label: str, values: tuple[int | None, int | None], unit: Unit, language: Language, kept: tuple[int, int] = (0, 0)
) -> Line:
    ours, theirs = (value_text(one, unit, language) for one in values)
    known = values[0] is not None and values[1] is not None
    change = difference_text((values[0] or 0) - (values[1] or 0), unit, language) if known else ""
    return Line(label, ours, theirs, change, kept)


def _listings(ours: Section | None, theirs: Section | None, both: Both) -> Iterator[Rows]:
    mine, others = ({one.code: one for one in section.listings} if section else {} for section in (ours, theirs))
    for code in dict.fromkeys([*mine, *others]):
        if code not in NOT_COMPARED:
            yield from _listing(mine.get(code), others.get(code), both)


def _listing(ours: Listing | None, theirs: Listing | None, both: Both) -> Iterator[Rows]:
    """How many of each, and each row by what it is called: in which of both it stands, or how much it counts there."""
    known = [one for one in (ours, theirs) if one is not None]
    if not any(one.total or one.withheld for one in known):
        return
    totals = (ours.total if ours else None, theirs.total if theirs else None)
    kept = (ours.withheld if ours else 0, theirs.withheld if theirs else 0)
    count = _line(pgettext("comparison", "How many"), totals, Unit.COUNT, both.language, kept)
    lines = list(_lines(ours, theirs, both))
    yield Rows(word(LISTINGS, known[0].code), count, tuple(lines[:MOST_LINES]), max(0, len(lines) - MOST_LINES))


def _lines(ours: Listing | None, theirs: Listing | None, both: Both) -> Iterator[Line]:
    mine, others = (_by_row(listing) for listing in (ours, theirs))
    for key in dict.fromkeys([*mine, *others]):
        found = mine.get(key) or others[key]
        listing = ours if key in mine else theirs
        facts = both.ours if key in mine else both.theirs
        if listing is None or not (
            text := _called(listing, found, Reading(both.language, facts.brand.time_zone, both.names))
        ):
            continue
        if listing.code in MEASURED:
            yield _line(
                text, (_measure(ours, mine.get(key)), _measure(theirs, others.get(key))), Unit.COUNT, both.language
            )
        else:
            there = [pgettext("comparison", "there") if key in rows else NOTHING for rows in (mine, others)]
            yield Line(text, there[0], there[1], "")


def _called(listing: Listing, row: Row, reading: Reading) -> str:
    """When one row was, and what it says first; '' where nothing does."""
    record = dict(zip(listing.columns, row.cells, strict=True))
    words = next((name for name in TITLES if record.get(name) or (name == "words" and name in record)), "")
    day = next((name for name in DAYS if record.get(name)), "")
    return ", ".join(cell_text(name, record, reading) for name in (day, words) if name) if words else ""


def _by_row(listing: Listing | None) -> dict[object, Row]:
    """Rows by what they are; of members who are not named nobody can say whether they are the same."""
    rows: Iterable[Row] = listing.rows if listing else ()
    return {one.id or one.cells: one for one in rows if one.id or listing is None or listing.code not in MEASURED}


def _measure(listing: Listing | None, row: Row | None) -> int | None:
    """What a row counts; of one that is not there 0, if all are told and each is known, else nothing."""
    if listing is None:
        return None
    if row is not None:
        value = row.cells[listing.columns.index(MEASURED[listing.code])]
        return value if isinstance(value, int) else None
    whole = listing.total == len(listing.rows) and not listing.withheld
    return 0 if whole and all(one.id for one in listing.rows) else None
