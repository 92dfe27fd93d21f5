"""Where a reader of the changes stands: a cursor. Pure. How it is told to those who follow: `cursors`.

A cursor is a position in one *course* of the feed. A brand that comes back from a backup begins another course: the positions
that were handed out since the backup will be handed out again, to other changes, so whoever stands in the old course has to
begin anew.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tenants.errors import Invalid

SUPERSEDED_KEPT = timedelta(days=7)
"""How long a change is told that the same object has left behind by a later one."""
GONE_KEPT = timedelta(days=90)
"""How long it is told that something is no more. Who was away longer begins anew."""
MOST = 1_000
"""Changes in one answer."""

_VERSION, _POSITION_BYTES = b"\x01", 8


@dataclass(frozen=True, slots=True)
class Cursor:
    """After this position of this course. As text it is kept in our tables; before it was sealed it was told like that, too."""

    course: UUID
    position: int

    def __str__(self) -> str:
        raw = _VERSION + self.course.bytes + self.position.to_bytes(_POSITION_BYTES)
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def cursor_of(text: str) -> Cursor:
    """Raises Invalid('cursor_malformed', 'after') for what is no cursor of ours."""
    if len(text) != _LENGTH or not text.isascii():
        raise Invalid("cursor_malformed", "after")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("cursor_malformed", "after") from None
    position = int.from_bytes(raw[17:])
    if raw[:1] != _VERSION or len(raw) != 17 + _POSITION_BYTES or position >= 1 << 63:
        raise Invalid("cursor_malformed", "after")
    found = Cursor(UUID(bytes=raw[1:17]), position)
    if str(found) != text:
        raise Invalid("cursor_malformed", "after")
    return found


_LENGTH = len(str(Cursor(UUID(int=0), 0)))
