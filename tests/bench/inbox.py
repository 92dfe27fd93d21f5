"""The inbox of 100,000 open conversations over 200 brands: the page over all brands, one brand's page, filters, words, counts.

Timed are whole requests of somebody signed in with a place in every brand, and one brand that holds a fifth of all. Limits are
the bare list of the big brand by its index and the page with nothing on it; peers are the usual way in one brand (a page by its
number, each box counted to its end) beside our list and counts, and for the hub the list in a loop from brand to brand. Numbers
of queries stand beside the times. Most of the time goes into making the brands: about a second of processor time each.
"""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.conversations.boxes import counts, inbox
from clients.conversations.rules import DUE_SOON
from clients.custody.models import Conversation
from clients.people.actor import Actor
from portal.hub.asking import A_PAGE
from tenants.actions import create_brand
from tenants.models import Brand, Membership
from tenants.pointers import Place, places_of
from tenants.vocabulary import BrandState, Role, Side
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import BrandRef, brand_scope
from tests.bench._measuring import interleaved
from tests.bench._tenancy import brands_until, ratio
from tests.proof._pages import host_of, signed_in
from tests.proof._scene import quiet, scene
from tests.world import World

SIZES = {"small": (6, 3_000, 5), "full": (200, 100_000, 5)}
"""Brands, conversations, rounds."""
PAGES = {
    "page": "/conversations/",
    "mine": "/conversations/?box=mine",
    "due": "/conversations/?box=due",
    "offered": "/conversations/?box=offered",
    "medium": "/conversations/?medium=email",
    "far": "/conversations/?after=7_{said}_00000000-0000-7000-8000-000000000000",
    "words": "/conversations/?q=retard",
    "rare words": "/conversations/?q=commande+1999",
    "no such words": "/conversations/?q=rhinoc%C3%A9ros",
}
BOXES = ("all", "mine", "side", "due", "offered")
HUB_PAGES = {f"hub {box}": f"/brands/conversations?box={box}" for box in BOXES}
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
    """Milliseconds a request, all in turn in each round, and queries."""
    brands, conversations, rounds = SIZES[scale]
    world = scene(level=2)
    began, before = time.monotonic(), os.getloadavg()
    _fill(world, brands, conversations)
    filled = round(time.monotonic() - began, 1)
    with quiet():
        person = world.people[Role.COMMUNITY_MANAGER]
        clients = signed_in(person, host_of(world)), signed_in(person, settings.HUB_HOST)
        said = quote((timezone.now() - timedelta(days=2)).isoformat())
        asked = {name: (clients[0], path.format(said=said)) for name, path in PAGES.items()}
        asked |= {name: (clients[1], path) for name, path in HUB_PAGES.items()}
        places = places_of(person.pk)
        contenders: dict[str, Callable[[], Any]] = {name: partial(_get, *where) for name, where in asked.items()}
        contenders |= {"bare list": lambda: _bare(world.brand), "hub loop": lambda: _loop(places)}
        contenders |= {"usual": lambda: _usual(world.brand), "list and counts": lambda: _list_and_counts(world.cm)}
        for ask in contenders.values():  # each once: a first look stands in the log
            ask()
        figures = {name: series.figures() for name, series in interleaved(contenders, rounds).items()}
        queries = {name: _queries(*where) for name, where in asked.items()}
    bare, loop, usual = (figures.pop(name) for name in ("bare list", "hub loop", "usual"))
    return {
        "name": f"inbox of {conversations} conversations over {brands} brands, {conversations // 5} in one",
        "unit": "milliseconds a request",
        "ours": figures,
        "peer": {
            "hub: a scope and a bare list in each brand": loop,
            "brand: a page by its number, each box counted to its end": usual,
        },
        "limit": {"brand: the bare list by its index": bare, "brand: a page without a row": figures["offered"]},
        "ratios": {
            "hub_loop_to_hub_all": ratio(loop["cpu_ms"], figures["hub all"]["cpu_ms"]),
            "usual_to_list_and_counts": ratio(usual["cpu_ms"], figures["list and counts"]["cpu_ms"]),
            "page_to_bare_list": ratio(figures["page"]["cpu_ms"], bare["cpu_ms"]),
        },
        "goals": {"queries_fixed": len({queries[f"hub {box}"] for box in BOXES}) == 1},
        "queries": queries,
        "seconds_to_fill": filled,
        "load": {"before": before, "after": os.getloadavg()},
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
        return list(found.values_list("priority", "last_said_at", "pk", "title")[:A_PAGE])


def _usual(brand: BrandRef) -> None:
    """As list views are mostly written; the tenth page, for the first costs the least."""
    with brand_scope(brand):
        found = Conversation.objects.filter(state="open").order_by("-priority", "-last_said_at", "-id")
        for narrower in ({}, {"holder_side": "agency"}, {"state": "waiting"}, {"state": "snoozed"}):
            Conversation.objects.filter(**{"state": "open"} | narrower).count()
        Conversation.objects.filter(clocks__stopped_at=None, clocks__due_at__lt=timezone.now() + DUE_SOON).count()
        list(Paginator(found, A_PAGE).page(10 if found.count() > 10 * A_PAGE else 1))


def _list_and_counts(actor: Actor) -> None:
    now = timezone.now()
    with brand_scope(actor.brand):
        counts(actor, now)
        list(inbox(actor, {}, now)[: A_PAGE + 1])


def _loop(places: list[Place]) -> None:
    rows = [row for place in places for row in _bare(place.brand)]
    assert len(sorted(rows, reverse=True)[:A_PAGE]) == A_PAGE


def _get(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        why = answer.exc_info[1] if answer.exc_info else None
        raise RuntimeError(f"{path}: {answer.status_code}") from why


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        _get(client, path)
    return len(captured)
