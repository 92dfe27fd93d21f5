"""Trying a source out before it is kept: its first entries as they would come. Nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.channels.port import SendFailed
from clients.channels.secret import Secrets
from clients.mentions.raw import RawMention
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.sources.looking import asked, look
from clients.sources.models import Source
from clients.sources.rules import usual_silence
from clients.sources.wanted import checked_channel, wanted
from tenants.errors import Invalid
from tenants.ids import uuid7
from tenants.walls.scope import brand_scope

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Tried:
    """The newest entries, how many there are, what was wrong although it could be read, and how often it says something."""

    raws: tuple[RawMention, ...]
    count: int
    problem: str
    usual: timedelta | None


def try_source(
    *, actor: Actor, kind: str, name: str, settings: Mapping[str, Any], channel_id: UUID | None = None
) -> Tried:
    """Never inside a scope. Raises Refused('not_allowed') and Invalid(code, field): for what was typed, and what it met."""
    require(actor, Verb.SOURCE_WRITE)
    found = wanted(kind, name, settings)
    if found.kind.opens:
        require(actor, Verb.SOURCE_AGREE)
    try:
        with brand_scope(actor.brand):
            channel = checked_channel(found.kind, channel_id)
            source = Source(pk=uuid7(), kind=kind, settings=found.settings, channel=channel, created_at=timezone.now())
            ask = asked(found.kind, source, Secrets(found.secrets), {})
        seen = look(found.kind, ask, source, polite=False)
    except SendFailed as failure:
        raise Invalid(failure.code, found.kind.fields[0].name if found.kind.fields else None) from None
    moments = [raw.published_at for raw in seen.raws if raw.published_at]
    return Tried(tuple(seen.raws[:SHOWN]), len(seen.raws), seen.problem, usual_silence(moments, ask.now))
