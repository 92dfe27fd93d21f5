"""One small question to each of a person's brands, and one list of all they answer: what the lists of the hub are made of.

Each brand is asked inside its own walls, all of them in one round trip, and only brands are asked where the person has a place
whose role may read such a thing. Nothing is counted beyond a first few: a brand says '20+'. What is kept for named people or the
brand alone is in the brand's own pages, where its reading is written down.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import nlargest
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from clients.disclosure.rules import InfoClass, classes_open_to
from clients.people.rules import Verb, may
from portal.brand.conversations import counted
from portal.links import brand_url
from portal.pages import enter
from portal.second_factor import closed_to
from tenants.models import Person
from tenants.pointers import Place, places_of
from tenants.walls.scope import ask_each, hub_scope

A_PAGE, OF_ONE = 50, 20
PLAIN = frozenset({InfoClass.PUBLIC, InfoClass.SHARED})
"""What everybody of a side reads who reads such things at all."""

Facts = tuple[Any, ...]
"""One row of what a brand answers, in the order of the statement's columns."""
Found = tuple[Place, Facts]


@dataclass(frozen=True, slots=True)
class BrandTile:
    """One brand and how much was found there, '20+' for more."""

    id: UUID
    name: str
    url: str
    count: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What was found at each place: at most `OF_ONE` rows, and one more that only says that there are more."""

    places: list[Place]
    found: list[list[Facts]]

    @property
    def total(self) -> str:
        """How much there is in all brands together, '35+' where one of them has more than was counted."""
        more = any(len(some) > OF_ONE for some in self.found)
        return f"{sum(min(len(some), OF_ONE) for some in self.found)}{'+' if more else ''}"

    def first(self, rank: Callable[[Facts], Any]) -> list[Found]:
        """A page of them over all brands, the largest rank first."""
        all_found = [
            (place, facts) for place, some in zip(self.places, self.found, strict=True) for facts in some[:OF_ONE]
        ]
        return nlargest(A_PAGE, all_found, key=lambda one: rank(one[1]))

    def tiles(self, page: str, question: str = "", *, empty: bool = False) -> list[BrandTile]:
        """One for each brand, by the brands' names, leading to its `page`; `empty`: also where nothing was found."""
        return [
            BrandTile(
                id=place.brand.id,
                name=place.brand.name,
                url=f"{brand_url(place.brand.slug, page)}{question}",
                count=counted(len(some), OF_ONE),
            )
            for place, some in zip(self.places, self.found, strict=True)
            if some or empty
        ]


def readers_of(request: HttpRequest, verb: Verb) -> list[Place]:
    """The person's places whose role may do `verb`, without brands that ask for a second factor first."""
    assert isinstance(request.user, Person)  # `hub_page` sent everybody else to sign in
    places = places_of(request.user.pk)
    closed = closed_to(request.user, [(place.brand, place.role) for place in places])
    return [place for place in places if place.brand.id not in closed and may(place.role, verb)]


def ask(statement: str, places: list[Place], **values: Any) -> Answers:
    """The answers to one statement. Beside `values` it is given %(classes)s, which of the `PLAIN` classes are read from the
    place, %(side)s, that of the place, and %(most)s, how many rows it may bring. One round trip.
    """
    with hub_scope():
        asked = [(place.brand, {**values, **_of_place(place)}) for place in places]
        return Answers(places, ask_each(statement, asked))


def enter_brands(request: HttpRequest, places: Iterable[Place], shown: Iterable[UUID]) -> None:
    """The person stands in the log of each brand of which the page shows something."""
    ids = set(shown)
    for place in places:
        if place.brand.id in ids:
            enter(request, place.brand)


def _of_place(place: Place) -> dict[str, Any]:
    classes = sorted(str(one) for one in classes_open_to(place.side, place.role) & PLAIN)
    return {"classes": classes, "side": str(place.side), "most": OF_ONE + 1}
