"""The way to a network and back: what must be remembered in between, sealed for one person, one channel and ten minutes.

Nothing is written here. The envelope goes into the session of whoever set out; only `actions.finish_authorisation` opens it.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.channels import oauth as protocol
from clients.channels import vault
from clients.channels.access import access_channel
from clients.channels.port import OAuth, SendFailed, SettingType
from clients.channels.registry import connector_for
from clients.channels.rules import ChannelState
from clients.channels.settings import clean_settings
from clients.channels.wanted import clean_line
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.ids import uuid7
from tenants.walls.scope import brand_scope

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Journey:
    """Somebody on the way to a network. `envelope` is unreadable to whoever keeps it."""

    address: str
    issuer: str
    state: str
    channel_id: UUID
    envelope: str


def begin_authorisation(
    *,
    actor: Actor,
    kind: str,
    redirect: str,
    name: str = "",
    handle: str = "",
    settings: Mapping[str, Any] | None = None,
    channel_id: UUID | None = None,
) -> Journey:
    """Set out for a new channel, or for one that exists: to repair it, or to fill in the brand's invitation.

    `redirect` is the address below which people come back, each issuer's to a place of its own.
    Raises Refused('not_allowed' | 'step_up_required' for the brand; the agency's waits for the brand's yes), Missing('channel'),
    Conflict, and Invalid(code, field) for what was typed and for a network that does not know us.
    """
    kept: dict[str, Any]
    if channel_id is None:
        _require_brand(actor)
        name, handle = clean_line("name", name, 120), clean_line("handle", handle, 200, required=False)
    else:
        kind = _existing(actor, channel_id)
    oauth = declared(kind)
    kept = open_settings(kind, settings or {})
    issuer = protocol.issuer_of(kind, oauth, kept)
    redirect = f"{redirect}/{issuer}"
    client = _client(kind, oauth, kept, redirect)
    state, verifier = protocol.new_state(), protocol.new_verifier()
    address = protocol.authorize_address(oauth, kept, client, redirect=redirect, state=state, verifier=verifier)
    ahead = channel_id or uuid7()
    facts = {
        "kind": kind,
        "name": name,
        "handle": handle,
        "redirect": redirect,
        "issuer": issuer,
        "state": state,
        "verifier": verifier,
        "settings": json.dumps(kept),
        "client_id": client.id,
        "client_secret": client.secret,
        "person": str(actor.person_id),
        "at": timezone.now().isoformat(),
        "exists": "yes" if channel_id else "",
    }
    sealed = vault.seal(facts, brand_id=actor.brand.id, channel_id=ahead)
    return Journey(address, issuer, state, ahead, b64encode(sealed).decode())


def open_journey(actor: Actor, channel_id: UUID, envelope: str, state: str, issuer: str) -> dict[str, str]:
    """What was remembered. Raises Conflict('journey_over') for anybody else, for whoever comes back by another issuer's
    door, anything altered, and anything old.
    """
    try:
        found = vault.unseal(b64decode(envelope), brand_id=actor.brand.id, channel_id=channel_id)
        facts = {name: found.reveal(name) for name in found.names}
        age = timezone.now() - datetime.fromisoformat(facts["at"])
    except (Conflict, KeyError, ValueError):
        raise Conflict("journey_over") from None
    same = compare_digest(facts["state"].encode(), state.encode()) and facts["person"] == str(actor.person_id)
    if not same or facts.get("issuer") != issuer or not timedelta(0) <= age <= LASTS:
        raise Conflict("journey_over")
    return facts


def declared(kind: str) -> OAuth:
    """Raises Invalid('no_authorisation', 'kind') where a network hands out no tokens."""
    oauth = connector_for(kind).oauth
    if oauth is None:
        raise Invalid("no_authorisation", "kind")
    return oauth


def open_settings(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings without the secrets, which the network will hand out."""
    fields = [field for field in connector_for(kind).fields if field.type is not SettingType.SECRET]
    return clean_settings(fields, given)[0]


def _existing(actor: Actor, channel_id: UUID) -> str:
    with brand_scope(actor.brand):
        channel = access_channel(actor, channel_id)
    if channel.state == ChannelState.REVOKED:
        raise Conflict("channel_revoked")
    if actor.is_agency:
        require(actor, Verb.CHANNEL_CONNECT_INVITED)
        if channel.state != ChannelState.UNCONFIRMED:
            raise Conflict("channel_not_invited")
    else:
        _require_brand(actor)
    return channel.kind


def _require_brand(actor: Actor) -> None:
    """Proved at the start: the way back is open to this person for ten minutes and for nobody else."""
    require(actor, Verb.CHANNEL_CONNECT)
    require_step_up(actor, timezone.now())


def _client(kind: str, oauth: OAuth, settings: Mapping[str, Any], redirect: str) -> protocol.Client:
    try:
        return protocol.client_for(oauth, settings, redirect)
    except SendFailed as failure:
        about = [field.name for field in connector_for(kind).fields if field.type is SettingType.HOST]
        error = Invalid(failure.code, about[0] if about else None)
    raise error
