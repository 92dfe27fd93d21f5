"""Through PgBouncer in transaction mode: 10,000 reads and writes over 8 brands by 8 threads on 3 server connections, none wrong.

Between them savepoints rolled back, statements that fail, statements that are refused, and steps out to the hub. Afterwards
nothing of a brand is left on the server's connections, and every brand holds exactly what was written into it. LISTEN through
the pooler is refused with a sentence, and works past it.
"""

import secrets
import threading
from collections import Counter
from contextlib import suppress
from random import Random
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections, transaction

from clients.items.models import Item
from tenants import provisioning
from tenants.actions import create_brand
from tenants.brandref import BrandRef
from tenants.checks import what_goes_past_the_pooler
from tenants.models import Brand
from tenants.pending import Listener
from tenants.pooler import is_pooled
from tenants.walls.place import RefusedStatement
from tenants.walls.scope import brand_scope, durable, hub_scope
from tests.proof._pooler import PROGRAM, SERVER_CONNECTIONS, through_a_pooler
from tests.proof._scene import at_once
from tests.tenants.attacks import item_of

OPERATIONS = {"small": 2_000, "full": 10_000}
THREADS = BRANDS = 8
LEFT = """SELECT current_user = session_user, current_setting('role'), current_setting('search_path'), pg_backend_pid(),
    current_setting('statement_timeout'),
    (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory')"""


def run(scale: str) -> tuple[str, bool]:
    """How many operations, how many wrong, what is left behind."""
    if PROGRAM is None:
        return "no pgbouncer here (apt-get install pgbouncer)", False
    provisioning.top_up(BRANDS)
    brands = [create_brand(f"P {n}", f"pool-{n}-{secrets.token_hex(3)}") for n in range(BRANDS)]
    words = {brand.schema_name: f"mot{secrets.token_hex(6)}" for brand in brands}
    with through_a_pooler() as direct:
        share = OPERATIONS[scale] // THREADS
        tallies = at_once([lambda seed=seed: _work(brands, words, share, seed) for seed in range(THREADS)])
        broken = [tally for tally in tallies if not isinstance(tally, Counter)]
        done: Counter[str] = sum((tally for tally in tallies if isinstance(tally, Counter)), Counter())
        servers, left = _left_behind(str(direct["USER"]))
        refused = _listens_only_past_it(direct)
    strays = _strays(brands, words, done)
    for each in [*broken[:10], *left[:10], *strays[:10]]:
        print(f"  {each}")
    asked = done["read"] + done["write"]
    figures = (
        f"{asked} reads and writes ({done['read']} and {done['write']}; {done['undone']} undone, {done['failed']} failed and "
        f"{done['refused']} refused between them) over {BRANDS} brands, {THREADS} threads, {len(servers)} server connections: "
        f"wrong {done['wrong'] + len(strays)}, left on a server connection {len(left)}; LISTEN through it refused: {refused}"
    )
    whole = asked == share * THREADS and min(done["undone"], done["failed"], done["refused"]) > 0
    return figures, whole and refused and len(servers) <= SERVER_CONNECTIONS and not (
        broken or left or strays or done["wrong"]
    )


def _work(brands: list[BrandRef], words: dict[str, str], times: int, seed: int) -> Counter[str]:
    """One thread: mostly in another brand than before."""
    random, tally = Random(seed), Counter[str]()
    for number in range(times):
        brand = random.choice(brands)
        if number % 2:
            with durable(brand):
                item_of(brand, words[brand.schema_name])
            tally["write"] += 1
            tally[brand.schema_name] += 1
        else:
            tally["read"] += 1
            tally["wrong"] += _reads_wrong(brand, words)
        if number % 10 == 0:
            tally[_trouble(random, brand, words)] += 1
    return tally


def _reads_wrong(brand: BrandRef, words: dict[str, str]) -> int:
    with brand_scope(brand):
        titles = set(Item.objects.order_by("-created_at").values_list("title", flat=True)[:20])
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema(), current_user")
            place = cursor.fetchone()
    return int(bool(titles - {words[brand.schema_name]}) or place != (brand.schema_name, brand.role_name))


def _trouble(random: Random, brand: BrandRef, words: dict[str, str]) -> str:
    """Something that goes wrong inside a brand, or a step out of it: what comes next must not stand there still."""
    kind = random.choice(("undone", "failed", "refused", "out"))
    with suppress(ValueError, DatabaseError, RefusedStatement), brand_scope(brand):
        if kind == "undone":
            with suppress(ValueError), transaction.atomic():
                item_of(brand, "never")
                raise ValueError
        elif kind == "out":
            with hub_scope():
                Brand.objects.count()
            assert set(Item.objects.values_list("title", flat=True)[:3]) <= {words[brand.schema_name]}
        else:
            _statement("SELECT 1/0" if kind == "failed" else "SET search_path = public")
    return kind


def _statement(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def _left_behind(login: str) -> tuple[set[int], list[Any]]:
    """What a stranger finds who is given one of the server's connections, asked by several at once."""
    found: list[Any] = []
    ready = threading.Barrier(SERVER_CONNECTIONS)

    def ask() -> None:
        with psycopg.connect(
            **connections["default"].get_connection_params() | {"cursor_factory": psycopg.Cursor}
        ) as raw:
            for _ in range(20):
                with raw.transaction():
                    found.append(raw.execute(LEFT).fetchone())
                    with suppress(threading.BrokenBarrierError):
                        ready.wait(timeout=5)

    for thread in (threads := [threading.Thread(target=ask) for _ in range(SERVER_CONNECTIONS)]):
        thread.start()
    for thread in threads:
        thread.join()
    clean = (True, "none", "public, pg_temp")
    return {row[3] for row in found}, [row for row in found if row[:3] != clean or row[4] == "0" or row[5]]


def _listens_only_past_it(direct: dict[str, Any]) -> bool:
    """Past it: heard. Through it: a sentence, from the relay's listener and from `manage.py check`."""
    with Listener():
        pass
    kept = connections.settings.pop("direct")
    try:
        with suppress(ImproperlyConfigured), Listener():
            return False
        said = [message.id for message in what_goes_past_the_pooler(None, ["default"])]
    finally:
        connections.settings["direct"] = kept
    connection.ensure_connection()
    return said == ["tenants.E006"] and is_pooled(connection.connection)


def _strays(brands: list[BrandRef], words: dict[str, str], done: Counter[str]) -> list[str]:
    """Looked at without the pooler: each brand holds what was written into it, all of it and nothing else."""
    found = []
    for brand in brands:
        with brand_scope(brand):
            titles = Counter(Item.objects.values_list("title", flat=True))
        if titles != Counter({words[brand.schema_name]: done[brand.schema_name]}):
            found.append(f"{brand.slug}: {dict(titles.most_common(3))}, expected {done[brand.schema_name]}")
    return found
