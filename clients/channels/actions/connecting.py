"""What a brand does with its channels: connect, give a new credential, revoke.

Over which account the brand speaks is not changed by a session alone: whoever steals one could let it speak as theirs.
To revoke needs no proof, because nothing may stand in the way of an end.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.channels import oauth, vault
from clients.channels.access import access_channel, credentials_of
from clients.channels.models import Channel
from clients.channels.port import SendFailed, SettingType
from clients.channels.registry import connector_for
from clients.channels.rules import ChannelState
from clients.channels.secret import NO_SECRETS, Secrets
from clients.channels.settings import clean_settings
from clients.channels.steps import (
    drop_dates,
    fill,
    insert,
    keep_dates,
    live_channel,
    put_account,
    put_health,
    put_secret,
)
from clients.channels.wanted import asked, wanted
from clients.outbox.brake import press
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.ids import uuid7
from tenants.walls.scope import brand_scope, durable

_OF_A_NEW_SECRET = (
    *("secret", "secret_changed_at", "renews", "state", "health", "health_since"),
    *("handle", "url", "scopes", "expires_at", "checked_at"),
)


def connect_channel(
    *, actor: Actor, kind: str, name: str, handle: str = "", settings: Mapping[str, Any] | None = None
) -> Channel:
    """Connect an account of the brand. `settings` holds the values of the connector's `fields`, secret ones included.

    Where the network can be asked, it is asked first, and what it refuses is not kept.
    Raises Refused('not_allowed' | 'step_up_required'), Invalid(code, field) and Conflict('channel_name_taken', 'name').
    """
    require(actor, Verb.CHANNEL_CONNECT)
    require_step_up(actor, timezone.now())
    found = wanted(kind, name, handle, settings or {})
    channel = Channel(pk=uuid7(), kind=kind, name=found.name)
    with durable(actor.brand):
        fill(channel, actor, found)
        insert(channel)
        keep_dates(channel)
        record(actor, "channel_connected", channel, kind=kind, name=found.name, has_secret=bool(found.secrets))
    return channel


def rotate_secret(*, actor: Actor, channel_id: UUID, secrets: Mapping[str, Any]) -> Channel:
    """Replace all credentials of a channel, after the network has taken the new ones; one that was broken is repaired.

    Raises Refused('not_allowed' | 'step_up_required'), Missing('channel'), Invalid(code, field) and
    Conflict('channel_revoked').
    """
    require(actor, Verb.CHANNEL_CONNECT)
    require_step_up(actor, timezone.now())
    with brand_scope(actor.brand):
        before = access_channel(actor, channel_id)
    if before.state == ChannelState.REVOKED:
        raise Conflict("channel_revoked")
    port = connector_for(before.kind)
    _, clean = clean_settings(port.fields, secrets, only=SettingType.SECRET)
    if not clean:
        raise Invalid("secret_missing", "secret")
    port.check_settings(before.settings, Secrets(clean))
    account = asked(port, before.settings, clean)
    with durable(actor.brand):
        channel = live_channel(actor, channel_id)
        put_secret(channel, actor, clean)
        put_health(channel, "")
        channel.handle = port.handle_of(Secrets(clean))[:200] or channel.handle
        channel.expires_at = None
        if account is not None:
            put_account(channel, account)
        channel.save(update_fields=_OF_A_NEW_SECRET)
        keep_dates(channel)
        record(actor, "channel_secret_rotated", channel, names=sorted(clean))
    return channel


def revoke_channel(*, actor: Actor, channel_id: UUID) -> Channel:
    """End a channel for good and erase its credentials; afterwards ask the network, too, to forget them.

    INVARIANT: nothing leaves over it once this has committed. It presses the brake, so it waits for acts on their way.
    What the network then answers changes nothing: our own end never waits for somebody else's server.

    Raises Refused('not_allowed'), Missing('channel') and Conflict('channel_revoked').
    """
    require(actor, Verb.CHANNEL_REVOKE)
    with durable(actor.brand):
        press(actor.brand)
        channel = live_channel(actor, channel_id)
        secrets = _readable(channel)
        channel.state, channel.secret = ChannelState.REVOKED, vault.NOTHING
        channel.revoked_at = timezone.now()
        channel.save(update_fields=("state", "secret", "revoked_at"))
        drop_dates(channel)
        record(actor, "channel_revoked", channel)
    oauth.forget(channel.kind, channel.settings, secrets)
    return channel


def _readable(channel: Channel) -> Secrets:
    try:
        return credentials_of(channel)
    except SendFailed:
        return NO_SECRETS
