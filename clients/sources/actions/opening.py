"""What opens a source: given by the brand, or by the agency where the brand invited it to. Nobody reads it again."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from clients.audit.actions import record
from clients.channels.port import SettingType
from clients.channels.settings import clean_settings
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from clients.sources import steps
from clients.sources.access import access_source
from clients.sources.kinds import webhook
from clients.sources.models import Source
from clients.sources.registry import kind_of
from clients.sources.rules import SourceState
from clients.sources.wanted import secret_fields
from tenants.errors import Conflict, Invalid, Refused
from tenants.walls.scope import durable

SIGNING = "signing_secret"


def give_secret(*, actor: Actor, source_id: UUID, secrets: Mapping[str, Any]) -> Source:
    """Seal what opens the source, in place of what did. An invitation to the agency is used up by it.

    Raises Refused('not_allowed'), Missing('source'), Invalid(code, field), Conflict('source_removed').
    """
    with durable(actor.brand):
        source = _to_open(actor, source_id)
        _, clean = clean_settings(kind_of(source.kind).fields, secrets, only=SettingType.SECRET)
        if not clean:
            raise Invalid("secret_missing", next(iter(secret_fields(kind_of(source.kind))), None))
        _open(actor, source, clean)
    return source


def make_secret(*, actor: Actor, source_id: UUID) -> str:
    """A new signing secret for the program that tells us; returned once, and never again.

    Raises Refused('not_allowed'), Missing('source'), Conflict('source_removed' | 'source_not_so').
    """
    made = webhook.new_secret()
    with durable(actor.brand):
        source = _to_open(actor, source_id)
        if not kind_of(source.kind).arrives:
            raise Conflict("source_not_so")
        _open(actor, source, {SIGNING: made})
    return made


def invite_to_give(*, actor: Actor, source_id: UUID) -> Source:
    """The brand lets the agency give what opens this source, once. Raises Refused('not_allowed'), Missing('source'),
    Conflict('source_removed')."""
    require(actor, Verb.SOURCE_AGREE)
    with durable(actor.brand):
        source = _to_open(actor, source_id)
        source.invited = True
        source.save(update_fields=("invited",))
        record(actor, "source.invited", source)
    return source


def _to_open(actor: Actor, source_id: UUID) -> Source:
    source = access_source(actor, source_id, lock=True)
    if not may(actor.role, Verb.SOURCE_AGREE) and not (source.invited and may(actor.role, Verb.SOURCE_WRITE)):
        raise Refused("not_allowed")
    if source.state == SourceState.REMOVED:
        raise Conflict("source_removed")
    return source


def _open(actor: Actor, source: Source, clean: Mapping[str, str]) -> None:
    steps.seal(actor, source, clean)
    source.invited = False
    source.save(update_fields=("secret", "invited"))
    steps.begin_anew(source, forget=False)
    steps.watch(source)
    record(actor, "source.opened", source, names=sorted(clean))
