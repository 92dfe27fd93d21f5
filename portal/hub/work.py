"""My work: what waits for this person, over all their brands, soonest first.

The pointers of the hub hold no content, so the titles of one page are fetched brand by brand, each inside its own walls. The
number of queries depends on how many brands stand on the page and never on how many items wait.
"""

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.items.models import Item
from clients.people.rules import Verb, may
from portal.links import brand_url, hub_url
from portal.pages import hub_page, render
from portal.times import when
from portal.wording import ITEM_STATES, ROLES, Badge, badge, kind_word, word
from tenants.models import Membership, WorkPointer
from tenants.pointers import Pointer, soonest_work
from tenants.vocabulary import BrandState, Role, Side
from tenants.walls.scope import brand_scope, hub_scope

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class BrandTile:
    """One of the person's brands, with how much waits for their side."""

    id: UUID
    name: str
    url: str
    role: str
    waiting: int


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One thing to do."""

    url: str
    title: str
    brand: str
    brand_id: UUID
    state: Badge
    kind: str
    due: str


@hub_page
def work(request: HttpRequest) -> HttpResponse:
    """The first page after signing in."""
    places = places_of(request.user.pk)
    waiting = _waiting(places)
    rows = _rows(places, _pointers(request.user.pk))
    context = {
        "tiles": [_tile(place, waiting.get(place.brand_id, 0)) for place in places],
        "rows": rows,
        "more": sum(waiting.values()) - len(rows),
        "first_name": request.user.get_short_name(),
    }
    return render(request, "hub/work.html", context)


@hub_page
def switcher(request: HttpRequest) -> HttpResponse:
    """The menu of brands, asked for when somebody opens it."""
    here = getattr(request, "brand_here", None)
    brands = [
        {"id": p.brand_id, "name": p.brand.name, "url": brand_url(p.brand.slug, "home"), "current": p.brand_id == here}
        for p in places_of(request.user.pk)
    ]
    return render(request, "components/switcher_menu.html", {"brands": brands, "hub": hub_url("hub")})


def places_of(person_id: UUID | None) -> list[Membership]:
    """The person's live places in brands that are open."""
    if person_id is None:
        return []
    places = Membership.objects.filter(person_id=person_id, ended_at=None, brand__state=BrandState.ACTIVE)
    return list(places.select_related("brand").order_by("brand__name"))


def _pointers(person_id: UUID | None) -> list[Pointer]:
    readers = [role for role in Role if may(role, Verb.ITEM_READ)]
    return soonest_work(person_id, readers, A_PAGE) if person_id else []


def _waiting(places: list[Membership]) -> dict[UUID, int]:
    counted = _mine(places).order_by().values("brand_id").annotate(n=Count("object_id"))
    return {row["brand_id"]: row["n"] for row in counted}


def _mine(places: list[Membership]) -> QuerySet[WorkPointer]:
    """What is my side's move in each of my brands. Whoever may neither approve nor submit has no move."""
    readers = [p for p in places if may(Role(p.role), Verb.ITEM_READ)]
    of_brand = [p.brand_id for p in readers if p.side == Side.BRAND]
    of_agency = [p.brand_id for p in readers if p.side == Side.AGENCY]
    return WorkPointer.objects.filter(
        Q(side=Side.BRAND, brand_id__in=of_brand) | Q(side=Side.AGENCY, brand_id__in=of_agency)
    )


def _rows(places: list[Membership], pointers: list[Pointer]) -> list[WorkRow]:
    place_of = {place.brand_id: place for place in places}
    found: dict[UUID, WorkRow] = {}
    with hub_scope():  # one transaction for the looks into all brands
        known = sorted((p for p in pointers if p.brand_id in place_of), key=lambda p: p.brand_id)
        for brand_id, group in groupby(known, key=lambda p: p.brand_id):
            found |= _rows_of(place_of[brand_id], list(group))
    return [found[p.object_id] for p in pointers if p.object_id in found]


def _rows_of(place: Membership, pointers: list[Pointer]) -> dict[UUID, WorkRow]:
    """One look into one brand: the titles of its items on this page."""
    with brand_scope(place.brand.ref(), savepoint=False):
        items = Item.objects.filter(pk__in=[p.object_id for p in pointers]).values_list("pk", "title", "kind", "state")
        seen = {pk: (title, kind, state) for pk, title, kind, state in items}
    return {p.object_id: _row(place, p, *seen[p.object_id]) for p in pointers if p.object_id in seen}


def _row(place: Membership, pointer: Pointer, title: str, kind: str, state: str) -> WorkRow:
    return WorkRow(
        url=brand_url(place.brand.slug, "item", pointer.object_id),
        title=title or _("Untitled"),
        brand=place.brand.name,
        brand_id=place.brand_id,
        state=badge(ITEM_STATES, state),
        kind=kind_word(kind),
        due=when(pointer.due_at),
    )


def _tile(place: Membership, waiting: int) -> BrandTile:
    return BrandTile(
        place.brand_id, place.brand.name, brand_url(place.brand.slug, "home"), word(ROLES, place.role), waiting
    )
