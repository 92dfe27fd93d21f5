"""Figures, series, listings and the rows behind a figure as the lines of a page."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, cast
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language

from clients.press.queries import topic_words
from clients.service.queries import channel_names
from portal.times import exact
from portal.wording import word
from portal.wording.disclosures import CLASSES, OBJECTS
from reports.facts.opening import Opened, OpenRow
from reports.facts.periods import period_named
from reports.facts.shapes import Dimensions, Facts, Section, Series
from reports.kinds.listing import CODED, MOMENTS
from reports.kinds.values import change_text, value_text
from reports.kinds.words import COLUMNS, DIMENSIONS, FIGURES, LISTINGS, NAMED, value_word

PAGES = {
    "gate.receipt": "receipt",
    "mentions.mention": "mention",
    "insights.insight": "insight",
    "items.item": "item",
}
"""Where one row of a kind is shown; of the others there is no page of one."""


def language() -> Literal["fr", "en"]:
    """That of the page, as numbers are written in it."""
    return "fr" if (get_language() or "").startswith("fr") else "en"


def names_of(facts: Facts) -> dict[str, str]:
    """What the brand calls its channels and topics, as far as both sides read it. No query where none is told apart."""
    by = {name for _section, figure in facts.figures() for name, _value in figure.dimensions}
    channels = {str(pk): name for pk, name in channel_names().items()} if "channel" in by else {}
    return channels | (topic_words() if "topic" in by else {})


def figure_lines(section: Section, names: Mapping[str, str], query: Callable[..., str]) -> list[dict[str, Any]]:
    """One line a figure, with the address of its rows."""
    spoken = language()
    return [
        {
            "label": word(FIGURES, one.code),
            "by": by_words(one.dimensions, names),
            "value": value_text(one.value, one.unit, spoken),
            "before": value_text(one.before, one.unit, spoken),
            "change": change_text(one, spoken),
            "goal": value_text(one.goal, one.unit, spoken) if one.goal is not None else "",
            "withheld": one.withheld,
            "key": one.key,
            "url": f"{reverse('figures_rows')}?{query(figure=one.key)}",
        }
        for one in section.figures
    ]


def began_on(facts: Facts) -> str:
    """The day on which the brand came here, on its own clock."""
    began = facts.brand.began
    return date_format(began.astimezone(ZoneInfo(facts.brand.time_zone)), "DATE_FORMAT") if began else ""


def by_words(dimensions: Dimensions, names: Mapping[str, str]) -> str:
    """As 'Channel: Le mur · Kind: answer'; '' for the whole."""
    return " · ".join(f"{word(DIMENSIONS, name)}: {value_word(name, value, names)}" for name, value in dimensions)


def series_tables(section: Section, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """A table for each series: a column for each of its weeks."""
    spoken = language()
    return [
        {
            "code": one.code,
            "label": word(FIGURES, one.code),
            "by": by_words(one.dimensions, names),
            "points": [(_week(point.at), value_text(point.value, one.unit, spoken)) for point in one.points],
            "goal": value_text(one.goal, one.unit, spoken) if one.goal is not None else "",
        }
        for one in section.series
        if _says_something(one)
    ]


def listing_tables(section: Section, facts: Facts, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """A table for each listing that has a line, or keeps one back."""
    return [
        {
            "code": one.code,
            "label": word(LISTINGS, one.code),
            "heads": [word(COLUMNS, column) for column in one.columns],
            "rows": [
                [_cell(column, cell, names) for column, cell in zip(one.columns, row.cells, strict=True)]
                for row in one.rows
            ],
            "more": one.total - len(one.rows),
            "withheld": one.withheld,
        }
        for one in section.listings
        if one.rows or one.withheld
    ]


def row_lines(opened: Opened) -> list[dict[str, Any]]:
    """The rows behind a figure, each with its page where it has one."""
    return [
        {
            "kind": word(OBJECTS, one.kind),
            "title": one.title,
            "at": one.at.isoformat() if not hasattr(one.at, "hour") else exact(cast("Any", one.at)),
            "class": word({name: badge[2] for name, badge in CLASSES.items()}, one.info_class),
            "url": _page(one),
        }
        for one in opened.rows
    ]


def _page(one: OpenRow) -> str:
    return reverse(PAGES[one.kind], args=[one.id]) if one.kind in PAGES else ""


def _says_something(one: Series) -> bool:
    return any(point.value is not None for point in one.points)


def _week(code: str) -> str:
    return date_format(period_named(code, "UTC").start, "j M")


def _cell(column: str, cell: object, names: Mapping[str, str]) -> str:
    """A cell for people: moments to the minute, codes as words; a digest in short."""
    if cell is None or cell == "":
        return "–"
    if column in MOMENTS:
        return str(cell)[:16].replace("T", " ")
    if column == "digest":
        return str(cell)[:12]
    return value_word(column, str(cell), names) if column in CODED | NAMED else str(cell)
