"""What one column of a briefing's line may hold, where that is more than words. Pure.

Each check gives the value as it is kept, or raises Invalid with the section as its field.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from enum import StrEnum

from clients.autonomy.vocabulary import Sensitivity
from tenants.errors import Invalid

LANGUAGE = re.compile(r"[a-z]{2,3}")
DAYS_AND_HOURS = re.compile(r"(?:([1-7])-([1-7]) )?(\d\d):(\d\d)-(\d\d):(\d\d)")
ALWAYS = "always"
LONGEST_EXCERPT = 2_000


class Then(StrEnum):
    """What a brand wants of an act that touches a topic: its own yes first, or that it does not go out."""

    APPROVE = "approve"
    REFUSE = "refuse"


class Urgent(StrEnum):
    """What makes a house rule urgent: nobody sleeps on it."""

    ILLEGAL = "illegal"
    PERSONAL_DATA = "personal_data"
    DANGER = "danger"


def split(text: str, signs: str = ";\n") -> tuple[str, ...]:
    """What stands between semicolons (or the signs given), without blanks."""
    return tuple(part for piece in re.split(f"[{re.escape(signs)}]", text) if (part := piece.strip()))


def phrases(field: str, text: str) -> str:
    """At least one, between semicolons."""
    found = split(text)
    if text and not found:
        raise Invalid("no_phrase", field=field)
    return "; ".join(found)


def then(field: str, text: str) -> str:
    if text and text not in set(Then):
        raise Invalid("unknown_choice", field=field)
    return text or str(Then.APPROVE)


def until(field: str, text: str) -> str:
    """A date, or a date and a time of the brand's clock: '2026-11-24' or '2026-11-24T08:00'."""
    try:
        if len(text) <= len("2026-11-24"):
            return date.fromisoformat(text).isoformat()
        moment = datetime.fromisoformat(text)
    except ValueError as bad:
        raise Invalid("bad_date", field=field) from bad
    if moment.tzinfo is not None:
        raise Invalid("bad_date", field=field)
    return moment.isoformat(timespec="minutes")


def urgent(field: str, text: str) -> str:
    """Why an act that cites a rule may not wait; none: it may."""
    if text and text not in set(Urgent):
        raise Invalid("unknown_choice", field=field)
    return text


def number(field: str, text: str) -> str:
    if text and not (text.isascii() and text.isdecimal() and 0 < int(text) < 1_000_000):
        raise Invalid("not_a_number", field=field)
    return str(int(text)) if text else ""


def key(field: str, text: str) -> str:
    """A number, or a word that the writer chose: small letters, digits and hyphens."""
    if text and not re.fullmatch(r"[a-z0-9-]{1,40}", text):
        raise Invalid("not_a_key", field=field)
    return text


def sensitivity(field: str, text: str) -> str:
    """One of the three; none means any."""
    if text and text not in set(Sensitivity):
        raise Invalid("unknown_choice", field=field)
    return text


def excerpt(field: str, text: str) -> str:
    """How many characters of a source may be quoted."""
    if text and not (text.isascii() and text.isdecimal() and int(text) <= LONGEST_EXCERPT):
        raise Invalid("not_a_number", field=field)
    return text


def language(field: str, text: str) -> str:
    """One, by its short name; none means any."""
    if text and not LANGUAGE.fullmatch(text.lower()):
        raise Invalid("unknown_language", field=field)
    return text.lower()


def hours(field: str, text: str) -> str:
    """When somebody can be called: nothing (the brand's working hours), 'always', '09:00-18:00' or '1-5 09:00-18:00'."""
    text = text.lower()
    if text and text != ALWAYS and span_of(text) is None:
        raise Invalid("bad_hours", field=field)
    return text


def span_of(text: str) -> tuple[range, time, time] | None:
    """(days from Monday as 0, from, until) of hours with a clock; None where they cannot be read."""
    found = DAYS_AND_HOURS.fullmatch(text)
    if found is None:
        return None
    first, last = int(found[1] or 1), int(found[2] or 7)
    try:
        start, end = time(int(found[3]), int(found[4])), time(int(found[5]), int(found[6]))
    except ValueError:
        return None
    return (range(first - 1, last), start, end) if first <= last and start != end else None


CHECKS: dict[str, Callable[[str, str], str]] = {
    "words": phrases,
    "phrases": phrases,
    "exclusions": phrases,
    "then": then,
    "urgent": urgent,
    "until": until,
    "number": number,
    "key": key,
    "near": phrases,
    "within": number,
    "sources": phrases,
    "excerpt": excerpt,
    "language": language,
    "hours": hours,
    "sensitivity": sensitivity,
    "acknowledge_within": number,
    "answer_within": number,
}
