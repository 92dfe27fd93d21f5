"""The inbox of 100,000 open conversations over 200 brands: the page over all brands, one brand's page, filters, words, counts.

Timed are whole requests of somebody signed in with a place in every brand, and one brand that holds a fifth of all. The limit
is the bare list of the big brand by its index. Counts of queries stand beside the times.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.custody.models import Conversation
from tenants.actions import create_brand
from tenants.models import Brand, Membership
from tenants.vocabulary import BrandState, Role, Side
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import BrandRef, brand_scope
from tests.bench._tenancy import brands_until
from tests.proof._pages import host_of, signed_in
from tests.proof._scene import scene
from tests.world import World

SIZES = {"small": (6, 3_000, 5), "full": (200, 100_000, 30)}
"""Brands, conversations, rounds."""
FILL = """
    INSERT INTO custody_conversation (id, info_class, named, owner_side, medium, thread, title, language, topic, sensitivity,
        priority, state, member_name, handle, holder_side, holder_person, holder_team, held_since, locked, opened_at,
        last_said_at)
    SELECT gen_random_uuid(), 'shared', '[]', 'agency', (ARRAY['mention','comment','email','direct'])[1 + n %% 4], '',
        'Une question sur la commande ' || n, 'fr', '', 'routine', n %% 100,
        (ARRAY['open','open','open','waiting'])[1 + n %% 4], 'Membre ' || n, 'membre' || n,
        (ARRAY['agency','brand'])[1 + n %% 2], CASE WHEN n %% 5 = 0 THEN %s::uuid END, '', now(), false, now(),
        now() - n * interval '1 minute'
    FROM generate_series(1, %s) n
"""
TURNS = """
    INSERT INTO custody_turn (id, conversation_id, number, voice, kind, text, author, author_handle, remote_id, in_reply_to, at,
        seen_at)
    SELECT gen_random_uuid(), id, 1, 'member', 'message', title || ' : elle est en retard', member_name, handle, '', '',
        opened_at, opened_at
    FROM custody_conversation
"""
CLOCKS = """
    INSERT INTO service_clock (id, conversation_id, kind, round, started_at, target, band, state, due_at, working_brand,
        working_agency, elapsed_brand, elapsed_agency, asleep, stopped_by)
    SELECT gen_random_uuid(), id, 'answer', 1, opened_at, 480, 'unknown', 'running', now() + priority * interval '20 minutes',
        0, 0, 0, 0, 0, '' FROM custody_conversation
"""

FILLED = ("custody_conversation", "custody_turn", "service_clock")


def run(scale: str) -> dict[str, Any]:
    """Milliseconds a request, and queries."""
    brands, conversations, rounds = SIZES[scale]
    world = scene(level=2)
    _fill(world, brands, conversations)
    person = world.people[Role.COMMUNITY_MANAGER]
    big, hub = signed_in(person, host_of(world)), signed_in(person, settings.HUB_HOST)
    asked: dict[str, Callable[[], Any]] = {
        "hub page": lambda: hub.get("/brands/conversations"),
        "hub mine": lambda: hub.get("/brands/conversations?box=mine"),
        "hub due": lambda: hub.get("/brands/conversations?box=due"),
        "brand page": lambda: big.get("/conversations/"),
        "brand mine": lambda: big.get("/conversations/?box=mine"),
        "brand due": lambda: big.get("/conversations/?box=due"),
        "brand medium": lambda: big.get("/conversations/?medium=email"),
        "brand words": lambda: big.get("/conversations/?q=retard"),
        "brand rare words": lambda: big.get("/conversations/?q=commande+1999"),
        "limit: the bare list": lambda: _bare(world.brand),
    }
    figures = {name: _timed(ask, rounds) for name, ask in asked.items()}
    return {
        "name": f"inbox of {conversations} conversations over {brands} brands, {conversations // 5} in one",
        "unit": "milliseconds a request (median, slowest)",
        **figures,
        "queries": {"brand page": _queries(big, "/conversations/"), "hub page": _queries(hub, "/brands/conversations")},
    }


def _fill(world: World, brands: int, conversations: int) -> None:
    """A fifth of all in the world's own brand, the rest evenly over the others."""
    person = world.people[Role.COMMUNITY_MANAGER].pk
    rest = conversations - conversations // 5
    _fill_one(world.brand, person, conversations // 5)
    for blank in brands_until(brands + 1):  # one is suspended
        name = blank.schema_name.replace("_", "-")
        create_brand(name, name)
    others = Brand.objects.filter(state=BrandState.ACTIVE).exclude(pk=world.brand.id)[: brands - 1]
    for other in others:
        Membership.objects.create(
            person_id=person,
            brand=other,
            side=Side.AGENCY,
            role=Role.COMMUNITY_MANAGER,
            agency=world.agency,
            created_at=timezone.now(),
        )
        _fill_one(other.ref(), person, rest // (brands - 1))


def _fill_one(brand: BrandRef, person: UUID, count: int) -> None:
    with brand_scope(brand), connection.cursor() as cursor:
        cursor.execute(FILL, [person, count])
        cursor.execute(TURNS)
        cursor.execute(CLOCKS)
    with connections[OWNER].cursor() as cursor:
        # As autovacuum leaves a table of a living installation.
        tables = ", ".join(f"{brand.schema_name}.{table}" for table in FILLED)
        cursor.execute(f"VACUUM (ANALYZE) {tables}")


def _bare(brand: BrandRef) -> list[Any]:
    with brand_scope(brand):
        found = Conversation.objects.filter(state="open").order_by("-priority", "-last_said_at", "-id")
        return list(found.values_list("pk", "title")[:50])


def _timed(ask: Callable[[], Any], rounds: int) -> str:
    ask()
    spent = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - began) * 1000)
    return f"{statistics.median(spent):.1f}, {max(spent):.1f}"


def _queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)
