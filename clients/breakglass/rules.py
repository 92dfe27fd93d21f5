"""How long an opening may last, what must be said about it, and how it ends. Pure."""

from datetime import timedelta
from enum import StrEnum

from clients.people.names import what_is_wrong_with

MOST_HOURS = 4
LONGEST = timedelta(hours=MOST_HOURS)
SHORTEST_REASON, LONGEST_REASON = 10, 300
LONGEST_TICKET = 60
A_PAGE = 50
MOST_COMPARED = 5


class Ended(StrEnum):
    """How an opening came to its end."""

    BRAND = "brand"  # somebody of the brand pressed the button
    OPERATOR = "operator"
    TIME = "time"
    FAILED = "failed"  # it never stood: the database refused to make it


def what_is_wrong(who: str, reason: str, ticket: str, hours: float) -> tuple[str, str] | None:
    """(code, field) of the first thing that is missing or too much; None when it may be opened."""
    if nameless := what_is_wrong_with(who):
        return nameless, "who"
    if len(reason.strip()) < SHORTEST_REASON:
        return "opening_reason_missing", "reason"
    if len(reason.strip()) > LONGEST_REASON:
        return "opening_words_too_long", "reason"
    if len(ticket.strip()) > LONGEST_TICKET:
        return "opening_words_too_long", "ticket"
    if not 0 < hours <= MOST_HOURS:
        return "opening_too_long", "hours"
    return None
