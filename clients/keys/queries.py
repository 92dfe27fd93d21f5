"""Keys as the pages list them; who tries secrets out. What a request presented is read in `clients.keys.presented`."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from clients.disclosure.queries import tally_of
from clients.keys.models import Family, Key, KeyDay, KeyNetwork
from clients.keys.rules import MOST_MISSES, Kind
from clients.keys.seal import KEYS
from clients.people.rules import MAY, Verb
from tenants.models import BrandPerson
from tenants.vocabulary import Role, Side

MISSES = "key.miss"
"""Kind of the tally of wrong secrets."""


def keys() -> QuerySet[Key]:
    """All of them, the newest first, with their policies and when each was used last."""
    rows: QuerySet[Key] = Key.objects.select_related("policy").annotate(last_used=Max("days__last_at"))
    return rows.order_by("-created_at", "-id")


def live_keys(now: datetime) -> QuerySet[Key]:
    """Those that are neither revoked nor over; what they may read may have ended."""
    return keys().filter(revoked_at=None, expires_at__gt=now)


def families_of(key: Key) -> QuerySet[Family]:
    """Who consented to what, and what came of it; the newest first."""
    return Family.objects.filter(key=key).order_by("-at", "-id")


def days_of(key: Key, since: date) -> list[KeyDay]:
    """In how many minutes of each day it was used, the newest first; days without use have no row."""
    return list(KeyDay.objects.filter(key=key, day__gte=since).order_by("-day"))


def networks_of(key: Key) -> list[KeyNetwork]:
    """From where it was used, the newest neighbourhood first."""
    return list(KeyNetwork.objects.filter(key=key).order_by("-at"))


def names_of_keys(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Their names, for the ledger. No query for none."""
    return dict(Key.objects.filter(pk__in=known).values_list("pk", "name")) if (known := set(ids)) else {}


def client_called(client_id: str) -> Key | None:
    """The OAuth client of this `client_id`, if it is genuine; whether it still opens is asked where it acts."""
    found = Key.objects.select_related("policy").filter(prefix=client_id[:9]).exclude(kind=Kind.STATIC).first()
    return found if found is not None and KEYS.is_genuine(found) else None


def is_guessing(about: str, minute: datetime) -> bool:
    """Whether an address (a keyed digest of it) has tried too many wrong secrets in this minute."""
    return tally_of(MISSES, about, minute) >= MOST_MISSES


def told_of_keys(answered_by: UUID) -> list[BrandPerson]:
    """Whom letters about a key go to: who answers for it; without a place any more, the brand's owners, or else its managers."""
    people = BrandPerson.objects.filter(live=True, side=Side.BRAND)
    if answers := people.filter(person_id=answered_by).first():
        return [answers]
    heads = list(people.filter(role__in=[str(role) for role in MAY[Verb.KEY_MAKE]]).order_by("name"))
    return [head for head in heads if head.role == Role.BRAND_OWNER] or heads
