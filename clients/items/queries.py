"""Lists of items, one noun phrase a screen."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from clients.audit.erasing.values import Sought
from clients.disclosure.rules import InfoClass
from clients.items.life import MOVABLE, ItemState
from clients.items.models import (
    Item,
    ItemImport,
    ItemNote,
    ItemVersion,
    Media,
    MediaClass,
    MediaNote,
    Series,
    SeriesIssue,
)
from clients.people.actor import Actor


def items_in(states: Collection[ItemState]) -> QuerySet[Item]:
    """Items in any of the states, what is due first at the top."""
    return Item.objects.filter(state__in=states).select_related("version").order_by("not_before", "id")


def items_waiting_for_brand() -> QuerySet[Item]:
    return items_in((ItemState.WAITING, ItemState.IN_VETO))


def newest_items(limit: int = 50) -> QuerySet[Item]:
    return Item.objects.select_related("version").order_by("-created_at")[:limit]


def planned_between(start: datetime, end: datetime) -> QuerySet[Item]:
    """What has its moment in [start, end), whatever became of it; what was taken back is no plan."""
    planned = Item.objects.filter(not_before__gte=start, not_before__lt=end).exclude(state=ItemState.WITHDRAWN)
    return planned.select_related("version").order_by("not_before", "id")


def without_a_moment(limit: int) -> QuerySet[Item]:
    """What may still be given a moment and has none, newest first."""
    found = Item.objects.filter(not_before=None, state__in=MOVABLE).select_related("version")
    return found.order_by("-created_at")[:limit]


def versions_of(item_id: UUID) -> QuerySet[ItemVersion]:
    return ItemVersion.objects.filter(item=item_id).order_by("number")


def media_by_digest(digests: Iterable[str]) -> dict[str, Media]:
    """Those of these pictures that an item may carry: an item is read by both sides, so what the brand keeps is none of them."""
    return {m.digest: m for m in _for_items().filter(digest__in=list(digests))}


def newest_media(limit: int, before: datetime | None = None, reader: Actor | None = None) -> list[tuple[Media, str]]:
    """The brand's pictures, newest first, each with the words that were last given to it ('' for none).

    What `reader` may see, with its class; without one, what an item may carry.
    """
    words = MediaNote.objects.filter(media=OuterRef("pk")).order_by("-created_at", "-id").values("alt")[:1]
    among = Media.objects.readable_by(reader).select_related("classing") if reader else _for_items()
    found = among.annotate(alt=Subquery(words)).order_by("-created_at", "-id")
    if before is not None:
        found = found.filter(created_at__lt=before)
    return [(medium, medium.alt or "") for medium in found[:limit]]


def notes_on(actor: Actor, item_id: UUID) -> QuerySet[ItemNote]:
    """The remarks on an item that `actor` may read, oldest first."""
    found: QuerySet[ItemNote] = ItemNote.objects.filter(item=item_id).readable_by(actor)
    return found.order_by("created_at", "id")


def _for_items() -> QuerySet[Media]:
    found: QuerySet[Media] = Media.objects.filter(classing__info_class__in=(InfoClass.PUBLIC, InfoClass.SHARED))
    return found


def import_of_before(digest: str, before: datetime) -> ItemImport | None:
    """The newest time the same file became drafts already."""
    same = ItemImport.objects.filter(digest=digest, created_at__lt=before, confirmed_at__isnull=False)
    return same.order_by("-created_at").first()


def series_of_brand(limit: int = 100) -> QuerySet[Series]:
    """Running ones first, then the ended; newest first."""
    return Series.objects.order_by(F("stopped_at").desc(nulls_first=True), "-created_at")[:limit]


def issues_to_submit(series_id: UUID) -> list[tuple[UUID, str]]:
    """Items of a series as the job made them, with their digests: nobody has edited or brought them yet."""
    untouched = Item.objects.filter(
        pk__in=SeriesIssue.objects.filter(series=series_id).values("item"),
        state=ItemState.DRAFT,
        submitted_at=None,
        version__number=1,
    )
    return list(untouched.order_by("not_before").values_list("pk", "version__digest"))


def pictures_that_show(sought: Sought) -> list[UUID]:
    """The marks of pictures whose description, in the library or in any version of an item, names who is sought."""
    notes = MediaNote.objects.filter(alt__regex=sought.sieve).select_related("media")
    shown = {note.media.digest for note in notes if sought.found_in(note.alt)}
    for version in ItemVersion.objects.annotate(words=Cast("content", TextField())).filter(words__regex=sought.sieve):
        shown |= {ref["digest"] for ref in version.content.get("media", ()) if sought.found_in(ref["alt"])}
    return list(MediaClass.objects.filter(media__digest__in=shown).values_list("pk", flat=True))
