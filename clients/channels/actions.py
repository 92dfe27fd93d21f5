"""What a brand does with its channels (connect, give a new credential, revoke), and what the installation notes."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.channels import vault
from clients.channels.access import access_channel
from clients.channels.models import Channel
from clients.channels.port import SettingType
from clients.channels.registry import connector_for
from clients.channels.rules import FAILURES_OF_THE_CHANNEL, ChannelState, has_control_characters
from clients.channels.secret import Secrets
from clients.channels.settings import clean_settings
from clients.outbox.brake import press
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Refused
from tenants.ids import uuid7
from tenants.walls.scope import durable


def connect_channel(
    *, actor: Actor, kind: str, name: str, handle: str = "", settings: Mapping[str, Any] | None = None
) -> Channel:
    """Connect an account of the brand. `settings` holds the values of the connector's `fields`, secret ones included.

    Raises Refused('not_allowed'), Invalid(code, field) and Conflict('channel_name_taken', 'name').
    """
    require(actor, Verb.CHANNEL_CONNECT)
    port = connector_for(kind)
    name, handle = _line("name", name, 120), _line("handle", handle, 200, required=False)
    kept, secrets = clean_settings(port.fields, settings or {})
    port.check_settings(kept, Secrets(secrets))
    channel = Channel(pk=uuid7(), kind=kind, name=name, handle=handle, settings=kept, connected_by=actor.person_id)
    with durable(actor.brand):
        _put_secret(channel, actor, secrets)
        try:
            with transaction.atomic():
                channel.save(force_insert=True)
        except IntegrityError:
            raise Conflict("channel_name_taken", "name") from None
        record(actor, "channel_connected", channel, kind=kind, name=name, has_secret=bool(secrets))
    return channel


def rotate_secret(*, actor: Actor, channel_id: UUID, secrets: Mapping[str, Any]) -> Channel:
    """Replace all credentials of a channel; one that was broken is taken to be repaired.

    Raises Refused('not_allowed'), Missing('channel'), Invalid(code, field) and Conflict('channel_revoked').
    """
    require(actor, Verb.CHANNEL_CONNECT)
    with durable(actor.brand):
        channel = _live(actor, channel_id)
        port = connector_for(channel.kind)
        _, clean = clean_settings(port.fields, secrets, only=SettingType.SECRET)
        if not clean:
            raise Invalid("secret_missing", "secret")
        port.check_settings(channel.settings, Secrets(clean))
        _put_secret(channel, actor, clean)
        _put_health(channel, "")
        channel.save(update_fields=("secret", "secret_changed_at", "state", "health", "health_since"))
        record(actor, "channel_secret_rotated", channel, names=sorted(clean))
    return channel


def revoke_channel(*, actor: Actor, channel_id: UUID) -> Channel:
    """End a channel for good and erase its credentials.

    INVARIANT: nothing leaves over it once this has committed. It presses the brake, so it waits for acts on their way.

    Raises Refused('not_allowed'), Missing('channel') and Conflict('channel_revoked').
    """
    require(actor, Verb.CHANNEL_REVOKE)
    with durable(actor.brand):
        press(actor.brand)
        channel = _live(actor, channel_id)
        channel.state, channel.secret = ChannelState.REVOKED, vault.NOTHING
        channel.revoked_at = timezone.now()
        channel.save(update_fields=("state", "secret", "revoked_at"))
        record(actor, "channel_revoked", channel)
    return channel


def mark_health(*, actor: Actor, channel_id: UUID, code: str = "") -> Channel:
    """Say that a channel is broken, by one of FAILURES_OF_THE_CHANNEL, or with '' that it works again.

    Raises Refused('not_allowed'), Missing('channel'), Invalid('health_unknown') and Conflict('channel_revoked').
    """
    require(actor, Verb.CHANNEL_CONNECT)
    if code and code not in FAILURES_OF_THE_CHANNEL:
        raise Invalid("health_unknown", "code")
    with durable(actor.brand):
        press(actor.brand)
        channel = _live(actor, channel_id)
        _change_health(actor, channel, code)
    return channel


def note_health(actor: Actor, channel_id: UUID, failure: str, /) -> None:
    """Inside the gate's own transaction, after a call that failed: a failure that concerns the channel breaks it.

    Any other failure, and one of a channel that has ended meanwhile, changes nothing.
    """
    if failure not in FAILURES_OF_THE_CHANNEL:
        return
    channel = Channel.objects.live().select_for_update().filter(pk=channel_id).first()
    if channel is not None:
        _change_health(actor, channel, failure)


def reseal_secrets(*, actor: Actor) -> tuple[int, list[UUID]]:
    """Encrypt every credential of the brand under the newest key: (how many, the channels no key of ours opens).

    Only for the installation's own command: what the credentials say does not change. Raises Refused('not_allowed').
    """
    if actor.side is not None or actor.via is not EntryPoint.COMMAND:
        raise Refused("not_allowed")
    done, unreadable = 0, []
    with durable(actor.brand):
        for channel in Channel.objects.select_for_update().exclude(secret=vault.NOTHING):
            try:
                channel.secret = vault.reseal(channel.secret)
            except Conflict:
                unreadable.append(channel.pk)
                continue
            channel.save(update_fields=("secret",))
            done += 1
        if done:
            record(actor, "channel_secrets_resealed", None, channels=done)
    return done, unreadable


def _live(actor: Actor, channel_id: UUID) -> Channel:
    channel = access_channel(actor, channel_id, locked=True)
    if channel.state == ChannelState.REVOKED:
        raise Conflict("channel_revoked")
    return channel


def _put_secret(channel: Channel, actor: Actor, secrets: Mapping[str, str]) -> None:
    channel.secret = vault.seal(secrets, brand_id=actor.brand.id, channel_id=channel.pk)
    channel.secret_changed_at = timezone.now() if secrets else None


def _change_health(actor: Actor, channel: Channel, code: str) -> None:
    """Without a change there is no write and no line in the log."""
    if channel.health == code:
        return
    _put_health(channel, code)
    channel.save(update_fields=("state", "health", "health_since"))
    record(actor, "channel_health_marked", channel, health=code)


def _put_health(channel: Channel, code: str) -> None:
    channel.state = ChannelState.BROKEN if code else ChannelState.CONNECTED
    channel.health, channel.health_since = code, timezone.now()


def _line(field: str, value: str, longest: int, *, required: bool = True) -> str:
    text = value.strip()
    if required and not text:
        raise Invalid("setting_missing", field)
    if len(text) > longest:
        raise Invalid("setting_too_long", field, limit=longest, actual=len(text))
    if has_control_characters(text):
        raise Invalid("setting_control_characters", field)
    return text
