"""One look at one source: what it needs is read inside the brand's walls, and the network is asked outside of them.

INVARIANT: no transaction of ours is open while somebody else's server thinks, and whatever it does ends in `Found` or SendFailed.
"""

import time
from dataclasses import replace

import structlog
from django.utils import timezone

from clients.channels.access import credentials_of
from clients.channels.port import SendFailed
from clients.channels.secret import Secrets
from clients.sources.access import channel_of, secrets_of
from clients.sources.models import Source, SourceHealth
from clients.sources.politeness import host_of, let_rest, take_turn
from clients.sources.port import LONGEST_ASK, Ask, Found, Kind
from clients.sources.registry import kind_of
from tenants.walls.scope import current_brand

log = structlog.get_logger(__name__)


def prepared(source: Source) -> Ask:
    """What a look needs, in the open brand. Raises SendFailed: channel_not_open, secret_unreadable, secret_missing."""
    kind = kind_of(source.kind)
    cursor = SourceHealth.objects.filter(source=source).values_list("cursor", flat=True).first() or {}
    return asked(kind, source, secrets_of(source), cursor)


def asked(kind: Kind, source: Source, secret: Secrets, cursor: dict[str, object]) -> Ask:
    """The same for a source that is only being tried out."""
    channel = channel_of(source, kind.channels)
    now = timezone.now()
    return Ask(
        settings=source.settings if channel is None else {**channel.settings, **source.settings},
        secret=secret if channel is None else credentials_of(channel),
        channel=None if channel is None else channel.pk,
        own_handle="" if channel is None else channel.handle,
        cursor=cursor,
        since=source.created_at - kind.look_back,
        now=now,
        until=0.0,
    )


def look(kind: Kind, ask: Ask, source: Source, *, polite: bool = True) -> Found:
    """Ask the network. Raises SendFailed, and Later where it is another's turn. Never inside a scope."""
    if kind.read is None:
        return Found(cursor=ask.cursor)
    assert current_brand() is None, "no transaction of ours waits for somebody else's server"
    host = host_of(str(ask.settings.get("site") or ask.settings.get("url") or ask.settings.get("host") or ""))
    if polite:
        take_turn(host, source.pk)
    try:
        found = kind.read(replace(ask, until=time.monotonic() + LONGEST_ASK))
    except SendFailed as failure:
        if failure.retry_at is not None:
            let_rest(host, failure.retry_at)
        raise
    except Exception as error:  # noqa: BLE001 - what somebody else's server says must not stop the watch over the others
        # Its text may hold anything that the server said: only its type is ever told.
        log.error("source_failed", kind=kind.name, error=type(error).__name__)
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=False) from None
    return replace(found, raws=tuple(raw for raw in found.raws if _recent(raw.published_at, ask)))


def _recent(published: object, ask: Ask) -> bool:
    """Nothing older than the source looks back; what says no date is taken."""
    return published is None or published >= ask.since  # type: ignore[operator]
