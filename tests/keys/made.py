"""Keys, clients and consents as tests need them: made by the actions, never by hand."""

from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.actions import allow_integration
from clients.disclosure.models import IntegrationPolicy
from clients.disclosure.rules import InfoClass
from clients.keys.actions import Bounds, Made, Shown, consent, exchange_code, make_key
from clients.keys.models import Key
from clients.keys.rules import Asked, Kind
from clients.keys.steps import Issued
from clients.people.actor import Actor, process_of
from tests.world import World

REDIRECT = "https://crm.example/callback"
VERIFIER = "v" * 43
FIELDS: dict[str, Collection[str]] = {"items.item": ("title", "state")}
HOME = "192.0.2.7"


def challenge_of(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def make_policy(
    world: World, fields: Mapping[str, Collection[str]] | None = None, days: float = 300, **more: Any
) -> IntegrationPolicy:
    """What the brand's owner lets a system read."""
    facts: dict[str, Any] = {"most_class": InfoClass.SHARED, "purpose": "Keep our customers up to date."} | more
    until = timezone.now() + timedelta(days=days)
    return allow_integration(world.owner, name="CRM", system="api", fields=dict(fields or FIELDS), until=until, **facts)


def make_static(
    world: World,
    scopes: Collection[str] = ("items:read",),
    fields: Mapping[str, Collection[str]] | None = None,
    *,
    by: Actor | None = None,
    networks: Collection[str] = (),
    days: float = 200,
    policy_id: UUID | None = None,
    name: str = "CRM",
    **policy: Any,
) -> tuple[Key, str]:
    """A static key and its secret."""
    made = make_key(
        by or world.owner,
        kind=Kind.STATIC,
        bounds=Bounds(name, scopes, networks),
        policy_id=policy_id or make_policy(world, fields, **policy).pk,
        expires_at=timezone.now() + timedelta(days=days),
    )
    return made.key, made.secret


def make_client(
    world: World,
    kind: Kind = Kind.APP,
    scopes: Collection[str] = ("items:read", "items:write"),
    *,
    redirects: Collection[str] = (REDIRECT,),
    has_secret: bool = True,
    by: Actor | None = None,
) -> Made:
    """An OAuth client."""
    return make_key(
        by or world.owner,
        kind=kind,
        bounds=Bounds("Shop", scopes, (), redirects),
        policy_id=make_policy(world).pk,
        expires_at=timezone.now() + timedelta(days=200),
        has_secret=has_secret,
    )


def asked_of(key: Key, scopes: Collection[str] = ("items:read",), redirect: str = REDIRECT) -> Asked:
    return Asked(key.prefix, redirect, challenge_of(VERIFIER), tuple(scopes), "s")


def code_of(world: World, key: Key, scopes: Collection[str] = ("items:read",), by: Actor | None = None) -> str:
    """A fresh code, for which somebody has just consented."""
    return consent(by or world.approver, asked=asked_of(key, scopes)).code


def door(world: World) -> Actor:
    """As whom the token endpoint acts."""
    return process_of(world.brand, EntryPoint.API, "oauth")


def shown(key: Key, code: str, **changes: str) -> Shown:
    return Shown(**{"client": key.prefix, "code": code, "redirect_uri": REDIRECT, "verifier": VERIFIER} | changes)


def tokens_of(world: World, key: Key, scopes: Collection[str] = ("items:read",), by: Actor | None = None) -> Issued:
    """Access and refresh token of a new consent."""
    return exchange_code(door(world), shown=shown(key, code_of(world, key, scopes, by)))
