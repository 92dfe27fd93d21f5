"""What a press review may quote, which span it covers, and when it is due. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from tenants.errors import Invalid

_T = TypeVar("_T")


class Rhythm(StrEnum):
    """How often a review is drawn up by itself."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class ReviewState(StrEnum):
    """A draft is picked over by people; what is out is never changed, for somebody has read it."""

    DRAFT = "draft"
    OUT = "out"


class Licensed(Protocol):
    """What of a line of the briefing's press licences is asked here."""

    @property
    def source(self) -> str: ...
    @property
    def licence(self) -> str: ...
    @property
    def excerpt(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Quoted:
    """What stands of one text in a review, and under which licence."""

    excerpt: str
    licence: str


SHORT_QUOTE = 200
"""So many characters are quoted of a source about which the briefing says nothing: a short quote, with its source and link."""
LONGEST_QUOTE = 2_000
LONGEST_COMMENT = 500
MOST_ENTRIES = 200
LONGEST_NOTE = 1_000
FARTHEST = timedelta(days=366)
LONGEST_SPAN = timedelta(days=92)


def quoted(text: str, source: str, licences: Iterable[Licensed]) -> Quoted:
    """As much of a text as its source's licence lets one quote, cut between words; nothing where it allows nothing."""
    mine = next((one for one in licences if one.source.casefold() == source.casefold()), None)
    most = SHORT_QUOTE if mine is None or mine.excerpt is None else min(mine.excerpt, LONGEST_QUOTE)
    return Quoted(shortened(text, most), mine.licence if mine else "")


def shortened(text: str, most: int) -> str:
    """At most `most` characters, the mark of what is left out included."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    if most < 2:
        return ""
    cut = flat[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"


def moved(order: Sequence[_T], one: _T, step: int) -> list[_T]:
    """The same in another order: `one` so many places up (negative) or down, never over an end."""
    rest = [other for other in order if other != one]
    at = max(0, min(len(rest), order.index(one) + step))
    return [*rest[:at], one, *rest[at:]]


def checked_span(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """Raises Invalid('end_before_start' | 'span_too_long', 'until')."""
    if until <= since:
        raise Invalid("end_before_start", "until")
    if until - since > LONGEST_SPAN:
        raise Invalid("span_too_long", "until", days=LONGEST_SPAN.days)
    return since, until


def checked_note(day: date, subject: str, text: str, today: date) -> tuple[str, str]:
    """Raises Invalid('time_past' | 'too_far', 'day'), Invalid('subject_empty' | 'too_long', field)."""
    if day < today:
        raise Invalid("time_past", "day")
    if day > today + FARTHEST:
        raise Invalid("too_far", "day")
    subject, text = " ".join(subject.split()), text.strip()
    if not subject:
        raise Invalid("subject_empty", "subject")
    for words, field, most in ((subject, "subject", 200), (text, "words", LONGEST_NOTE)):
        if len(words) > most:
            raise Invalid("too_long", field, most=most)
    return subject, text


def due_after(now: datetime, rhythm: Rhythm, at: time, weekday: int) -> datetime | None:
    """The next moment on the clocks that `now` is on: each day at a time, or on one weekday (0 is Monday)."""
    if rhythm is Rhythm.NEVER:
        return None
    ahead = 0 if rhythm is Rhythm.DAILY else (weekday - now.weekday()) % 7
    due = datetime.combine(now.date() + timedelta(days=ahead), at, now.tzinfo)
    return due if due > now else due + timedelta(days=1 if rhythm is Rhythm.DAILY else 7)
