"""Many keys in one request: one of each brand, named by the brand's address, in the header `Relais-Keys`.

    Relais-Keys: aubier=rls_…, mistral=rls_…

INVARIANT: each key passes the door of its own brand, exactly as it would alone: asked afresh, counted and noted there. None opens
anything of another brand, and a brand whose key is not sent is not known here. See docs/decisions/0028-over-brands.md.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings

from api import door, fields, limits
from api.ledger import tell
from api.problems import Problem
from api.resource import Resource
from clients.disclosure.rules import InfoClass, strictness
from clients.keys.access import actor_of_key
from clients.keys.rules import Grant
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from tenants.errors import Conflict, Missing, Refused
from tenants.hosts import brand_at
from tenants.walls.scope import BrandRef, brand_scope

HEADER = "Relais-Keys"
MOST = 50
_ONE = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)=([\x21-\x2b\x2d-\x7e]{1,500})\Z")


class Opened(NamedTuple):
    """A brand that its key opens: as whom, and how far."""

    brand: BrandRef
    actor: Actor
    grant: Grant

    def tell(self, kind: str, info_class: InfoClass, ids: Iterable[UUID]) -> None:
        """Into the ledger of this brand, before anything is told."""
        with brand_scope(self.brand):
            tell(self.actor, self.grant, kind, info_class, ids)


@dataclass(frozen=True, slots=True)
class Closed:
    """A brand of which nothing is told, and the code that the same request would be refused with there."""

    brand: str
    code: str


def opened(request: Any) -> tuple[list[Opened], list[Closed]]:
    """Brands in the order of their addresses.

    A genuine key that opens nothing any more closes its brand alone. Raises Problem(400) for a header that cannot be read,
    Problem(401) for a key that is none (whoever guesses is counted where they guess), Problem(429).
    """
    found: list[Opened] = []
    closed: list[Closed] = []
    for slug, secret in sorted(_presented(request).items()):
        try:
            brand = brand_at(f"{slug}.{settings.HUB_HOST}")
        except Conflict as conflict:
            closed.append(Closed(slug, conflict.code))
            continue
        if brand is None:
            raise door.unknown()
        try:
            found.append(_entered(request, brand, secret))
        except Refused as refused:
            closed.append(Closed(slug, refused.code))
    for one in found:
        limits.count(SimpleNamespace(grant=one.grant, brand=one.brand))
        door.note(request, one.brand, one.grant)
    return found, closed


def readers(brands: Iterable[Opened], resource: Resource, verb: Verb) -> tuple[list[Opened], list[Closed]]:
    """Those where role, scope and policy let this kind of thing be read; the others with the code of the refusal."""
    found: list[Opened] = []
    closed: list[Closed] = []
    for one in brands:
        code = _refusal(one, resource, verb)
        if code:
            closed.append(Closed(one.brand.slug, code))
        else:
            found.append(one)
    return found, closed


def _refusal(one: Opened, resource: Resource, verb: Verb) -> str:
    try:
        door.require_scope(one.grant, resource.read_scope)
        fields.require_policy(resource, one.grant.policy)
    except Problem as problem:
        return problem.code
    least = InfoClass.PUBLIC if resource.class_column else resource.info_class
    if strictness(least) > strictness(one.grant.policy.most_class):
        return "policy_forbids"
    return "" if may(one.actor.role, verb) else "not_allowed"


def _entered(request: Any, brand: BrandRef, secret: str) -> Opened:
    try:
        actor, grant = actor_of_key(brand, secret, ip=door.address_of(request), request_id=door.request_id())
    except Missing:
        door.note_wrong(request, brand)
        raise door.unknown() from None
    return Opened(brand, replace(actor, stepped_up_at=None), grant)


def _presented(request: Any) -> dict[str, str]:
    said = request.headers.get(HEADER)
    if not said:
        raise Problem(401, "key_missing", headers={"WWW-Authenticate": door.REALM})
    parts = [_ONE.match(one.strip()) for one in said.split(",")]
    keys = {one[1]: one[2] for one in parts if one}
    if len(keys) != len(parts) or len(keys) > MOST:
        raise Problem(400, "header_wrong", name=HEADER)
    return keys
