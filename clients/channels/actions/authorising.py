"""Tokens from a network: taken over when somebody comes back from there, and renewed before they end."""

import json
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.channels import oauth as protocol
from clients.channels.access import credentials_of
from clients.channels.authorising import declared, open_journey
from clients.channels.models import Channel
from clients.channels.port import SendFailed
from clients.channels.registry import connector_for
from clients.channels.rules import FAILURES_OF_THE_CHANNEL, ChannelState
from clients.channels.secret import Secrets
from clients.channels.steps import change_health, fill, insert, keep_dates, live_channel, put_secret, tell_heads
from clients.channels.wanted import Wanted, asked
from clients.people.access import require, require_process
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.walls.scope import durable

ONE_FLIGHT = timedelta(minutes=1)


def finish_authorisation(
    *, actor: Actor, channel_id: UUID, envelope: str, state: str, issuer: str, code: str
) -> Channel:
    """Somebody is back with a code, by the door of an issuer: fetch the tokens, see whom they open, and keep them.

    Raises Refused('not_allowed'), Conflict('journey_over' | 'channel_revoked' | 'channel_not_invited' |
    'channel_name_taken') and Invalid(code) for what the network says.
    """
    facts = open_journey(actor, channel_id, envelope, state, issuer)
    _may_finish(actor, bool(facts.get("exists")))
    found = _fetched(facts, code)
    with durable(actor.brand):
        if facts.get("exists"):
            channel = _refill(actor, channel_id, found)
        else:
            channel = Channel(pk=channel_id, kind=found.kind, name=found.name)
            fill(channel, actor, found)
            insert(channel)
            record(actor, "channel_connected", channel, kind=found.kind, name=found.name, has_secret=True)
        keep_dates(channel)
    return channel


def renew_tokens(*, actor: Actor, channel_id: UUID) -> None:
    """Fetch fresh tokens. For a worker; two at once are one, because a refresh token may work a single time.

    A network that no longer takes the refresh token breaks the channel. Raises Refused('not_allowed'), and SendFailed for
    what may pass, so that the worker comes back.
    """
    require_process(actor, EntryPoint.WORKER)
    claimed = _claim(actor, channel_id)
    if claimed is None:
        return
    channel, secrets = claimed
    oauth = declared(channel.kind)
    client, failure, fresh = protocol.client_in(oauth, secrets), None, None
    try:
        fresh = protocol.renewed(oauth, channel.settings, client, secrets.reveal("refresh_token"))
    except SendFailed as error:
        failure = error
    with durable(actor.brand):
        _land(actor, channel, secrets, fresh, failure)
    if failure is not None and failure.code not in FAILURES_OF_THE_CHANNEL:
        raise failure


def _may_finish(actor: Actor, exists: bool) -> None:
    require(actor, Verb.CHANNEL_CONNECT_INVITED if actor.is_agency and exists else Verb.CHANNEL_CONNECT)


def _fetched(facts: dict[str, str], code: str) -> Wanted:
    port, oauth, settings = connector_for(facts["kind"]), declared(facts["kind"]), json.loads(facts["settings"])
    client = protocol.Client(facts["client_id"], facts.get("client_secret", ""))
    try:
        tokens = protocol.exchange(
            oauth, settings, client, redirect=facts["redirect"], code=code, verifier=facts["verifier"]
        )
    except SendFailed as failure:
        error = Invalid(failure.code)
    else:
        secrets = protocol.kept_secrets(oauth, client, tokens)
        port.check_settings(settings, Secrets(secrets))
        account = asked(port, settings, secrets)
        ends = tokens.expires_at or (account.expires_at if account else None)
        name, handle = facts.get("name", ""), facts.get("handle", "")
        return Wanted(facts["kind"], name, handle, settings, secrets, account, ends)
    raise error


def _refill(actor: Actor, channel_id: UUID, found: Wanted) -> Channel:
    """A channel that exists: repaired by the brand, or connected by the agency that was invited."""
    channel = live_channel(actor, channel_id)
    if actor.is_agency and channel.state != ChannelState.UNCONFIRMED:
        raise Conflict("channel_not_invited")
    fill(channel, actor, found)
    channel.save()
    if channel.state == ChannelState.UNCONFIRMED:
        record(actor, "channel_connected_invited", channel, kind=channel.kind)
        tell_heads(channel, "waiting")
    else:
        record(actor, "channel_secret_rotated", channel, names=sorted(found.secrets))
    return channel


def _claim(actor: Actor, channel_id: UUID) -> tuple[Channel, Secrets] | None:
    """The channel and its credentials, for one of those who come at once."""
    now = timezone.now()
    with durable(actor.brand):
        channel = Channel.objects.live().select_for_update().filter(pk=channel_id, renews=True).first()
        if channel is None or (channel.renewing_until is not None and channel.renewing_until > now):
            return None
        try:
            secrets = credentials_of(channel)
        except SendFailed as failure:
            change_health(actor, channel, failure.code)
            return None
        channel.renewing_until = now + ONE_FLIGHT
        channel.save(update_fields=("renewing_until",))
        record(actor, "channel_tokens_asked", channel)
        return channel, secrets


def _land(
    actor: Actor, before: Channel, secrets: Secrets, fresh: protocol.Tokens | None, failure: SendFailed | None
) -> None:
    channel = Channel.objects.live().select_for_update().filter(pk=before.pk).first()
    if channel is None or channel.secret_changed_at != before.secret_changed_at:
        return  # revoked or given another credential meanwhile: what we hold is nobody's any more
    channel.renewing_until = None
    channel.save(update_fields=("renewing_until",))
    if fresh is not None:
        kept = {name: secrets.reveal(name) for name in secrets.names}
        put_secret(channel, actor, kept | {"access_token": fresh.access, "refresh_token": fresh.refresh})
        channel.expires_at = fresh.expires_at
        channel.save(update_fields=("secret", "secret_changed_at", "renews", "expires_at"))
        keep_dates(channel)
        record(actor, "channel_tokens_renewed", channel)
    elif failure is not None and failure.code in FAILURES_OF_THE_CHANNEL:
        change_health(actor, channel, failure.code)
