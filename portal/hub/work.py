"""My work: what waits for this person, over all their brands, soonest first.

The pointers of the hub hold no content, so the titles of one page are asked for brand by brand, each inside its own walls, in
one round trip. By hand: the ORM took longer to write fifty statements than the server to answer them.
"""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.people.rules import Verb, may
from portal.hub.asking import A_PAGE, enter_brands
from portal.hub.handed import HOLDERS, handed_rows
from portal.links import brand_url, hub_url
from portal.pages import hub_page, render
from portal.second_factor import closed_to
from portal.times import when
from portal.wording import ITEM_STATES, ROLES, Badge, badge, kind_word, word
from tenants.models import Person
from tenants.pointers import Place, Pointer, places_of, soonest_work
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef, ask_each, hub_scope

_TITLES = "SELECT id, title, kind, state FROM items_item WHERE id = ANY(%s)"


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
    places, pointers = work_of(_person(request))
    assert isinstance(request.user, Person)  # `hub_page` sent everybody else to sign in
    closed = closed_to(request.user, [(place.brand, place.role) for place in places])
    pointers = [pointer for pointer in pointers if pointer.brand_id not in closed]
    handed = handed_rows(_person(request), [place for place in places if place.brand.id not in closed])
    shown = {pointer.brand_id for pointer in pointers} | {row.brand_id for row in handed}
    enter_brands(request, places, shown)
    rows = rows_of(places, pointers)
    context = {
        "tiles": [_tile(place) for place in places],
        "rows": rows,
        "handed": [row for row in handed if row.kind != "held"],
        "held": [row for row in handed if row.kind == "held"],
        "more": sum(place.waiting for place in places) - len(rows) - sum(row.to_side for row in handed),
        "first_name": request.user.get_short_name(),
    }
    return render(request, "hub/work.html", context)


@hub_page
def switcher(request: HttpRequest) -> HttpResponse:
    """The menu of brands, asked for when somebody opens it."""
    here = getattr(request, "brand_here", None)
    brands = [
        {"id": brand.id, "name": brand.name, "url": brand_url(brand.slug, "home"), "current": brand.id == here}
        for brand in (place.brand for place in places_of(_person(request)))
    ]
    return render(request, "components/switcher_menu.html", {"brands": brands, "hub": hub_url("hub")})


def work_of(person_id: UUID) -> tuple[list[Place], list[Pointer]]:
    """The person's places, and the soonest of what is their side's move. Whoever may not read items has no move."""
    readers = [role for role in Role if may(role, Verb.ITEM_READ)]
    return places_of(person_id, readers, HOLDERS), soonest_work(person_id, readers, A_PAGE)


def rows_of(places: list[Place], pointers: list[Pointer]) -> list[WorkRow]:
    """The pointers with their titles, each asked for inside its brand and only in brands where the person has a place."""
    here = {place.brand.id: place.brand for place in places}
    wanted: dict[UUID, list[UUID]] = {}
    for pointer in pointers:
        if pointer.brand_id in here:
            wanted.setdefault(pointer.brand_id, []).append(pointer.object_id)
    with hub_scope():
        found = ask_each(_TITLES, [(here[brand_id], [objects]) for brand_id, objects in wanted.items()])
    titles = {(brand_id, pk): facts for brand_id, rows in zip(wanted, found, strict=True) for pk, *facts in rows}
    return [
        _row(here[p.brand_id], p, *titles[p.brand_id, p.object_id])
        for p in pointers
        if (p.brand_id, p.object_id) in titles
    ]


def _person(request: HttpRequest) -> UUID:
    assert request.user.pk is not None  # `hub_page` sent everybody else to sign in
    return request.user.pk


def _row(brand: BrandRef, pointer: Pointer, title: str, kind: str, state: str) -> WorkRow:
    return WorkRow(
        url=brand_url(brand.slug, "item", pointer.object_id),
        title=title or _("Untitled"),
        brand=brand.name,
        brand_id=brand.id,
        state=badge(ITEM_STATES, state),
        kind=kind_word(kind),
        due=when(pointer.due_at),
    )


def _tile(place: Place) -> BrandTile:
    brand = place.brand
    return BrandTile(brand.id, brand.name, brand_url(brand.slug, "home"), word(ROLES, place.role), place.waiting)
