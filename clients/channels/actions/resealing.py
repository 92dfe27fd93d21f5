"""Credentials under the newest key of the installation."""

from uuid import UUID

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.channels import vault
from clients.channels.models import Channel
from clients.people.actor import Actor
from tenants.errors import Conflict, Refused
from tenants.walls.scope import durable


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
