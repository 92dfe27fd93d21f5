"""The machine door: a list of 50 of 200,000, one item, and a write with all that goes with it; beside raw SQL, DRF and FastAPI.

Everything in process, without a network between: our whole chain of middlewares, a real key, its scopes and policy, the walls,
the ledger of disclosures and what is kept for a repeat. The peers read the same rows of the same schema, with a token looked
up by a query and nothing else around it. `limit` is raw psycopg with JSON built by PostgreSQL; of a write the bare row. Readings
below class `named` are gathered for the ledger and written together, and that writing is in our figures.
"""

import io
import json
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.test import override_settings

from api import ledger
from clients.items.models import Item
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, api_of
from tests.bench import _api_peers
from tests.bench._measuring import Series, interleaved, timed
from tests.bench._peers import Peer, environment
from tests.proof._scene import quiet, scene
from tests.world import World

ITEMS = {"small": 20_000, "full": 200_000}
ROUNDS = {"small": 7, "full": 21}
TIMES = {"list": 20, "detail": 40, "write": 20}
FASTAPI = ("fastapi==0.115.12", "sqlalchemy[asyncio]==2.0.40", "psycopg[binary]==3.2.6", "orjson==3.10.16")
ROWS = """
    SELECT i.id, i.title, v.content->>'text' AS text, i.state, i.state_since, i.kind, i.sensitivity,
           v.content->'channels' AS channels, i.not_before, i.author_name AS author, i.author_side, v.number AS version,
           v.digest, v.content, i.created_at
    FROM items_item i JOIN items_itemversion v ON v.id = i.version_id"""
LIST = f"SELECT jsonb_agg(t) FROM ({ROWS} WHERE i.kind = 'publish' ORDER BY i.created_at DESC, i.id DESC LIMIT 50) t"
ONE = f"SELECT to_jsonb(t) FROM ({ROWS} WHERE i.id = %s) t"
MADE = (
    "INSERT INTO bench_made (id, title, kind, text, channels) VALUES (gen_random_uuid(), %s, %s, %s, %s) RETURNING id"
)


def run(scale: str) -> dict[str, Any]:
    """Figures of the three, each beside its peers."""
    world = scene(level=2)
    api, one = api_of(world), _filled(world, ITEMS[scale])
    with ExitStack() as stack:
        stack.enter_context(quiet())
        stack.enter_context(_as_in_production())
        peers = {name: stack.enter_context(_peer(name, world, one)) for name in ("django", "fastapi")}
        raw = stack.enter_context(_raw(world))
        found = {
            what: _figures(what, interleaved(_contenders(what, world, api, one, peers, raw), ROUNDS[scale], alias=None))
            for what in TIMES
        }
    return {
        "name": "machine door",
        "unit": "milliseconds a request",
        **found,
        "goals": _goals({what: figures["ratios"] for what, figures in found.items()}),
        "notes": f"{ITEMS[scale]:,} items; peers: DRF with seven middlewares, FastAPI with async SQLAlchemy; CPU of both ends",
    }


def _contenders(
    what: str, world: World, api: Api, one: str, peers: dict[str, Peer], raw: "psycopg.Connection[Any]"
) -> dict[str, Callable[[], Any]]:
    times, handler = TIMES[what], WSGIHandler()

    def ours() -> None:
        _ours(handler, api, world, what, one, times)

    asked: dict[str, Callable[[], Any]] = {
        "ours": lambda: _each(timed(ours, "default"), times),
        "drf": lambda: _each(peers["django"].ask(ask=[what, times]), times),
        "fastapi": lambda: _each(peers["fastapi"].ask(ask=[what, times]), times),
        "limit": lambda: _each(_bare(raw, what, one, str(world.wall.pk), times), times),
    }
    if what == "write":
        asked["idiomatic"] = lambda: _each(peers["django"].ask(ask=["idiomatic", times]), times)
    for warm in asked.values():
        warm()
    return asked


def _figures(what: str, found: dict[str, Series]) -> dict[str, Any]:
    figures = {name: series.figures() for name, series in found.items()}

    def ratio(name: str, which: str) -> float:
        """How many times quicker than the peer we are."""
        return round(figures[name][which] / figures["ours"][which], 2)

    ratios = {
        f"{name}_{which}": ratio(name, f"{which}_ms") for name in found if name != "ours" for which in ("cpu", "wall")
    }
    return {**figures, "ratios": ratios}


def _goals(ratios: dict[str, dict[str, float]]) -> dict[str, bool]:
    """Those of measures, by CPU."""
    return {
        "list_six_times_drf": ratios["list"]["drf_cpu"] >= 6,
        "list_twice_fastapi": ratios["list"]["fastapi_cpu"] >= 2,
        "list_within_1_8_of_raw": ratios["list"]["limit_cpu"] >= 1 / 1.8,
        "detail_four_times_drf": ratios["detail"]["drf_cpu"] >= 4,
        "write_as_fast_as_bare_drf": ratios["write"]["drf_cpu"] >= 1,
        "write_2_2_times_idiomatic": ratios["write"]["idiomatic_cpu"] >= 2.2,
    }


