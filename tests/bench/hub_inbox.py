"""The inbox over many brands: one question to each brand's own index in one round trip, beside a loop from brand to brand.

Each brand has open mentions through the one door; the person reads in every brand and sees the fifty most urgent of all. `page`
is everything that the page needs: places, tiles and rows.
"""

import math
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.mentions.actions import take_in
from clients.mentions.models import Mention
from clients.mentions.raw import RawMention
from portal.hub.asking import A_PAGE
from portal.hub.inbox import open_of
from tenants.actions import create_brand
from tenants.ids import uuid7
from tenants.models import Brand, Membership, Person
from tenants.pointers import Place, places_of
from tenants.vocabulary import BrandState, Role, Side
from tenants.walls.scope import BrandRef, brand_scope
from tests.bench._measuring import interleaved
from tests.bench._tenancy import brands_until, ratio

SIZES = {"small": (5, 30), "full": (10, 100, 500)}
MENTIONS = {"small": 25, "full": 40}
ROUNDS = {"small": 7, "full": 15}


def run(scale: str) -> dict[str, Any]:
    """Figures at each size; `statements` is how many the page asks, whatever the number of brands."""
    person = Person.objects.create_user("inbox@example.org", name="Reader")
    sizes, statements = {}, {}
    for size in SIZES[scale]:
        _fill_until(size, person, MENTIONS[scale])
        sizes[size], statements[size] = _at(person, ROUNDS[scale])
    first, last = SIZES[scale][0], SIZES[scale][-1]
    growth = math.log(sizes[last]["page"]["wall_ms"] / sizes[first]["page"]["wall_ms"]) / math.log(last / first)
    return {
        "name": f"inbox over all brands, {A_PAGE} rows, {MENTIONS[scale]} open mentions a brand",
        "unit": "milliseconds",
        "ours": {size: found["page"] for size, found in sizes.items()},
        "peer": {size: found["loop"] for size, found in sizes.items()},
        "limit": None,
        "ratios": {f"loop_to_page_at_{n}": ratio(f["loop"]["wall_ms"], f["page"]["wall_ms"]) for n, f in sizes.items()},
        "exponent": {"page": round(growth, 2)},
        "goals": {"statements_the_same": len(set(statements.values())) == 1},
        "notes": f"statements of the page: {statements}; the peer asks each brand in a scope of its own",
    }


def _at(person: Person, rounds: int) -> tuple[dict[str, dict[str, Any]], int]:
    places = places_of(person.pk)
    contenders: dict[str, Callable[[], None]] = {"page": lambda: _page(person), "loop": lambda: _loop(places)}
    found = interleaved(contenders, rounds)
    with CaptureQueriesContext(connection) as seen:
        _page(person)
    return {name: series.figures() for name, series in found.items()}, len(seen)


def _fill_until(size: int, person: Person, mentions: int) -> None:
    known = set(Membership.objects.filter(person=person).values_list("brand_id", flat=True))
    brands_until(size + 1)
    for blank in Brand.objects.filter(state=BrandState.BLANK):
        name = blank.schema_name.replace("_", "-")
        create_brand(name, name)
    for brand in Brand.objects.filter(state=BrandState.ACTIVE).exclude(pk__in=known)[: size - len(known)]:
        facts = {"side": Side.BRAND.value, "role": Role.BRAND_MANAGER.value, "created_at": timezone.now()}
        Membership.objects.create(person=person, brand=brand, **facts)
        _say(brand.ref(), mentions)


def _say(brand: BrandRef, count: int) -> None:
    said = [
        RawMention(f"{n}", text=f"Question {n} au sujet de la fournée {n * 7} ?", author="Léa") for n in range(count)
    ]
    take_in(brand, uuid7(), "hand", said, all_kept=True, source_name="Bench")


def _page(person: Person) -> None:
    _tiles, rows = open_of(places_of(person.pk))
    assert len(rows) == A_PAGE


def _loop(places: list[Place]) -> None:
    rows: list[Any] = []
    for place in places:
        with brand_scope(place.brand):
            found = Mention.objects.filter(state="open", copy_of=None).order_by("-priority", "-found_at", "-id")
            rows += found.values_list("priority", "found_at", "id", "title")[:20]
    assert len(sorted(rows, reverse=True)[:A_PAGE]) == A_PAGE
