"""Reading the log: the trail of one thing, and the newest lines."""

from uuid import UUID

from django.db.models import QuerySet

from clients.audit.models import Entry


def trail_of(kind: str, subject_id: UUID) -> QuerySet[Entry]:
    """All lines about one thing (`kind` as in 'items.item'), oldest first."""
    return Entry.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("at", "id")


def newest_entries(limit: int = 100) -> QuerySet[Entry]:
    return Entry.objects.order_by("-at", "-id")[:limit]
