"""The brand asks its agency to connect a channel, and says yes to what the agency connected. Nothing leaves before.

INVARIANT: nobody reads a credential again, whoever gave it; and the yes is to the very credential that was looked at.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.channels.access import access_channel
from clients.channels.models import Channel
from clients.channels.registry import connector_for
from clients.channels.rules import ChannelState
from clients.channels.steps import fill, insert, keep_dates, live_channel, tell_heads
from clients.channels.wanted import clean_line, wanted
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.ids import uuid7
from tenants.walls.scope import brand_scope, durable


def invite_to_connect(*, actor: Actor, kind: str, name: str) -> Channel:
    """Make room for a channel that the agency is to connect.

    Raises Refused('not_allowed'), Invalid(code, field) and Conflict('channel_name_taken', 'name').
    """
    require(actor, Verb.CHANNEL_CONNECT)
    if connector_for(kind).declares.performed_by_person:
        raise Invalid("nothing_to_connect", "kind")
    name = clean_line("name", name, 120)
    channel = Channel(pk=uuid7(), kind=kind, name=name, state=ChannelState.UNCONFIRMED)
    with durable(actor.brand):
        insert(channel)
        record(actor, "channel_invited", channel, kind=kind, name=name)
    return channel


def connect_invited(
    *, actor: Actor, channel_id: UUID, handle: str = "", settings: Mapping[str, Any] | None = None
) -> Channel:
    """The agency fills in what the brand asked for; until the brand's yes it may be filled in anew.

    Raises Refused('not_allowed'), Missing('channel'), Invalid(code, field) and Conflict('channel_not_invited').
    """
    require(actor, Verb.CHANNEL_CONNECT_INVITED)
    with brand_scope(actor.brand):
        before = access_channel(actor, channel_id)
    _require_unconfirmed(before)
    found = wanted(before.kind, before.name, handle, settings or {})
    with durable(actor.brand):
        channel = live_channel(actor, channel_id)
        _require_unconfirmed(channel)
        fill(channel, actor, found)
        channel.save()
        keep_dates(channel)
        record(actor, "channel_connected_invited", channel, kind=channel.kind)
        tell_heads(channel, "waiting")
    return channel


def confirm_channel(*, actor: Actor, channel_id: UUID, seen: str) -> Channel:
    """The brand's yes, with a fresh proof of who says it. `seen` is the `seen_of` of what was looked at.

    Raises Refused('not_allowed' | 'step_up_required'), Missing('channel') and Conflict('channel_not_invited' |
    'channel_changed' | 'channel_revoked').
    """
    require(actor, Verb.CHANNEL_CONNECT)
    require_step_up(actor, timezone.now())
    with durable(actor.brand):
        channel = live_channel(actor, channel_id)
        _require_unconfirmed(channel)
        if channel.is_invitation or seen != seen_of(channel):
            raise Conflict("channel_changed")
        channel.state = ChannelState.BROKEN if channel.health else ChannelState.CONNECTED
        channel.save(update_fields=("state",))
        record(actor, "channel_confirmed", channel, kind=channel.kind)
    return channel


def seen_of(channel: Channel) -> str:
    """Changes whenever the agency fills in anew."""
    told = (
        channel.connected_by,
        channel.handle,
        channel.url,
        channel.secret_changed_at,
        sorted(channel.settings.items()),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _require_unconfirmed(channel: Channel) -> None:
    if channel.state != ChannelState.UNCONFIRMED:
        raise Conflict("channel_not_invited")
