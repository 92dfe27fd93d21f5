"""The ledger, filtered; what other systems may read now; who has read what."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from clients.audit.models import Entry
from clients.disclosure.models import Disclosure, IntegrationPolicy, ShareLink

FILTERS = {"way": "way", "class": "info_class", "to": "recipient_kind"}


def disclosures(filters: dict[str, str], before: Disclosure | None = None) -> QuerySet[Disclosure]:
    """The ledger, newest first, with words, end and link in the same query. `filters` as in `FILTERS`; empty ones are none."""
    found = Disclosure.objects.select_related("words", "end", "link").order_by("-at", "-id")
    found = found.filter(**{FILTERS[name]: value for name, value in filters.items() if name in FILTERS and value})
    if before is not None:
        found = found.filter(Q(at__lt=before.at) | Q(at=before.at, pk__lt=before.pk))
    return found


def links_open(now: datetime) -> QuerySet[ShareLink]:
    """Links that still open, the soonest over first."""
    found = ShareLink.objects.filter(revoked_at=None, expires_at__gt=now).select_related("disclosure__words")
    return found.order_by("expires_at")


def policies() -> QuerySet[IntegrationPolicy]:
    """What other systems may read, or might: newest first, ended ones too."""
    return IntegrationPolicy.objects.order_by("-created_at")


def policy_in_force(policy_id: UUID, now: datetime) -> IntegrationPolicy | None:
    """The policy of one integration, if it holds at this moment. Asked on each request: an end bites on the next."""
    return IntegrationPolicy.objects.filter(pk=policy_id, ended_at=None, until__gt=now).first()


def allowed_fields(policy: IntegrationPolicy, kind: str) -> frozenset[str]:
    """Which fields of one kind of object a policy names: what is not named is not read."""
    return frozenset(policy.fields.get(kind, ()))


def readers_of_object(object_id: UUID) -> QuerySet[Entry]:
    """Who has read one thing of class `named` or upward, newest first."""
    found: Any = Entry.objects.filter(verb="read", facts__objects__contains=[{"id": str(object_id)}])
    return found.order_by("-at", "-id")
