"""'My work' over many brands: the shared pointers beside one UNION ALL over all schemas and beside a loop from brand to brand.

Half of each brand's items wait for the brand's side; the person may approve in every brand and sees the fifty most urgent.
`page` is everything the page needs: places, counts, pointers, and the titles asked for brand by brand.
"""

import math
from collections.abc import Callable
from typing import Any

from django.db import connections
from django.utils import timezone

from clients.items.models import Item
from portal.hub import work
from tenants.actions import create_brand
from tenants.models import Brand, Membership, Person
from tenants.pointers import Place, places_of, soonest_work
from tenants.vocabulary import BrandState, Role, Side
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope
from tests.bench._measuring import interleaved
from tests.bench._tenancy import brands_until, fill, ratio

SIZES = {"small": (10, 60), "full": (10, 200, 500)}
ITEMS = {"small": 100, "full": 400}
ROUNDS = {"small": 11, "full": 21}
A_PAGE = 50

_ONE = """(SELECT '{schema}' AS space, id, title, decide_by FROM {schema}.items_item WHERE move_of = 'brand'
           ORDER BY decide_by LIMIT 50)"""


def run(scale: str) -> dict[str, Any]:
    """Figures at each size; `exponent` says how the time grows with the number of brands, 0 is flat."""
    person = Person.objects.create_user("work@example.org", name="Approver")
    sizes = {size: _at(size, person, ITEMS[scale], ROUNDS[scale]) for size in SIZES[scale]}
    first, last = SIZES[scale][0], SIZES[scale][-1]
    cpu = {name: (sizes[first][name]["cpu_ms"], sizes[last][name]["cpu_ms"]) for name in sizes[last]}
    return {
        "name": f"my work, {A_PAGE} rows, {ITEMS[scale]} items a brand",
        "unit": "milliseconds",
        "ours": {size: {"query": found["pointers"], "page": found["page"]} for size, found in sizes.items()},
        "peer": {size: {"union_all": found["union_all"], "loop": found["loop"]} for size, found in sizes.items()},
        "limit": None,
        "ratios": {
            f"{name}_to_pointers_at_{size}": ratio(found[name]["cpu_ms"], found["pointers"]["cpu_ms"])
            for size, found in sizes.items()
            for name in ("union_all", "loop")
        },
        "exponent": {name: round(math.log(b / a) / math.log(last / first), 2) for name, (a, b) in cpu.items()},
        "goals": {
            "query_5_ms": sizes[last]["pointers"]["cpu_ms"] <= 5,
            "page_25_ms": sizes[last]["page"]["cpu_ms"] <= 25,
        },
        "notes": "the peers see every brand in one statement or one by one; the pointers hold no titles",
    }


def _at(size: int, person: Person, items: int, rounds: int) -> dict[str, dict[str, Any]]:
    _fill_until(size, person, items)
    places = places_of(person.pk)
    schemas = [place.brand.schema_name for place in places]
    contenders: dict[str, Callable[[], None]] = {
        "pointers": lambda: _fifty(soonest_work(person.pk, list(Role), A_PAGE)),
        "page": lambda: _page(person),
        "loop": lambda: _loop(places),
    }
    found = interleaved(contenders, rounds) | interleaved(
        {"union_all": lambda: _union_all(schemas)}, rounds, alias=OWNER
    )
    return {name: series.figures() for name, series in found.items()}


def _fill_until(size: int, person: Person, items: int) -> None:
    known = set(Membership.objects.filter(person=person).values_list("brand_id", flat=True))
    brands_until(size + 1)  # one is suspended
    for blank in Brand.objects.filter(state=BrandState.BLANK):
        name = blank.schema_name.replace("_", "-")
        create_brand(name, name)
    for brand in Brand.objects.filter(state=BrandState.ACTIVE).exclude(pk__in=known)[: size - len(known)]:
        facts = {"side": Side.BRAND.value, "role": Role.APPROVER.value, "created_at": timezone.now()}
        Membership.objects.create(person=person, brand=brand, **facts)
        fill(brand.ref(), items)
    with connections[OWNER].cursor() as cursor:
        # As autovacuum leaves a table of a living installation: without a visibility map no scan is index-only.
        cursor.execute("VACUUM (ANALYZE) tenants_workpointer, tenants_membership, tenants_brand")


def _fifty(rows: list[Any]) -> None:
    assert len(rows) == A_PAGE


def _page(person: Person) -> None:
    _fifty(work.rows_of(*work.work_of(person.pk)))


def _union_all(schemas: list[str]) -> None:
    text = " UNION ALL ".join(_ONE.format(schema=schema) for schema in schemas)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({text}) everything ORDER BY decide_by LIMIT {A_PAGE}")
        _fifty(cursor.fetchall())


def _loop(places: list[Place]) -> None:
    rows: list[Any] = []
    for place in places:
        with brand_scope(place.brand):
            mine = Item.objects.filter(move_of=Side.BRAND).order_by("decide_by")
            rows += mine.values_list("pk", "title", "decide_by")[:A_PAGE]
    _fifty(sorted(rows, key=lambda row: row[2])[:A_PAGE])
