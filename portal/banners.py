"""What every page of a brand says at its top: a stop in force, a crisis proposed or in force. One query for both."""

from dataclasses import dataclass

from django.db import connection

_ASK = """
    SELECT EXISTS (SELECT FROM approvals_hold WHERE lifted_at IS NULL),
           (SELECT state FROM crisis_crisis WHERE is_open),
           EXISTS (SELECT FROM crisis_crisis WHERE is_open AND taken_at IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Banners:
    """`crisis` is the state of the open one, or ''."""

    stopped: bool
    crisis: str
    taken: bool


def banners() -> Banners:
    """As of this moment, in the brand's scope."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK)
        stopped, crisis, taken = cursor.fetchone()
    return Banners(stopped, crisis or "", taken)
