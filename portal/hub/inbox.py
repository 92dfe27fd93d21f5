"""The inbox over all of a person's brands: how much is open in each, and the most urgent of all in one list.

Each brand is asked the same small question inside its own walls, in one round trip, and only brands are asked where the person
has a place. What is kept for named people or the brand alone is in the brand's own inbox, where its reading is written down.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from clients.disclosure.rules import InfoClass, classes_open_to
from clients.people.rules import Verb, may
from portal.brand.inbox_rows import headed, heard_of
from portal.brand.rows import sensitivity_word
from portal.links import brand_url
from portal.pages import enter, hub_page, render
from portal.second_factor import closed_to
from portal.times import when
from portal.wording import Badge, badge
from portal.wording.triage import MENTION_KINDS
from tenants.pointers import Place, places_of
from tenants.walls.scope import ask_each, hub_scope

A_PAGE, OF_ONE = 50, 20

# The brand's own index of what is open, read from its top: no count, however much waits.
_OPEN = """
    SELECT id, title, left(text, 300), kind, sensitivity, priority, found_at, medium, author
    FROM mentions_mention
    WHERE state = 'open' AND copy_of_id IS NULL AND info_class = ANY(%s)
    ORDER BY priority DESC, found_at DESC, id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class InboxTile:
    """One brand and how much is open there; `more` when that is not all."""

    id: UUID
    name: str
    url: str
    open: int
    more: bool


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One open mention of one brand."""

    rank: tuple[int, datetime, UUID]
    url: str
    answer_url: str
    title: str
    brand: str
    brand_id: UUID
    kind: Badge
    sensitivity: str
    by: str
    found: str


@hub_page
def inbox(request: HttpRequest) -> HttpResponse:
    """Counts by brand, then the list."""
    assert request.user.pk is not None  # `hub_page` sent everybody else to sign in
    places = places_of(request.user.pk)
    closed = closed_to(request.user, [(place.brand, place.role) for place in places])
    places = [place for place in places if place.brand.id not in closed]
    tiles, rows = open_of(places)
    shown = {row.brand_id for row in rows}
    for place in places:
        if place.brand.id in shown:
            enter(request, place.brand)
    return render(request, "hub/inbox.html", {"tiles": tiles, "rows": rows})


def open_of(places: list[Place]) -> tuple[list[InboxTile], list[OpenRow]]:
    """Only of places whose role reads mentions, and only what every such role of that side reads."""
    readers = [place for place in places if may(place.role, Verb.MENTION_READ)]
    with hub_scope():
        found = ask_each(_OPEN, [(place.brand, [_classes(place), OF_ONE + 1]) for place in readers])
    tiles = [_tile(place, len(rows)) for place, rows in zip(readers, found, strict=True)]
    rows = [_row(place, facts) for place, some in zip(readers, found, strict=True) for facts in some[:OF_ONE]]
    return tiles, sorted(rows, key=lambda row: row.rank, reverse=True)[:A_PAGE]


def _classes(place: Place) -> list[str]:
    plain = {InfoClass.PUBLIC, InfoClass.SHARED}
    return sorted(str(one) for one in classes_open_to(place.side, place.role) if one in plain)


def _tile(place: Place, found: int) -> InboxTile:
    brand = place.brand
    return InboxTile(brand.id, brand.name, brand_url(brand.slug, "inbox"), min(found, OF_ONE), found > OF_ONE)


def _row(place: Place, facts: list[Any]) -> OpenRow:
    pk, title, text, kind, sensitivity, priority, found_at, medium, author = facts
    brand = place.brand
    return OpenRow(
        rank=(priority, found_at, pk),
        url=brand_url(brand.slug, "mention", pk),
        answer_url=f"{brand_url(brand.slug, 'item_new')}?answer={pk}",
        title=headed(title, text),
        brand=brand.name,
        brand_id=brand.id,
        kind=badge(MENTION_KINDS, kind),
        sensitivity=sensitivity_word(sensitivity),
        by=heard_of(author, medium),
        found=when(found_at),
    )
