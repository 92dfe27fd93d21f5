"""Politeness towards other people's servers, over all brands: one question at a time and host, and rest when they ask for it.

Kept in the cache, outside every brand: what it forgets costs a server one question too many. Where the installation's cache is
each process's own, so is the politeness.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone

from clients.outbox.registry import Later

GAP = 2
"""Seconds between two questions to one host."""
SPREAD = 17


def take_turn(host: str, source_id: UUID) -> None:
    """Raises Later while it is another's turn, or the host wants to rest. Call it outside every brand's scope."""
    now = timezone.now()
    resting = cache.get(_key("rest", host))
    if resting is not None and resting > now:
        raise Later(resting + timedelta(seconds=_own(source_id)))
    if host and not cache.add(_key("turn", host), 1, timeout=GAP):
        # Whoever waits comes back at a moment of its own, so that not all come back at once.
        raise Later(now + timedelta(seconds=GAP + _own(source_id)))


def let_rest(host: str, until: datetime) -> None:
    """The host said so: to one brand's source, and so to all."""
    seconds = (until - timezone.now()).total_seconds()
    if host and seconds > 0:
        cache.set(_key("rest", host), until, timeout=int(seconds) + 1)


def host_of(address: str) -> str:
    """The host of an address, or of a setting that is one."""
    try:
        return (urlsplit(address).hostname or address).lower()[:253] if "://" in address else address.lower()[:253]
    except ValueError:
        return ""


def _key(what: str, host: str) -> str:
    return f"sources:{what}:{host.encode('idna', 'ignore').decode() if not host.isascii() else host}"


def _own(source_id: UUID) -> int:
    return source_id.int % SPREAD
