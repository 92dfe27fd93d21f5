"""The doors: from what a request presents to the actor and what the key allows; and to one key on the brand's pages.

What is unknown, of another brand or forged is absent. Whoever holds the whole secret is told why it does not open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.keys.foreseen import Known, asked_again, known, remember
from clients.keys.models import Family, Key
from clients.keys.presented import Presented, presented
from clients.keys.queries import keys
from clients.keys.rules import Grant, Kind, comes_from, what_stops
from clients.people.access import actor_standing, require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing, Refused
from tenants.walls.backend.together import Answer, Question
from tenants.walls.scope import BrandRef, brand_scope


def actor_of_key(brand: BrandRef, text: str, *, ip: str, request_id: str) -> tuple[Actor, Grant]:
    """Who acts with this key or access token in `brand`, and how far. Asked anew on each request, and writes nothing.

    The actor is the person who answers for it, in the role they have now, without a proof of who they are. Where
    `Grant.to_note` says so, the caller calls `actions.note_use`; on Missing it calls `actions.note_miss`.
    Raises Missing('key'), and for a genuine secret Refused('key_revoked' | 'key_over' | 'policy_over' | 'key_unanswered' |
    'key_elsewhere').
    """
    now = timezone.now()
    found = again[0] if (one := known(brand, text)) and (again := asked_again(brand, one, ip, now)) else None
    if found is None:
        with brand_scope(brand, savepoint=False):  # within the transaction of a reading, where there is one
            anew = presented(text, ip, now)
        if anew is None:  # outside: a refusal breaks no transaction that is open around it
            raise Missing("key")
        found = anew[0]
        remember(brand, text, *anew)
    return _entered(brand, found, now, ip, request_id)


def actor_foreseen(brand: BrandRef, text: str, *, ip: str, request_id: str) -> "Foreseen | None":
    """Who would act with this key if nothing has changed since it was seen; None for one that this process does not know.

    Raises Refused as `actor_of_key`. INVARIANT: nothing is told by it before `Foreseen.confirmed`.
    """
    one, now = known(brand, text), timezone.now()
    return None if one is None else Foreseen(one, now, ip, *_entered(brand, one.found, now, ip, request_id))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A key as it was, so that what it is about to ask can be asked together with how it is."""

    known: Known
    now: datetime
    ip: str
    actor: Actor
    grant: Grant

    def confirmed(self, beside: Sequence[tuple[Question, Sequence[Any]]]) -> tuple[Grant, list[Answer]] | None:
        """The grant of now, and the rows of what was asked beside it, in one transaction. None where anything has changed."""
        again = asked_again(self.actor.brand, self.known, self.ip, self.now, beside)
        return None if again is None else (replace(self.grant, to_note=again[0].to_note), again[1])


def _entered(brand: BrandRef, found: Presented, now: datetime, ip: str, request_id: str) -> tuple[Actor, Grant]:
    actor = _person(brand, found, request_id)
    _require_open(found, now, has_person=actor is not None)
    if not comes_from(found.key.networks, ip):
        raise Refused("key_elsewhere")
    assert actor is not None
    return replace(actor, key_id=found.key.pk), _grant(found)


def _require_open(found: Presented, now: datetime, *, has_person: bool) -> None:
    key, family, token = found.key, found.family, found.token
    until = min([key.expires_at, *([family.until] if family else []), *([token.expires_at] if token else [])])
    revoked = (
        key.revoked_at is not None
        or (family is not None and family.ended_at is not None)
        or (token is not None and token.used_at is not None)
    )
    stopped = what_stops(
        revoked=revoked, expires_at=until, policy_holds=key.policy.holds(now), has_person=has_person, now=now
    )
    if stopped:
        raise Refused(stopped)


def _person(brand: BrandRef, found: Presented, request_id: str) -> Actor | None:
    """The person as they stand now; None without a place, or with one on the other side."""
    if found.standing is None or found.standing.side != found.key.side:
        return None
    return actor_standing(found.standing, brand, EntryPoint.API, request_id=request_id)


def _grant(found: Presented) -> Grant:
    key, scopes = found.key, set(found.key.scopes)
    for one in (found.family, found.token):
        scopes &= set(one.scopes) if one is not None else scopes
    return Grant(key.pk, frozenset(scopes), key.policy, Kind(key.kind), key.name, found.to_note)


def own_key(actor: Actor) -> Key:
    """The key that acts, for itself. Missing('key') for whoever did not come by one."""
    found = keys().filter(pk=actor.key_id).first() if actor.key_id else None
    if found is None:
        raise Missing("key")
    return found


def access_key(actor: Actor, key_id: UUID, *, lock: bool = False) -> Key:
    """One key, for whoever may see that there is one; its secret is nowhere. Missing('key') otherwise."""
    require(actor, Verb.KEY_READ)
    if lock:
        found = Key.objects.select_for_update(of=("self",)).select_related("policy").filter(pk=key_id).first()
    else:
        found = keys().filter(pk=key_id).first()
    if found is None:
        raise Missing("key")
    return found


def access_family(actor: Actor, family_id: UUID) -> Family:
    """One consent, locked, for whoever may end it: who gave it, and whoever may revoke keys. Missing('family') otherwise."""
    require(actor, Verb.KEY_READ)
    found = Family.objects.select_for_update(of=("self",)).select_related("key__policy").filter(pk=family_id).first()
    if found is None:
        raise Missing("family")
    if found.person_id != actor.person_id:
        require(actor, Verb.KEY_REVOKE)
    return found
