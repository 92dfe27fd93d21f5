"""What is written of the feed by whoever reads it: places for what has been committed meanwhile. Inside an open transaction."""

from datetime import datetime

from django.db import connection

SETTLED_AT_ONCE = 5_000


def settle() -> int:
    """Give places to what is committed. How many; -1 where somebody else is at it, whose places will be seen with their commit.

    INVARIANT: in READ COMMITTED, so that what the one before has committed is seen.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT changes_settle(%s)", [SETTLED_AT_ONCE])
        placed: int = cursor.fetchone()[0]
    return placed


def compact(superseded_before: datetime, gone_before: datetime) -> int:
    """Let go of what is over; see clients/changes/changes.sql. How many changes went."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT changes_compact(%s, %s)", [superseded_before, gone_before])
        gone: int = cursor.fetchone()[0]
    return gone
