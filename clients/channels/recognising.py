"""Whether a post that a network shows is the one that a call of ours made, where there is no place for a mark. Pure.

Words say little: a shop wishes a good morning every Monday. So the connector compares all that it is shown (author, place,
words, pictures), and here the moment decides. INVARIANT: what is told as found is ours; where that cannot be known, a
person looks. A post without words of ours is known by nobody.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from clients.channels.port import Outbound, SendFailed

# How wrong a network's clock may be; and until when a call may still have its effect: the longest, and what a network
# works off after it has answered nobody any more.
CLOCKS_DIFFER = timedelta(minutes=2)
STILL_AT_WORK = timedelta(minutes=2)


class Alike(NamedTuple):
    """A post that looks like ours but for its moment; None where the network does not tell one."""

    remote_id: str
    made: datetime | None


def since(outbound: Outbound) -> datetime:
    """Before this nothing can be of this act: when its call began, or when it was first to leave."""
    return (outbound.begun or outbound.moment) - CLOCKS_DIFFER


def ours_among(outbound: Outbound, alike: Iterable[Alike], *, telling: bool = True, whole: bool = True) -> str | None:
    """The remote id of what the act made. `telling`: it has words to be known by; `whole`: all that lies there was read.

    Raises SendFailed('cannot_look_up') where something lies there that may be ours and may be somebody's.
    """
    until = (outbound.begun + CLOCKS_DIFFER + STILL_AT_WORK) if outbound.begun else None
    for each in alike:
        if each.made is not None and (each.made < since(outbound) or (until and each.made > until)):
            continue
        if each.made is None or not telling:
            raise SendFailed("cannot_look_up", permanent=True, maybe_sent=True)
        return each.remote_id
    require_whole(whole=whole)
    return None


def require_whole(*, whole: bool) -> None:
    """Ours may stand on a page that we do not read: that is no 'no'."""
    if not whole:
        raise SendFailed("cannot_look_up", permanent=False, maybe_sent=True)


def moment_of(written: object) -> datetime | None:
    """A moment as networks write it: in ISO 8601, or in milliseconds of the epoch."""
    try:
        if isinstance(written, int) and not isinstance(written, bool):
            return datetime.fromtimestamp(written / 1000, UTC)
        found = datetime.fromisoformat(str(written))
    except (OverflowError, OSError, ValueError):
        return None
    return found if found.tzinfo else None
