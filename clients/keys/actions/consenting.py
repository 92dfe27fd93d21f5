"""A person of the brand lets an application act for them: what is sent back through their browser is a code, good once."""

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.keys.access import access_key
from clients.keys.models import Code, Key
from clients.keys.queries import client_called
from clients.keys.rules import CODE_LASTS, Asked, Kind, fits, is_challenge
from clients.keys.scopes import in_order
from clients.keys.seal import CODES
from clients.keys.tokens import Mark, digest_of, new_secret
from clients.people.access import require, require_side, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Refused
from tenants.vocabulary import Side
from tenants.walls.scope import durable


@dataclass(frozen=True, slots=True)
class Consented:
    """The code, as it is told this once, and the client that it is for."""

    key_id: UUID
    code: str


def consent(actor: Actor, *, asked: Asked) -> Consented:
    """The code that the client may exchange within a minute. The request is checked once more, as when the page was drawn.

    Raises Refused('not_allowed' | 'wrong_side' | 'step_up_required' | 'client_unknown' | 'redirect_unknown' |
    'request_invalid' | 'scope_invalid').
    """
    require(actor, Verb.KEY_CONSENT)
    require_side(actor, Side.BRAND)
    require_step_up(actor, timezone.now())
    text, now = new_secret(Mark.CODE), timezone.now()
    with durable(actor.brand):
        key = _client(actor, asked)
        code = Code(
            key=key,
            digest=digest_of(text),
            redirect_uri=asked.redirect_uri,
            challenge=asked.challenge,
            scopes=in_order(asked.scopes),
            person_id=actor.somebody,
            person_name=actor.name,
            at=now,
            expires_at=now + CODE_LASTS,
        )
        code.seal = CODES.seal_of(code)
        code.save(force_insert=True)
        record(actor, "key.consented", key, scopes=code.scopes)
    return Consented(key.pk, text)


def _client(actor: Actor, asked: Asked) -> Key:
    found = client_called(asked.client)
    if found is None or found.kind != Kind.APP or not found.is_live(timezone.now()):
        raise Refused("client_unknown")
    key = access_key(actor, found.pk, lock=True)
    if not fits(key.redirect_uris, asked.redirect_uri):
        raise Refused("redirect_unknown")
    if not is_challenge(asked.challenge):
        raise Refused("request_invalid")
    if not asked.scopes or set(asked.scopes) - set(key.scopes):
        raise Refused("scope_invalid")
    return key
