"""What the benchmarks of the walls share: a stock django-tenants beside us in the same database, and many brands at once."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils import timezone

from clients.items.models import Item
from tenants import provisioning
from tenants.brandref import BrandRef
from tenants.ids import new_schema_name
from tenants.models import Brand
from tenants.vocabulary import BrandState
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import durable
from tests.bench._peers import Peer

PEER_NOTE = "peer: stock django-tenants 4.0, its standard executor, same migrations, same database, own process"


@contextmanager
def stock(modules: dict[str, str] | None = None, path: tuple[str, ...] = ()) -> Iterator[Peer]:
    """Stock django-tenants as the owner of our database; `modules` are MIGRATION_MODULES found below `path`."""
    address = connections.settings[OWNER]
    database = {name: address[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    where = {"path": [str(settings.BASE_DIR), *path]}
    first = {**where, "database": database, "modules": modules or {}}
    program = Path(__file__).with_name("_stock.py")
    # -P: the modules beside the program (`queue`) are not Python's own.
    command = [sys.executable, "-P", str(program)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(json.dumps(first) + "\n")
        process.stdin.flush()
        if json.loads(process.stdout.readline() or "null") != "ready":
            raise RuntimeError("the stock peer did not start")
        yield Peer(process)
    finally:
        process.terminate()
        process.wait()


def brands_until(size: int) -> list[Brand]:
    """Blanks until there are so many brands in all; returns the blanks."""
    there = Brand.objects.exclude(state=BrandState.GONE).count()
    text = provisioning.schema_text()
    for _ in range(size - there):
        provisioning.provision(text)
    return list(Brand.objects.filter(state=BrandState.BLANK).order_by("created_at"))


def fill(brand: BrandRef, count: int) -> None:
    """So many items, every second one waiting for the brand's side, due within a month."""
    soon = timezone.now()
    with durable(brand):
        Item.objects.bulk_create(
            Item(
                title=f"Item {number}",
                state="waiting",
                move_of="agency" if number % 2 else "brand",
                kind="publish",
                sensitivity="routine",
                author_id=brand.id,
                author_name="Somebody",
                author_side="agency",
                decide_by=soon + timedelta(seconds=random.Random(f"{brand.id}{number}").randrange(30 * 24 * 3600)),
            )
            for number in range(count)
        )


def stock_schemas(peer: Peer, size: int) -> list[str]:
    """Schemas made by the peer, to be migrated by it."""
    names = [new_schema_name() for _ in range(size)]
    peer.ask(do="create", schemas=names)
    return names


def drop_schemas(names: list[str]) -> None:
    """One per transaction: each holds hundreds of locks."""
    for name in names:
        with connections[OWNER].cursor() as cursor:
            cursor.execute(f'DROP SCHEMA "{name}" CASCADE')


def ratio(peer: float, ours: float) -> float:
    """How many times the peer needs what we need."""
    return round(peer / ours, 1) if ours else float("inf")
