"""Making a brand: replaying the recorded text beside stock django-tenants' migrations, in a small and in a large database.

The limit is the recorded text alone in one transaction: no role, no rights, no triggers, no row. `taken` is what a sign-up
waits for: one blank of the pool becomes the brand.
"""

from collections.abc import Callable
from typing import Any

from django.db import connections, transaction

from tenants import provisioning as spaces
from tenants.actions import create_brand
from tenants.ids import new_schema_name
from tenants.walls.backend.base import OWNER
from tests.bench._measuring import interleaved
from tests.bench._peers import Peer
from tests.bench._tenancy import PEER_NOTE, brands_until, drop_schemas, ratio, stock

SIZES = {"small": (10, 60), "full": (10, 1000)}
ROUNDS = {"small": 7, "full": 11}


def run(scale: str) -> dict[str, Any]:
    """Figures at both sizes; `growth` is how much more a brand costs in the larger database."""
    sizes = {}
    with stock() as peer:
        for size in SIZES[scale]:
            brands_until(size)
            sizes[size] = _at(peer, ROUNDS[scale])
    small, large = (sizes[size] for size in SIZES[scale])
    return {
        "name": "create a brand",
        "unit": "milliseconds a brand",
        "ours": {size: found["ours"] for size, found in sizes.items()},
        "taken": {size: found["taken"] for size, found in sizes.items()},
        "peer": {size: found["peer"] for size, found in sizes.items()},
        "limit": {size: found["limit"] for size, found in sizes.items()},
        "ratios": {
            f"peer_to_ours_cpu_at_{size}": ratio(found["peer"]["cpu_ms"], found["ours"]["cpu_ms"])
            for size, found in sizes.items()
        }
        | {
            f"ours_to_limit_cpu_at_{size}": ratio(found["ours"]["cpu_ms"], found["limit"]["cpu_ms"])
            for size, found in sizes.items()
        },
        "growth": {
            "ours": ratio(large["ours"]["cpu_ms"], small["ours"]["cpu_ms"]),
            "peer": ratio(large["peer"]["cpu_ms"], small["peer"]["cpu_ms"]),
        },
        "goals": {"five_times_stock": large["peer"]["cpu_ms"] >= 5 * large["ours"]["cpu_ms"]},
        "notes": f"{_tables()} tables a brand; {PEER_NOTE}",
    }


def _at(peer: Peer, rounds: int) -> dict[str, dict[str, Any]]:
    made: list[str] = []

    def by_stock() -> Any:
        made.append(new_schema_name())
        return tuple(peer.ask(do="create", schemas=made[-1:])[0])

    by_stock()  # the first pays for importing
    text = spaces.schema_text()
    found = interleaved(
        {"ours": lambda: _discard(spaces.provision(text)), "peer": by_stock, "limit": _bare(text, made)},
        rounds,
        alias=OWNER,
    )
    found |= interleaved({"taken": _sign_up}, rounds)
    drop_schemas(made)
    return {name: series.figures() for name, series in found.items()}


def _discard(brand: object) -> None:
    """A contender must not return a value."""


def _sign_up() -> None:
    name = new_schema_name()
    create_brand(name, name.replace("_", "-"))


def _bare(text: str, made: list[str]) -> Callable[[], None]:
    def contender() -> None:
        name = new_schema_name()
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA "{name}"; SET LOCAL search_path = "{name}"; {text}')
        made.append(name)

    return contender


def _tables() -> int:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = (SELECT min(schema_name) FROM tenants_brand)")
        return int(cursor.fetchone()[0])
