"""The doors to one channel, and to its credentials."""

from uuid import UUID

from clients.channels import vault
from clients.channels.models import Channel
from clients.channels.port import SendFailed
from clients.channels.secret import Secrets
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from tenants.errors import Conflict, Missing
from tenants.walls.scope import current_brand


def access_channel(actor: Actor, channel_id: UUID, *, locked: bool = False) -> Channel:
    """One channel of the actor's brand. Raises Missing('channel') when absent, or for somebody who reads no items.

    `locked` keeps the row until the open transaction ends.
    """
    channels = Channel.objects.select_for_update() if locked else Channel.objects.all()
    channel = channels.filter(pk=channel_id).first() if may(actor.role, Verb.ITEM_READ) else None
    if channel is None:
        raise Missing("channel")
    return channel


def credentials_of(channel: Channel) -> Secrets:
    """The channel's credentials for one call. INVARIANT: only the gate asks, for an Outbound, and
    `actions`, to try, renew or revoke them; no page ever does.

    Raises SendFailed('secret_unreadable'), like the call itself would, when they were not sealed for this channel of the
    open brand, or no key of the installation opens them any more.
    """
    brand = current_brand()
    if brand is None:
        raise Missing("channel")
    try:
        return vault.unseal(channel.secret, brand_id=brand.id, channel_id=channel.pk)
    except Conflict as error:
        raise SendFailed(error.code, permanent=True, maybe_sent=False) from None
