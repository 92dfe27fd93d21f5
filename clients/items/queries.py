"""Lists of items, one noun phrase a screen."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import QuerySet

from clients.items.life import ItemState
from clients.items.models import Item, ItemVersion, Media


def items_in(states: Collection[ItemState]) -> QuerySet[Item]:
    """Items in any of the states, what is due first at the top."""
    return Item.objects.filter(state__in=states).select_related("version").order_by("not_before", "id")


def items_waiting_for_brand() -> QuerySet[Item]:
    return items_in((ItemState.WAITING, ItemState.IN_VETO))


def newest_items(limit: int = 50) -> QuerySet[Item]:
    return Item.objects.select_related("version").order_by("-created_at")[:limit]


def versions_of(item_id: UUID) -> QuerySet[ItemVersion]:
    return ItemVersion.objects.filter(item=item_id).order_by("number")


def media_by_digest(digests: Iterable[str]) -> dict[str, Media]:
    return {m.digest: m for m in Media.objects.filter(digest__in=list(digests))}
