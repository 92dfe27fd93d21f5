"""How a report may be shared, and how a short password is kept from being tried out. Pure."""

from datetime import timedelta
from enum import StrEnum

from tenants.errors import Invalid

KIND = "reports.report"
"""What a link to a report leads to, and what the ledger calls it."""
USUAL_DAYS, USUAL_VIEWS = 14, 20
MOST_READERS = 100
LEAST_PASSWORD, LONGEST_PASSWORD = 8, 128
MOST_WRONG = 10
"""After so many wrong passwords a link is closed; each of them costs a slow hash, one at a time for each link."""


class Told(StrEnum):
    """What became of a reader's letter."""

    WAITING = "waiting"  # for the report to be released
    QUEUED = "queued"
    TOLD = "told"
    BOUNCED = "bounced"
    NOT_TOLD = "not_told"  # they may not read it any more, or whoever let them may not


def checked_password(password: str) -> str:
    """'' for none. Raises Invalid('password_short' | 'too_long', 'password')."""
    if not password:
        return ""
    if len(password) < LEAST_PASSWORD:
        raise Invalid("password_short", "password", least=LEAST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise Invalid("too_long", "password", most=LONGEST_PASSWORD)
    return password


def link_days(days: int, longest: timedelta) -> timedelta:
    """Raises Invalid('number_out_of_range', 'days')."""
    if not 1 <= days <= longest.days:
        raise Invalid("number_out_of_range", "days", most=longest.days)
    return timedelta(days=days)
