"""Somebody who keeps a copy by the feed of changes alone ends with the very same, whoever writes and however often they die.

Eight writers make, change and take away rows of one table, one or many at a time; every tenth changes their mind before the
commit, some keep their transaction open for half a second. The follower dies after one answer in five and begins again from what
it had stored; one who followed by the numbers of the rows would miss what committed late. The brand is then kept and brought
back in between, so that places of the feed are given a second time; the follower is told, and reads everything once more. Last,
what a write costs with the triggers and without: `UPDATE` of one row, in microseconds on this machine.
"""

import statistics
import tempfile
import time
from contextlib import suppress
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections, transaction

from clients.changes.models import Change, Noted
from clients.items.models import Item
from tenants.brandref import BrandRef
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope, durable
from tests.database import ACTIVE, brand_with
from tests.proof._followed import Follower, Undone, Writers

SECONDS = {"small": 3.0, "full": 40.0}
WRITES = {"small": 300, "full": 3_000}
TRIGGERS = ("told_insert", "told_update", "told_delete")


def run(scale: str) -> tuple[str, bool]:
    brand = brand_with(ACTIVE[0])
    writers, follower = Writers(brand), Follower(brand)
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "kept.relais")
        _write(writers, follower, SECONDS[scale], 1)
        first = follower.differences()
        call_command("backup_brand", brand.slug, file, stdout=StringIO())
        _write(writers, follower, SECONDS[scale] / 2, 100)
        call_command("restore_brand", file, "--replace", stdout=StringIO())
        connections["default"].close()
    _write(writers, follower, SECONDS[scale] / 2, 200)
    last = follower.differences()
    without_place, dense = _places(brand)
    with_them, without = _cost(brand, WRITES[scale])
    figures = (
        f"{writers.committed} commits of {writers.count} writers, {writers.undone} undone; {follower.told} changes told, "
        f"the follower died {follower.died} times, slowest answer {follower.slowest * 1000:.0f} ms; brought back once, told "
        f"{follower.began_anew} times to begin anew; differences {first} and {last}; {without_place} changes without a place, "
        f"places without a gap: {dense}; a write costs {with_them:.0f} us with the triggers, {without:.0f} us without"
    )
    holds = first == last == without_place == 0 and dense and follower.began_anew == 1 and follower.died > 0
    return figures, holds and writers.committed > 0 and writers.undone > 0


def _write(writers: Writers, follower: Follower, seconds: float, seed: int) -> None:
    follower.start()
    writers.start(seed)
    time.sleep(seconds)
    writers.stop()
    follower.stop()


def _places(brand: BrandRef) -> tuple[int, bool]:
    with brand_scope(brand):
        places = list(Change.objects.order_by("position").values_list("position", flat=True))
        return Noted.objects.count(), places == list(range(1, len(places) + 1))


def _cost(brand: BrandRef, writes: int) -> tuple[float, float]:
    """(with, without): the middle of seven rounds each, one after the other."""
    with durable(brand):
        item = Item.objects.first() or Item.objects.create(
            title="0", kind="publish", sensitivity="routine", author_id=brand.id
        )
    on, off = [], []
    for _ in range(7):
        _switch(brand, "ENABLE ALWAYS")
        on.append(_timed(brand, item, writes))
        _switch(brand, "DISABLE")
        off.append(_timed(brand, item, writes))
    _switch(brand, "ENABLE ALWAYS")
    return statistics.median(on), statistics.median(off)


def _switch(brand: BrandRef, how: str) -> None:
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        for trigger in TRIGGERS:
            cursor.execute(f'ALTER TABLE "{brand.schema_name}".items_item {how} TRIGGER {trigger}')


def _timed(brand: BrandRef, item: Item, writes: int) -> float:
    """Microseconds of one statement. What it noted is undone."""
    took = 0.0
    with suppress(Undone), durable(brand):
        began = time.perf_counter()
        with connection.cursor() as cursor:
            for number in range(writes):
                cursor.execute("UPDATE items_item SET title = %s WHERE id = %s", [str(number), item.pk])
        took = (time.perf_counter() - began) / writes * 1e6
        raise Undone
    return took
