"""When a webhook is tried again, what it is called, and what is too much. Pure: no Django, no clock.

Pauses are those of the Standard Webhooks specification, so that a receiver that is down for a weekend misses nothing.
"""

import zlib
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class PausedWhy(StrEnum):
    """Who or what paused a subscription."""

    BY_HAND = "by_hand"
    GONE = "gone"  # the receiver said 410: never again
    FAILING = "failing"  # nothing arrived for three days


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"  # three days of tries; can be sent again by hand
    DROPPED = "dropped"  # what it tells of may no longer be told


class Told(StrEnum):
    """What an event says of an object."""

    CHANGED = "changed"
    GONE = "gone"


TEST = "webhook.test"
RESTARTED = "changes.restarted"
"""Events about no object: a test; and that the feed has begun anew, so that everything has to be read once more."""

PAUSES: tuple[timedelta, ...] = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.2
GIVES_UP = timedelta(days=3)

LANES = 4
"""In which its events wait, so that one object waits behind no other. All events of an object go by one lane."""
AT_ONCE = 2
"""How many events of one subscription are under way; one of a receiver that fails."""
FAILS_IN_A_ROW = 5
QUIET_FIRST, QUIET_MOST = timedelta(seconds=30), timedelta(minutes=15)
LONGEST_ASKED = timedelta(hours=1)
"""How long a receiver may have itself left in peace by `Retry-After`, each time it says so."""
MOST_WAITING = 10_000
"""Events written down ahead for one subscription; the feed keeps the rest."""
MOST_SUBSCRIPTIONS = 20
LONGEST_NAME, LONGEST_ANSWER, LONGEST_BODY = 80, 1_000, 64_000
KEPT = timedelta(days=30)
OLD_SECRET_LASTS = timedelta(days=2)
"""How long the secret of before signs beside the new one."""
MOST_REPLAYED = 10_000


def event_of(resource: str, told: Told) -> str:
    """'items.changed', 'items.gone'."""
    return f"{resource}.{told}"


def lane_of(object_id: UUID | None) -> int:
    return zlib.crc32(object_id.bytes) % LANES if object_id else 0


def next_try(attempts: int, now: datetime, chance: float) -> datetime | None:
    """When an event that failed so often is tried again; None: never by itself. `chance` is between 0 and 1.

    A pause is made longer or shorter by a fifth at most, so that what failed together does not come back together.
    """
    if attempts > len(PAUSES):
        return None
    return now + PAUSES[attempts - 1] * (1 + JITTER * (2 * chance - 1))


def quiet_until(fails_in_a_row: int, now: datetime) -> datetime | None:
    """Until when a receiver that refuses everything is left in peace."""
    more = fails_in_a_row - FAILS_IN_A_ROW
    if more < 0:
        return None
    return now + min(QUIET_FIRST * 2 ** min(more, 10), QUIET_MOST)


def not_before(ours: datetime | None, asked: datetime | None, now: datetime) -> datetime | None:
    """Our own moment, put off to the one that the receiver asked for, within bounds."""
    if asked is None:
        return ours
    theirs = min(asked, now + LONGEST_ASKED)
    return theirs if ours is None else max(ours, theirs)


def has_failed_long(failing_since: datetime | None, now: datetime) -> bool:
    """Whether nothing has arrived for so long that it is time to stop and to say so."""
    return failing_since is not None and now - failing_since >= GIVES_UP
