"""Figures, series, listings and the rows behind a figure as the lines of a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language, gettext, pgettext_lazy

from clients.custody.models import Turn
from clients.mentions.models import Mention
from clients.press.queries import topic_words
from clients.service.models import Clock, Promise
from clients.service.queries import channel_names
from portal.brand.rows import EXCERPT, shortened
from portal.times import when
from portal.wording import word
from portal.wording.disclosures import CLASSES
from reports.facts.opening import Opened, OpenRow
from reports.facts.periods import period_named
from reports.facts.shapes import Dimensions, Facts, Figure, Reached, Section, Series
from reports.kinds.columns import Record, cell_text, column_word, told_columns
from reports.kinds.listing import PRINTED
from reports.kinds.reading import Reading
from reports.kinds.values import change_text, goal_text, reached_text, value_text
from reports.kinds.words import DIMENSIONS, FIGURES, LISTINGS, Word, value_word
from reports.rendering.typography import minutes, set_text

FEW = 5
PAGES = {
    "gate.receipt": "receipt",
    "mentions.mention": "mention",
    "insights.insight": "insight",
    "items.item": "item",
}
"""Where one row of a kind is shown; of the others there is no page of one, or it is that of a conversation."""
ONE: dict[str, Word] = {
    "approvals.hold": pgettext_lazy("one row", "hold"),
    "approvals.verdict": pgettext_lazy("one row", "word of the brand"),
    "audit.entry": pgettext_lazy("one row", "line of the log"),
    "crisis.crisis": pgettext_lazy("one row", "crisis"),
    "custody.turn": pgettext_lazy("one row", "word of a member"),
    "disclosure.disclosure": pgettext_lazy("one row", "line of the ledger"),
    "gate.dispatch": pgettext_lazy("one row", "try of an act"),
    "gate.receipt": pgettext_lazy("one row", "receipt"),
    "insights.insight": pgettext_lazy("one row", "insight"),
    "insights.released": pgettext_lazy("one row", "line of “you said, we did”"),
    "items.item": pgettext_lazy("one row", "item"),
    "items.media": pgettext_lazy("one row", "picture"),
    "mentions.mention": pgettext_lazy("one row", "mention"),
    "press.reviewentry": pgettext_lazy("one row", "piece of the press"),
    "service.clock": pgettext_lazy("one row", "clock of a conversation"),
    "service.promise": pgettext_lazy("one row", "promise"),
}


def language() -> Literal["fr", "en"]:
    """That of the page, as numbers are written in it."""
    return "fr" if (get_language() or "").startswith("fr") else "en"


def figure_lines(section: Section, names: Mapping[str, str], rows_at: Callable[[str], str]) -> list[dict[str, Any]]:
    """One line a figure; `rows_at`: the address of its rows by its key.

    Of what is told apart at length the largest few are not folded away.
    """
    spoken, largest = language(), _largest(section)
    return [
        {
            "label": word(FIGURES, one.code),
            "by": by_words(one.dimensions, names),
            "value": value_text(one.value, one.unit, spoken),
            "before": value_text(one.before, one.unit, spoken),
            "change": change_text(one, spoken),
            "goal": goal_text(one, spoken),
            "reached": reached_text(one),
            "missed": one.reached is Reached.NO,
            "withheld": one.withheld,
            "key": one.key,
            "folded": bool(one.dimensions) and one.key not in largest,
            "url": rows_at(one.key),
        }
        for one in section.figures
    ]


def _largest(section: Section) -> set[str]:
    """The keys of the first few of every figure that is told apart."""
    apart: dict[str, list[Figure]] = {}
    for one in section.figures:
        if one.dimensions:
            apart.setdefault(one.code, []).append(one)
    return {
        one.key
        for told in apart.values()
        for one in sorted(told, key=lambda one: one.value or 0, reverse=True)[: FEW if len(told) > FEW + 1 else None]
    }


def began_on(facts: Facts) -> str:
    """The day on which the brand came here, on its own clock."""
    began = facts.brand.began
    return date_format(began.astimezone(ZoneInfo(facts.brand.time_zone)), "DATE_FORMAT") if began else ""


def by_words(dimensions: Dimensions, names: Mapping[str, str]) -> str:
    """As 'Channel: Le mur · Kind: answer'; '' for the whole."""
    told = ((word(DIMENSIONS, name), value_word(name, value, names)) for name, value in dimensions)
    return " · ".join(gettext("%(name)s: %(value)s") % {"name": name, "value": value} for name, value in told)


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
            "heads": [column_word(column) for column in told_columns(one)],
            "rows": [
                [_cell(column, record, names) for column in told_columns(one)]
                for record in islice(one.records(), PRINTED)
            ],
            "more": one.total - min(len(one.rows), PRINTED),
            "withheld": one.withheld,
        }
        for one in section.listings
        if one.rows or one.withheld
    ]


def row_context(opened: Opened) -> dict[str, Any]:
    """What a page says of one opened figure, wherever it was opened."""
    return {
        "title": word(FIGURES, opened.definition.code),
        "says": set_text(opened.definition.says[language() == "fr"], language()),
        "by": opened_by(opened),
        "rows": row_lines(opened),
        "seen": opened.seen,
        "withheld": opened.withheld,
        "more": opened.seen - len(opened.rows),
    }


def row_lines(opened: Opened) -> list[dict[str, Any]]:
    """The rows behind a figure, each with its page where it has one, and of a clock how long it ran. Two queries at most."""
    talks, first_words = _conversations(opened), _first_words(opened)
    return [
        {
            "kind": word(ONE, one.kind),
            "title": _title(one, first_words),
            "at": when(one.at) if isinstance(one.at, datetime) else date_format(one.at, "DATE_FORMAT"),
            "took": talks[one.id].took if one.id in talks else "",
            "class": word({name: badge[2] for name, badge in CLASSES.items()}, one.info_class),
            "url": _page(one, talks),
        }
        for one in opened.rows
    ]


def opened_by(opened: Opened) -> str:
    """What its rows are told apart by, with the names of channels and topics that both sides read."""
    by = opened.dimensions
    channels = {str(pk): name for pk, name in channel_names().items()} if by.keys() & {"channel", "rule"} else {}
    return by_words(tuple(by.items()), channels | (topic_words() if "topic" in by else {}))


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation behind a row, and how long its clock ran; '' while it runs."""

    id: UUID
    took: str = ""


