"""Reading the feed: what changed after a cursor, and where it stands. Inside a scope; it waits for nobody.

What somebody may be told of it is not known here: whoever hands changes on asks for each object (`clients.webhooks.telling`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from clients.changes.models import Change, Head, Noted
from clients.changes.rules import Cursor
from tenants.errors import Conflict


@dataclass(frozen=True, slots=True)
class Stretch:
    """Changes in order, where to go on from, and whether there are more already."""

    changes: list[Change]
    cursor: Cursor
    more: bool


def head() -> Cursor:
    """Where the feed stands now. Begin here, read everything once, then follow: what changes meanwhile comes twice, never not."""
    found = _head()
    return Cursor(found.course, found.position)


def changes_after(cursor: Cursor, resources: Collection[str], limit: int) -> Stretch:
    """At most `limit` changes of these resources after the cursor.

    A cursor moves on over what is not asked for, so that it grows no older than the last reading. Raises
    Conflict('changes_restarted') for a cursor of another course or brand, Conflict('changes_forgotten') for one that is too old.
    """
    found = _head()
    if cursor.course != found.course or cursor.position > found.position:
        raise Conflict("changes_restarted")
    if cursor.position < found.forgotten:
        raise Conflict("changes_forgotten")
    rows = Change.objects.filter(position__gt=cursor.position, position__lte=found.position, resource__in=resources)
    changes = list(rows.order_by("position")[: limit + 1])
    more = len(changes) > limit
    last = changes[limit - 1].position if more else found.position
    return Stretch(changes[:limit], Cursor(found.course, last), more)


def waiting_since() -> datetime | None:
    """When the oldest change without a place was made; None where all have one."""
    at: datetime | None = Noted.objects.order_by("seq").values_list("at", flat=True).first()
    return at


def _head() -> Head:
    found: Head | None = Head.objects.first()
    if found is None:
        raise Conflict("changes_restarted")
    return found
