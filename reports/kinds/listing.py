"""Listings as tables, each with the columns that say something; pictures as pictures; 'you said, we did' as two voices."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.briefings.goals import Direction
from reports.facts.canonical import table_name
from reports.facts.definitions import DEFINITIONS
from reports.facts.handover import BETWEEN
from reports.facts.shapes import Listing
from reports.kinds.charting import label_of
from reports.kinds.columns import COLUMNS, Form, Record, cell_text, column_word, told_columns
from reports.kinds.handed import GOAL_PERIODS
from reports.kinds.reading import Reading
from reports.kinds.values import bound_text, value_text
from reports.kinds.words import LISTINGS, word
from reports.rendering import blocks
from reports.rendering.blocks import Block, Column, Heading, Linked, Note, Paragraph, Picture, Pictures, Points, Table
from reports.rendering.typography import Language, day, number, quoted, set_text

PRINTED = 25
"""Rows of a listing that are printed; the attached table has them all."""


def shown(section: str, listing: Listing, reading: Reading) -> Iterator[Block]:
    """The blocks of a listing of a section, and what of it is not here: attached, beyond what facts hold, or kept back."""
    if listing.rows and listing.code == "pictures":
        yield from _pictures(listing, reading)
    elif listing.rows and listing.code == "briefing":
        yield from _briefing(listing, reading)
    elif listing.rows and listing.code == "told":
        yield from _told(listing, reading.language)
    elif listing.rows:
        yield _table(listing, reading)
        yield from _unnamed(listing)
    yield from _beyond(section, listing, reading.language)
    if listing.withheld:
        yield Paragraph(withheld_text(listing.withheld, reading.language), "small")


def withheld_text(count: int, language: Language) -> str:
    """How many rows are above the class of the report."""
    words = ngettext(
        "%(number)s row is not shown: it is kept more strictly than this report.",
        "%(number)s rows are not shown: they are kept more strictly than this report.",
        count,
    )
    return words % {"number": number(count, language)}


def _beyond(section: str, listing: Listing, language: Language) -> Iterator[Paragraph]:
    """Which part of the whole is printed, and where the rest is."""
    held, total = len(listing.rows), number(listing.total, language)
    if held > PRINTED:
        name = table_name(section, listing)
        told = {"shown": number(PRINTED, language), "total": total, "held": number(held, language), "name": name}
        words = _("The first %(shown)s of %(total)s. All are in the attached file %(name)s.")
        if listing.total > held:
            words = _("The first %(shown)s of %(total)s. The attached file %(name)s has the first %(held)s.")
        yield Paragraph(set_text(words, language) % told, "small")
    elif listing.total > held:
        yield Paragraph(
            _("The first %(shown)s of %(total)s.") % {"shown": number(held, language), "total": total}, "small"
        )


def _table(listing: Listing, reading: Reading) -> Table:
    records = list(listing.records())[:PRINTED]
    names = [
        name
        for name in told_columns(listing, records)
        if name in {listing.columns[0], "label", "words"} or any(record[name] not in {None, ""} for record in records)
    ]
    columns = tuple(_column(name) for name in names)
    rows = tuple(tuple(_cell(name, record, reading) for name in names) for record in records)
    return Table(listing.code, word(LISTINGS, listing.code), columns, rows)


def _unnamed(listing: Listing) -> Iterator[Block]:
    """Why a name is missing: which of the two it is for whom would itself tell of what is kept."""
    if "name" in listing.columns and any(record["name"] is None for record in listing.records()):
        words = _("Members are named who agreed to it, and whose record is not kept more strictly than this report.")
        yield Paragraph(words, "small")


def _column(name: str) -> Column:
    return Column(column_word(name), COLUMNS[name].form is Form.NUMBER, COLUMNS[name].weight)


def _cell(name: str, record: Record, reading: Reading) -> blocks.Cell:
    text = cell_text(name, record, reading, parted=True)
    return Linked(text, str(record["link"])) if name == "headline" and record.get("link") else text


def _pictures(listing: Listing, reading: Reading) -> Iterator[Block]:
    found, lacking = [], 0
    for record in listing.records():
        content, alternative = reading.pictures.get(str(record["digest"])), str(record["alt"] or "").strip()
        if content is None or not alternative:
            lacking += 1
            continue
        found.append(Picture(content, alternative, _shown_on(record, reading)))
    if found:
        yield Pictures(tuple(found))
    if lacking:
        words = ngettext(
            "%(number)s picture or film is not printed: it has no description, or is no picture.",
            "%(number)s pictures or films are not printed: they have no description, or are no pictures.",
            lacking,
        )
        yield Paragraph(words % {"number": lacking}, "small")


def _shown_on(record: Record, reading: Reading) -> str:
    """Below a picture stands when it went out; what is on it says its description, once."""
    return cell_text("at", record, reading) if record["at"] else ""


def _briefing(listing: Listing, reading: Reading) -> Iterator[Block]:
    """Part by part under its name, in its own words: a line of it is a line here."""
    for record in listing.records():
        yield Heading(cell_text("part", record, reading), 3)
        lines = [one for one in str(record["text"]).splitlines() if one.strip()]
        lines = [_goal(one, reading) for one in lines] if record["part"] == "goals" else lines
        yield Points(tuple(lines)) if len(lines) > 1 else Paragraph("".join(lines))


def _goal(line: str, reading: Reading) -> str:
    """A line of goals as the briefing keeps it, in words."""
    figure, direction, value, per, *since = line.split(BETWEEN)
    code, *pairs = figure.split(";")
    dimensions = tuple((name, of) for name, _eq, of in (pair.partition("=") for pair in pairs))
    words = _("%(figure)s: %(goal)s per %(period)s") % {
        "figure": label_of(code, dimensions, reading.names),
        "goal": bound_text(Direction(direction), value_text(int(value), DEFINITIONS[code].unit, reading.language)),
        "period": word(GOAL_PERIODS, per),
    }
    return (
        _("%(goal)s, from %(day)s") % {"goal": words, "day": day(date.fromisoformat(since[0]), reading.language)}
        if since
        else words
    )


def _told(listing: Listing, language: Language) -> Iterator[Block]:
    for record in listing.records():
        yield Note(str(record["did"]), title=quoted(str(record["said"]), language), by=str(record["theme"] or ""))
