"""Listings as tables, each with the columns that say something; pictures as pictures; 'you said, we did' as two voices."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from reports.facts.shapes import Cell, Listing
from reports.kinds.words import COLUMNS, LISTINGS, NAMED, value_word, word
from reports.rendering import blocks
from reports.rendering.blocks import Block, Column, Linked, Note, Paragraph, Picture, Pictures, Table
from reports.rendering.typography import Language, day, moment, number, quoted

NUMERIC = frozenset({"mentions", "before", "said", "conversations", "size", "done", "good"})
WORDY = frozenset({"title", "headline", "excerpt", "comment", "text", "subject", "name", "label", "did"})
HIDDEN = {"topics": frozenset({"topic"}), "pieces": frozenset({"link"})}
MOMENTS = frozenset({"at", "published_at", "asked_at", "ended_at"})
BROAD = MOMENTS | {"source", "day"}
CODED = frozenset({"kind", "state", "decision"})


def shown(
    listing: Listing, zone: str, language: Language, names: Mapping[str, str], held: Mapping[str, bytes]
) -> Iterator[Block]:
    """The blocks of a listing. `held` has the bytes of pictures by their digest."""
    if listing.rows and listing.code == "pictures":
        yield from _pictures(listing, held)
    elif listing.rows and listing.code == "told":
        yield from _told(listing, language)
    elif listing.rows:
        yield _table(listing, zone, language, names)
    if listing.total > len(listing.rows):
        told = {"shown": number(len(listing.rows), language), "total": number(listing.total, language)}
        yield Paragraph(_("The first %(shown)s of %(total)s.") % told, "small")
    if listing.withheld:
        yield Paragraph(withheld_text(listing.withheld, language), "small")


def withheld_text(count: int, language: Language) -> str:
    """How many rows are above the class of the report."""
    words = ngettext(
        "%(number)s row is not shown: it is kept more strictly than this report.",
        "%(number)s rows are not shown: they are kept more strictly than this report.",
        count,
    )
    return words % {"number": number(count, language)}


def _table(listing: Listing, zone: str, language: Language, names: Mapping[str, str]) -> Table:
    hidden = HIDDEN.get(listing.code, frozenset())
    places = [
        place
        for place, name in enumerate(listing.columns)
        if name not in hidden
        and (name in {listing.columns[0], "label"} or any(row.cells[place] not in {None, ""} for row in listing.rows))
    ]
    columns = tuple(_column(listing.columns[place]) for place in places)
    rows = tuple(
        tuple(_cell(listing, place, row.cells, zone, language, names) for place in places) for row in listing.rows
    )
    return Table(listing.code, word(LISTINGS, listing.code), columns, rows)


def _column(name: str) -> Column:
    weight = 5 if name in WORDY else 3 if name in BROAD else 1 if name == "place" else 2
    return Column(word(COLUMNS, name), name in NUMERIC, weight)


def _cell(
    listing: Listing, place: int, cells: tuple[Cell, ...], zone: str, language: Language, names: Mapping[str, str]
) -> blocks.Cell:
    name, value = listing.columns[place], cells[place]
    if name == "label":
        topic = str(cells[listing.columns.index("topic")])
        return str(value or names.get(topic, topic))
    if name == "headline" and "link" in listing.columns:
        link = cells[listing.columns.index("link")]
        return Linked(str(value), str(link)) if link else str(value)
    if name == "name" and value is None:
        return pgettext("report", "a member (no name without consent)")
    if value is None or value == "":
        return "\u2013"
    if isinstance(value, int):
        return number(value, language)
    return _said(name, value, zone, language, names)


def _said(name: str, value: str, zone: str, language: Language, names: Mapping[str, str]) -> str:
    if name in MOMENTS:
        return moment(datetime.fromisoformat(value), language, zone, parted=True)
    if name == "day":
        return day(date.fromisoformat(value), language, year=False)
    if name == "source" and value == "":
        return "\u2013"
    return value_word(name, value, names) if name in CODED | NAMED else value


def _pictures(listing: Listing, held: Mapping[str, bytes]) -> Iterator[Block]:
    digest, alt = listing.columns.index("digest"), listing.columns.index("alt")
    found, lacking = [], 0
    for row in listing.rows:
        content, alternative = held.get(str(row.cells[digest])), str(row.cells[alt] or "").strip()
        if content is None or not alternative:
            lacking += 1
            continue
        found.append(Picture(content, alternative, alternative))
    if found:
        yield Pictures(tuple(found))
    if lacking:
        words = ngettext(
            "%(number)s picture or film is not printed: it has no description, or is no picture.",
            "%(number)s pictures or films are not printed: they have no description, or are no pictures.",
            lacking,
        )
        yield Paragraph(words % {"number": lacking}, "small")


def _told(listing: Listing, language: Language) -> Iterator[Block]:
    for record in listing.records():
        yield Note(str(record["did"]), title=quoted(str(record["said"]), language), by=str(record["theme"] or ""))
