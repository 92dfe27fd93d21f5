"""A key or a client is made, changed, given another secret, taken over: by the brand, with a fresh proof of who it is.

INVARIANT: whoever makes a key answers for it, so nobody makes one that acts as somebody else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.disclosure.access import access_policy
from clients.disclosure.models import IntegrationPolicy
from clients.keys.access import access_key
from clients.keys.models import Family, Key
from clients.keys.rules import LONGEST, MOST_NETWORKS, MOST_REDIRECTS, Ended, Kind, is_redirect, networks_typed
from clients.keys.scopes import in_order, unknown
from clients.keys.steps import seal_key
from clients.keys.tokens import Mark, digest_of, new_prefix, new_secret
from clients.people.access import require, require_step_up
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid
from tenants.models import BrandPerson
from tenants.walls.scope import durable


@dataclass(frozen=True, slots=True)
class Made:
    """A key, and its secret as it is told this once; '' for a client that has none."""

    key: Key
    secret: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a key reaches, as somebody typed it."""

    name: str
    scopes: Collection[str]
    networks: Collection[str] = ()
    redirect_uris: Collection[str] = ()


def make_key(
    actor: Actor, *, kind: Kind, bounds: Bounds, policy_id: UUID, expires_at: datetime, has_secret: bool = True
) -> Made:
    """A key for another system, or an OAuth client. `has_secret` False: an application that can keep none.

    Raises Refused('not_allowed' | 'step_up_required'), Missing('integration'), Invalid('name_empty' | 'scopes_missing' |
    'unknown_right' | 'not_a_network' | 'too_many' | 'redirect_missing' | 'not_a_redirect' | 'policy_over' | 'key_too_long').
    """
    _require_maker(actor)
    prefix = new_prefix()
    secret = "" if kind is Kind.APP and not has_secret else _secret(kind, prefix)
    with durable(actor.brand):
        policy = access_policy(actor, policy_id, lock=True)
        now = timezone.now()
        _check_end(policy, expires_at, now)
        key = Key(
            kind=kind,
            prefix=prefix,
            digest=digest_of(secret) if secret else "",
            policy=policy,
            side=str(actor.side),
            answered_by=actor.somebody,
            answered_name=actor.name,
            made_by=actor.somebody,
            made_by_name=actor.name,
            created_at=now,
            expires_at=expires_at,
        )
        _bound(key, bounds)
        seal_key(key)
        record(actor, "key.made", key, kind=str(kind), policy=str(policy.pk), secret=bool(secret), **_told(key))
    return Made(key, secret)


def change_key(actor: Actor, *, key_id: UUID, bounds: Bounds) -> Key:
    """Another name, other scopes, other networks. What tokens were given keeps to what is left of it.

    Raises as `make_key`, Missing('key'), Conflict('key_revoked').
    """
    _require_maker(actor)
    with durable(actor.brand):
        key = _open(actor, key_id)
        _require_answering(actor, key)
        _bound(key, bounds)
        seal_key(key)
        record(actor, "key.changed", key, **_told(key))
    return key


def renew_secret(actor: Actor, *, key_id: UUID) -> Made:
    """Another secret in place of the one before, which opens nothing from the next request on, nor what it led to.

    Raises Refused('not_allowed' | 'step_up_required'), Missing('key'), Conflict('key_revoked' | 'key_without_secret').
    """
    _require_maker(actor)
    with durable(actor.brand):
        key = _open(actor, key_id)
        _require_answering(actor, key)
        secret = _other_secret(key)
        seal_key(key)
        record(actor, "key.renewed", key)
    return Made(key, secret)


def take_over(actor: Actor, *, key_id: UUID, fresh_secret: bool = True) -> Made:
    """Answer for a key from now on, because nobody does: whoever did has no place here any more.

    With another secret, unless the taker says that nobody who left knows it. What others consented to stays theirs.
    Raises Refused('not_allowed' | 'step_up_required'), Missing('key'), Conflict('key_revoked' | 'key_answered').
    """
    _require_maker(actor)
    with durable(actor.brand):
        key = _open(actor, key_id)
        if _is_answered(key):
            raise Conflict("key_answered")
        before, secret = key.answered_by, ""
        key.side, key.answered_by, key.answered_name = str(actor.side), actor.somebody, actor.name
        if fresh_secret and key.is_confidential:
            secret = _other_secret(key)
        seal_key(key)
        record(actor, "key.taken_over", key, before=str(before), renewed=bool(secret))
    return Made(key, secret)


def _require_maker(actor: Actor) -> None:
    require(actor, Verb.KEY_MAKE)
    require_step_up(actor, timezone.now())


def _require_answering(actor: Actor, key: Key) -> None:
    """A key acts as a person: only they make it reach further, or learn a secret of it."""
    if key.answered_by != actor.person_id:
        raise Conflict("key_of_another")


def _open(actor: Actor, key_id: UUID) -> Key:
    key = access_key(actor, key_id, lock=True)
    if key.revoked_at is not None:
        raise Conflict("key_revoked")
    return key


def _is_answered(key: Key) -> bool:
    return BrandPerson.objects.filter(live=True, side=key.side, person_id=key.answered_by).exists()


def _secret(kind: Kind, prefix: str) -> str:
    return new_secret(Mark.KEY, prefix) if kind is Kind.STATIC else new_secret(Mark.CLIENT_SECRET)


def _other_secret(key: Key) -> str:
    """A new one on the row, unsaved; whatever was handed out on the strength of the former ends."""
    if not key.is_confidential:
        raise Conflict("key_without_secret")
    secret = _secret(Kind(key.kind), key.prefix)
    key.digest = digest_of(secret)
    Family.objects.filter(key=key, ended_at=None).update(ended_at=timezone.now(), ended_why=Ended.RENEWED)
    return secret


def _bound(key: Key, bounds: Bounds) -> None:
    """Write what was typed on the row, or say what is wrong with it."""
    if not bounds.name.strip():
        raise Invalid("name_empty", "name")
    if unknown(bounds.scopes):
        raise Invalid("unknown_right", "scopes")
    if not bounds.scopes:
        raise Invalid("scopes_missing", "scopes")
    networks = networks_typed(bounds.networks)
    if networks is None:
        raise Invalid("not_a_network", "networks")
    if len(networks) > MOST_NETWORKS:
        raise Invalid("too_many", "networks", most=MOST_NETWORKS)
    key.name, key.scopes, key.networks = bounds.name.strip()[:80], in_order(bounds.scopes), networks
    key.redirect_uris = _redirects(key, bounds.redirect_uris)


def _redirects(key: Key, typed: Collection[str]) -> list[str]:
    found = sorted({uri.strip() for uri in typed if uri.strip()}) if key.kind == Kind.APP else []
    if key.kind == Kind.APP and not found:
        raise Invalid("redirect_missing", "redirect_uris")
    if any(not is_redirect(uri) for uri in found):
        raise Invalid("not_a_redirect", "redirect_uris")
    if len(found) > MOST_REDIRECTS:
        raise Invalid("too_many", "redirect_uris", most=MOST_REDIRECTS)
    return found


def _check_end(policy: IntegrationPolicy, expires_at: datetime, now: datetime) -> None:
    if policy.system != "api" or not policy.holds(now):
        raise Invalid("policy_over", "policy")
    if not now < expires_at <= min(now + LONGEST, policy.until):
        raise Invalid("key_too_long", "until", days=LONGEST.days)


def _told(key: Key) -> dict[str, Any]:
    ends = {"until": key.expires_at.isoformat(timespec="seconds")}
    return {"scopes": key.scopes, "networks": key.networks, "redirects": key.redirect_uris, **ends}