def _ours(handler: WSGIHandler, api: Api, world: World, what: str, one: str, times: int) -> None:
    sent = _api_peers.body(str(world.wall.pk)) if what == "write" else b""
    path = {"list": "/api/v1/items", "detail": f"/api/v1/items/{one}", "write": "/api/v1/items"}[what]
    for _ in range(times):
        environ = {
            "REQUEST_METHOD": "POST" if what == "write" else "GET", "PATH_INFO": path,
            "QUERY_STRING": _api_peers.LIST if what == "list" else "", "SERVER_NAME": "x", "SERVER_PORT": "80",
            "HTTP_HOST": f"{api.brand.slug}.{settings.HUB_HOST}", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(sent), "CONTENT_LENGTH": str(len(sent)), "CONTENT_TYPE": "application/json",
            "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "HTTP_AUTHORIZATION": f"Bearer {api.secret}",
            "HTTP_IDEMPOTENCY_KEY": secrets.token_hex(8),
        }  # fmt: skip
        response = handler(environ, lambda status, headers: None)
        assert response.status_code in {200, 201}, (response.status_code, response.content[:300])
        response.close()
    ledger.write_gathered()


def _bare(raw: "psycopg.Connection[Any]", what: str, one: str, wall: str, times: int) -> tuple[float, float, float]:
    made = ("Fraises", "publish", "Des fraises dès samedi.", json.dumps([wall]))
    statement, values = {"list": (LIST, ()), "detail": (ONE, (one,)), "write": (MADE, made)}[what]
    server = _api_peers.spent(raw.info.backend_pid)

    def ask() -> None:
        for _ in range(times):
            assert raw.execute(statement, values, binary=True).fetchone() is not None
            raw.commit()

    wall_ms, client, _ = timed(ask, None)
    return wall_ms, client, _api_peers.spent(raw.info.backend_pid) - server


def _each(took: Any, times: int) -> tuple[float, float, float]:
    wall, client, server = took
    return wall / times, client / times, (server or 0.0) / times


@contextmanager
def _as_in_production() -> Iterator[None]:
    """A connection that is kept, readings gathered, a bound on requests that nobody reaches."""
    connection.close()
    before = {name: connection.settings_dict[name] for name in ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS")}
    connection.settings_dict.update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=False)
    try:
        with override_settings(API_LEDGER_SECONDS=3600, API_REQUESTS_A_MINUTE=10_000_000):
            yield
    finally:
        ledger.write_gathered()
        connection.settings_dict.update(before)
        connection.close()


@contextmanager
def _peer(which: str, world: World, one: str) -> Iterator[Peer]:
    address = connections.settings[OWNER]
    database = {name: address[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    where = {"database": database, "schema": world.brand.schema_name}
    first = {"which": which, **where, "one": one, "token": "peer", "wall": str(world.wall.pk)}
    python = str(environment("api", FASTAPI)) if which == "fastapi" else sys.executable
    command = [python, "-P", str(Path(__file__).with_name("_api_peers.py"))]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(first) + "\n")
        process.stdin.flush()
        if json.loads(process.stdout.readline() or "null") != "ready":
            raise RuntimeError(f"the peer {which} did not start")
        yield Peer(process)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _raw(world: World) -> "Iterator[psycopg.Connection[Any]]":
    address = connections.settings[OWNER]
    options = f"-c search_path={world.brand.schema_name},public"
    facts = {
        "dbname": address["NAME"],
        "user": address["USER"],
        "password": address["PASSWORD"],
        "host": address["HOST"],
    }
    with psycopg.connect(**facts, port=address["PORT"] or None, options=options) as raw:
        raw.prepare_threshold = 0
        yield raw


def _filled(world: World, many: int) -> str:
    """So many items like one that was written, past the triggers, and the tables of the peers. Returns one id."""
    first = world.draft("Des fraises dès samedi.", title="Fraises")
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f'SET search_path TO "{world.brand.schema_name}", public')
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_COPIES, {"item": first.pk, "version": first.version_id, "many": many})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE items_item; ANALYZE items_itemversion")
        cursor.execute(_TABLES)
        cursor.execute("RESET search_path")
    with brand_scope(world.brand):
        assert Item.objects.count() >= many
    return str(first.pk)


_COPIES = """
    CREATE TEMP TABLE made AS
        SELECT gen_random_uuid() AS item, gen_random_uuid() AS version, n FROM generate_series(1, %(many)s) n;
    INSERT INTO items_item SELECT (jsonb_populate_record(i, jsonb_build_object('id', m.item, 'version_id', m.version,
        'created_at', i.created_at - m.n * interval '1 minute',
        'kind', CASE WHEN m.n %% 4 = 0 THEN 'newsletter' ELSE 'publish' END))).* FROM items_item i, made m WHERE i.id = %(item)s;
    INSERT INTO items_itemversion SELECT (jsonb_populate_record(v, jsonb_build_object('id', m.version, 'item_id', m.item))).*
        FROM items_itemversion v, made m WHERE v.id = %(version)s;
    DROP TABLE made"""
_TABLES = """
    CREATE TABLE bench_token (key text PRIMARY KEY);
    INSERT INTO bench_token VALUES ('peer');
    CREATE TABLE bench_made (id uuid PRIMARY KEY, title text NOT NULL DEFAULT '', kind text NOT NULL, text text NOT NULL,
        channels jsonb NOT NULL, state text NOT NULL DEFAULT 'draft', created_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE bench_beside (id uuid PRIMARY KEY, what text NOT NULL, data jsonb NOT NULL, at timestamptz NOT NULL);
    CREATE INDEX ON bench_beside (what, (data ->> 'words'))"""
