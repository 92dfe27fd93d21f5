"""The ledger, filtered; what other systems may read now; who has read what."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from clients.audit.models import Entry
from clients.disclosure.models import Disclosure, IntegrationPolicy, ShareLink, Tally
from clients.disclosure.rules import Way

MISSES = "link.miss"
"""Kind of the tally of wrong tokens."""
FILTERS = {"way": "way", "class": "info_class", "to": "recipient_kind"}


def disclosures(filters: dict[str, str], before: Disclosure | None = None) -> QuerySet[Disclosure]:
    """The ledger, newest first, with words, end and link in the same query. `filters` as in `FILTERS`; empty ones are none."""
    found = _whole().order_by("-at", "-id")
    found = found.filter(**{FILTERS[name]: value for name, value in filters.items() if name in FILTERS and value})
    if before is not None:
        found = found.filter(Q(at__lt=before.at) | Q(at=before.at, pk__lt=before.pk))
    return found


def disclosures_by_id(ids: Iterable[UUID]) -> list[Disclosure]:
    """These lines of the ledger, whole. No query for none."""
    return list(_whole().filter(pk__in=known)) if (known := set(ids)) else []


def links_by_id(ids: Iterable[UUID]) -> list[ShareLink]:
    """These links, each with its line of the ledger. No query for none."""
    return list(_links().filter(pk__in=known)) if (known := set(ids)) else []


def _whole() -> QuerySet[Disclosure]:
    return Disclosure.objects.select_related("words", "end", "link")


def _links() -> QuerySet[ShareLink]:
    return ShareLink.objects.select_related("disclosure__words")


def links_open(now: datetime) -> QuerySet[ShareLink]:
    """Links that still open, the soonest over first."""
    return _links().filter(revoked_at=None, expires_at__gt=now).order_by("expires_at")


def tally_of(kind: str, about: str, since: datetime) -> int:
    """How often it happened in the stretch that began then, as far as it was counted."""
    found = Tally.objects.filter(kind=kind, about=about, since=since)
    return found.values_list("count", flat=True).first() or 0


def policies() -> QuerySet[IntegrationPolicy]:
    """What other systems may read, or might: newest first, ended ones too."""
    return IntegrationPolicy.objects.order_by("-created_at")


def policy_in_force(policy_id: UUID, now: datetime) -> IntegrationPolicy | None:
    """The policy of one integration, if it holds at this moment. Asked on each request: an end bites on the next."""
    return IntegrationPolicy.objects.filter(pk=policy_id, ended_at=None, until__gt=now).first()


def allowed_fields(policy: IntegrationPolicy, kind: str) -> frozenset[str]:
    """Which fields of one kind of object a policy names: what is not named is not read."""
    return frozenset(policy.fields.get(kind, ()))


def readings_of(object_id: UUID, *seen_through: Q) -> QuerySet[Entry]:
    """Who has seen one thing, newest first: on a page (from class `named` upward), by what else showed it, or taken home.

    Each of `seen_through` says which other lines tell of it: a link that led to what holds it, an address that was lent
    (`by_facts`). Each is asked alone, so that each has its index: one condition of them all would read the whole log.
    """
    taken = Disclosure.objects.filter(object_ids__contains=[str(object_id)]).exclude(way=Way.LINK)
    seen = (
        by_facts("read", objects=[{"id": str(object_id)}]),
        Q(verb="disclosed", subject_kind=Disclosure._meta.label_lower, subject_id__in=taken.order_by().values("pk")),
    )
    first, *others = (Entry.objects.filter(lines).order_by().values("pk") for lines in (*seen, *seen_through))
    entries: QuerySet[Entry] = Entry.objects.filter(pk__in=first.union(*others))
    return entries.order_by("-at", "-id")


def by_facts(*verbs: str, **facts: Any) -> Q:
    """Lines of these acts that say this: in the words of `clients.audit.models.SEEN`, which have an index."""
    return Q(verb__in=verbs, facts__contains=facts)