def _conversations(opened: Opened) -> dict[UUID, Talk]:
    ids = [one.id for one in opened.rows]
    kind = opened.definition.source.kind
    if kind == "service.clock":
        ran = Clock.objects.filter(pk__in=ids).annotate(worked=F("working_brand") + F("working_agency"))
        found = ran.values_list("pk", "conversation_id", "worked", "stopped_at")
        return {pk: Talk(talk, minutes(worked / 60, language()) if at else "") for pk, talk, worked, at in found}
    if kind == "service.promise":
        return {pk: Talk(talk) for pk, talk in Promise.objects.filter(pk__in=ids).values_list("pk", "conversation_id")}
    if kind == "custody.turn":
        return {pk: Talk(talk) for pk, talk in Turn.objects.filter(pk__in=ids).values_list("pk", "conversation_id")}
    return {}


def _first_words(opened: Opened) -> dict[UUID, str]:
    """Of mentions without a title. The rows are those that the reader may read: so are their words."""
    ids = [one.id for one in opened.rows if one.kind == "mentions.mention" and not one.title]
    begun = Mention.objects.filter(pk__in=ids).annotate(begun=Left("text", EXCERPT * 2)) if ids else ()
    return {one.pk: shortened(one.begun) for one in begun}


def _title(one: OpenRow, first_words: Mapping[UUID, str]) -> str:
    if one.kind == "audit.entry":
        return value_word("act", one.title, {})
    return first_words.get(one.id, "") if one.id in first_words else one.title


def _page(one: OpenRow, talks: Mapping[UUID, Talk]) -> str:
    if one.id in talks:
        return reverse("conversation", args=[talks[one.id].id])
    return reverse(PAGES[one.kind], args=[one.id]) if one.kind in PAGES else ""


def _says_something(one: Series) -> bool:
    return any(point.value is not None for point in one.points)


def _week(code: str) -> str:
    return date_format(period_named(code, "UTC").start, "j M")


def _cell(column: str, record: Record, names: Mapping[str, str]) -> str:
    """A cell for people; a digest in short."""
    told = cell_text(column, record, Reading(language(), get_current_timezone_name(), names))
    return told[:12] if column == "digest" else told
