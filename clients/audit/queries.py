"""Reading the log: the trail of one thing, the newest lines, and the names behind them."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT

from clients.audit.models import ACT, Entry, Leaf, LogKey, Private, RowChange


def trail_of(kind: str, subject_id: UUID) -> QuerySet[Entry]:
    """All lines about one thing (`kind` as in 'items.item'), oldest first."""
    return Entry.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("at", "id")


def newest_entries(limit: int = 100) -> QuerySet[Entry]:
    return Entry.objects.order_by("-at", "-id")[:limit]


def named(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """The same lines, each with `person_name` and, as `beside`, all that is personal of it: None where it was erased, or where
    there never was any.
    """
    private = Private.objects.filter(pk=OuterRef("pk")).annotate(name=KT("data__name"))
    return entries.annotate(
        person_name=Subquery(private.values("name")[:1]), beside=Subquery(private.values("data")[:1])
    )


def row_changes() -> QuerySet[RowChange]:
    """What the database saw, newest first, each with `attributed`: whether an act of the same transaction tells of it."""
    return RowChange.objects.annotate(attributed=Exists(Entry.objects.filter(tx=OuterRef("tx")))).order_by("-seq")


def unattributed() -> QuerySet[RowChange]:
    """Changes that no act tells of: a bare write of ours, raw SQL, a migration, somebody in a console. Newest first."""
    return row_changes().filter(~Exists(Entry.objects.filter(tx=OuterRef("tx"))))


def key_in_force() -> LogKey | None:
    """The key that signs the next head; None before the log is opened."""
    known = list(LogKey.objects.order_by("number"))
    return in_force(known)[0] if known else None


def in_force(known: Sequence[LogKey]) -> tuple[LogKey, frozenset[UUID]]:
    """The newest key whose announcement is sealed (the first needs none), and the announcements still to be sealed."""
    announced = {key.entry_id for key in known if key.entry_id}
    if not announced:
        return known[-1], frozenset()
    sealed = set(
        Entry.objects.filter(pk__in=announced, seq__in=Leaf.objects.filter(kind=ACT).values("seq")).values_list(
            "pk", flat=True
        )
    )
    return [key for key in known if not key.entry_id or key.entry_id in sealed][-1], frozenset(announced - sealed)
