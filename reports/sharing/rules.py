"""How a report may be shared, what a copy says that it is, and how a password is kept from being tried out. Pure."""

from enum import StrEnum

from reports.making.rules import ReportState

KIND = "reports.report"
"""What a link to a report leads to, and what the ledger calls it."""
MOST_READERS = 100
LONGEST_RECIPIENT = 200
DOOR = "/s/"
"""Where a link leads on the brand's host; its token stands behind the #, which no server is told."""
MOST_WRONG = 10
"""After so many wrong passwords a link is closed; each of them costs a slow hash."""


class Told(StrEnum):
    """What became of a reader's letter."""

    WAITING = "waiting"  # for the report to be released
    QUEUED = "queued"
    TOLD = "told"
    BOUNCED = "bounced"
    NOT_TOLD = "not_told"  # they may not read it any more, or whoever let them may not


class Mark(StrEnum):
    """What a reader's copy says that it is."""

    DRAFT = "draft"
    OUT = "out"
    WITHDRAWN = "withdrawn"


def mark_of(state: ReportState) -> Mark:
    """Of a report that stands there."""
    marks = {ReportState.RELEASED: Mark.OUT, ReportState.WITHDRAWN: Mark.WITHDRAWN}
    return marks.get(state, Mark.DRAFT)


def is_signed(state: ReportState) -> bool:
    """INVARIANT: only what the brand has let out is signed, and what it has taken back is not signed any more."""
    return mark_of(state) is Mark.OUT
