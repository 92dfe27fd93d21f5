"""What an HTTP answer means for an act: the table from a status to a code, and the moment before which not to come back.

Pure but for the clock of `retry_at`. A connector asks here for whatever its network does not mean otherwise.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from clients.channels.port import SendFailed

# A server that sends us away for years is not believed.
LONGEST_REST = timedelta(days=1)
# What a number in a header is: seconds from now, or seconds of the epoch.
_SMALLEST_EPOCH = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer. `effect`: the request was one whose success others could see.

    `url` is where it came from in the end. `cut`: it went on, and the caller had asked for no more than stands here.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)  # names in lower case
    body: bytes = field(repr=False)
    effect: bool = False
    url: str = field(default="", repr=False)
    cut: bool = False

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON. Raises SendFailed('answer_unreadable'): after a success nobody can say what it was."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            pass
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=self.effect and self.ok, status=self.status)

    def fields(self) -> dict[str, Any]:
        """The body as a JSON object; anything else is as unreadable as no JSON."""
        found = self.json()
        if isinstance(found, dict):
            return found
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=self.effect and self.ok, status=self.status)


def refused(reply: Reply, *, maybe_sent: bool | None = None) -> SendFailed:
    """The error for an answer that is no success.

    A refusal in hand has had no effect. A server that broke on the way (5xx) may have made it before it broke; and one
    that sends us on (3xx) after an act is no refusal: to see what was made is just where many send on to.
    """
    code, permanent = _meaning(reply)
    hidden = reply.effect and (reply.status < 400 or reply.status >= 500) and reply.status != 501
    return SendFailed(
        code,
        permanent=permanent,
        maybe_sent=hidden if maybe_sent is None else maybe_sent,
        status=reply.status,
        retry_at=retry_at(reply.headers) if reply.status in (429, 503) else None,
    )


def retry_at(headers: Mapping[str, str], now: datetime | None = None) -> datetime | None:
    """Not before then: Retry-After (seconds or HTTP date), else the reset of a limit (a date, the epoch or seconds)."""
    now = now or datetime.now(UTC)
    for name in ("retry-after", "x-ratelimit-reset", "ratelimit-reset"):
        moment = _moment(headers.get(name, "").strip(), now)
        if moment is not None:
            return min(max(moment, now), now + LONGEST_REST)
    return None


def _meaning(reply: Reply) -> tuple[str, bool]:
    status = reply.status
    if status in _MEANINGS:
        return _MEANINGS[status]
    if status == 403:
        narrow = "insufficient_scope" in reply.headers.get("www-authenticate", "").lower()
        return ("scope_missing" if narrow else "not_permitted"), True
    if status >= 500:
        return "service_refused", False
    return ("content_refused" if status >= 400 else "redirected"), True


_MEANINGS: dict[int, tuple[str, bool]] = {
    401: ("credentials_refused", True),
    404: ("target_gone", True),
    408: ("timeout", False),
    410: ("target_gone", True),
    421: ("service_refused", False),
    425: ("service_refused", False),
    429: ("too_many_requests", False),
    501: ("service_refused", True),
    505: ("service_refused", True),
}


def _moment(value: str, now: datetime) -> datetime | None:
    try:
        number = float(value)
    except ValueError:
        return _date(value)
    try:
        return datetime.fromtimestamp(number, UTC) if number >= _SMALLEST_EPOCH else now + timedelta(seconds=number)
    except (OverflowError, ValueError, OSError):
        return None


def _date(value: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = read(value)
        except (TypeError, ValueError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
