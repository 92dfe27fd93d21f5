"""Credentials under the newest key of the installation, and what has become one since taken out of the settings."""

from uuid import UUID

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.channels import vault
from clients.channels.models import Channel
from clients.channels.port import SettingType
from clients.channels.registry import connector_for
from clients.channels.rules import ChannelState
from clients.people.access import require_process
from clients.people.actor import Actor
from tenants.errors import Conflict
from tenants.resealing import reseal_columns
from tenants.walls.scope import durable


def reseal_secrets(*, actor: Actor) -> tuple[int, list[UUID | str]]:
    """Encrypt every credential of the brand under the newest key, and what else it keeps sealed (`sealed_columns`).

    Returns how many, and the channels and rows that no key of ours opens.

    Only for the installation's own command: what the credentials say does not change. Raises Refused('not_allowed').
    """
    require_process(actor, EntryPoint.COMMAND)
    done, unreadable = 0, list[UUID | str]()
    with durable(actor.brand):
        for channel in Channel.objects.select_for_update():
            strays = _strays(channel)
            if channel.secret == vault.NOTHING and not strays:
                continue
            try:
                _reseal(actor, channel, strays)
            except Conflict:
                unreadable.append(channel.pk)
                continue
            channel.save(update_fields=("secret", "settings"))
            done += 1
        columns, closed = reseal_columns()
        if done or columns:
            record(actor, "channel_secrets_resealed", None, channels=done, columns=columns)
    return done + columns, unreadable + closed


def _strays(channel: Channel) -> dict[str, str]:
    """Settings that have become secrets since the channel was connected."""
    secret = {each.name for each in connector_for(channel.kind).fields if each.type is SettingType.SECRET}
    return {name: value for name, value in channel.settings.items() if name in secret}


def _reseal(actor: Actor, channel: Channel, strays: dict[str, str]) -> None:
    """Raises Conflict('secret_unreadable'). What a channel that has ended still has in its settings is dropped."""
    channel.settings = {name: value for name, value in channel.settings.items() if name not in strays}
    if channel.state == ChannelState.REVOKED:
        return
    channel.secret = vault.reseal(channel.secret) if channel.secret else vault.NOTHING
    if strays:
        kept = vault.unseal(channel.secret, brand_id=actor.brand.id, channel_id=channel.pk)
        whole = strays | {name: kept.reveal(name) for name in kept.names}
        channel.secret = vault.seal(whole, brand_id=actor.brand.id, channel_id=channel.pk)
