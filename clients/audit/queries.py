"""Reading the log: the trail of one thing, the newest lines, and the names behind them."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT

from clients.audit.models import Entry, Private, RowChange


def trail_of(kind: str, subject_id: UUID) -> QuerySet[Entry]:
    """All lines about one thing (`kind` as in 'items.item'), oldest first."""
    return Entry.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("at", "id")


def newest_entries(limit: int = 100) -> QuerySet[Entry]:
    return Entry.objects.order_by("-at", "-id")[:limit]


def named(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """The same lines, each with `person_name`: None where it was erased, or where there never was one."""
    private = Private.objects.filter(pk=OuterRef("pk")).annotate(name=KT("data__name"))
    return entries.annotate(person_name=Subquery(private.values("name")[:1]))


def row_changes() -> QuerySet[RowChange]:
    """What the database saw, newest first, each with `attributed`: whether an act of the same transaction tells of it."""
    return RowChange.objects.annotate(attributed=Exists(Entry.objects.filter(tx=OuterRef("tx")))).order_by("-seq")


def unattributed() -> QuerySet[RowChange]:
    """Changes that no act tells of: a bare write of ours, raw SQL, a migration, somebody in a console. Newest first."""
    return row_changes().filter(~Exists(Entry.objects.filter(tx=OuterRef("tx"))))
