"""The gate's write path: submit at level 6 (lock, ask, store the answer, audit, dispatch, outbox) beside its bare rows.

The peer writes the same rows by plain ORM, one `save` each, in one transaction of the same brand, without asking
anything. The limit writes them in one statement from ready JSON. `send` is the second half: marked, asked again under
the brake, called, receipted; its call goes to the memory network on a connection of its own, whose server time is not
in the figures.
"""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
from django.db import connection, models
from django.utils import timezone
from psycopg.types.json import Jsonb

from clients.audit.models import Entry
from clients.gate.actions import send_dispatch, submit_item
from clients.gate.models import DecisionRecord, Dispatch
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from tenants.ids import uuid7
from tenants.walls.scope import brand_scope, durable
from tests.bench._measuring import Series, interleaved
from tests.proof._scene import digest, scene
from tests.world import World

ROUNDS = {"small": 40, "full": 400}
WARM = 5


def run(scale: str) -> dict[str, Any]:
    """Figures of submitting and sending."""
    world, rounds = scene(level=6), ROUNDS[scale]
    drafts = iter([world.draft(f"Mesure {n}") for n in range(3 * (rounds + WARM) + 1)])
    rows = _rows_of_a_submission(world, next(drafts))
    cm = world.cm
    sent = _dispatches(world)

    def ours() -> None:
        item = next(drafts)
        submit_item(cm, item_id=item.pk, seen_digest=digest(item))

    contenders: dict[str, Callable[[], Any]] = {
        "ours": ours,
        "peer": lambda: _by_orm(world, next(drafts), rows),
        "limit": lambda: _in_one_statement(world, next(drafts), rows),
        "send": lambda: send_dispatch(world.brand, dispatch_id=next(sent)),
    }
    interleaved(contenders, WARM)
    found = interleaved(contenders, rounds)
    return _figures(found, len(rows) + 1)


def _figures(found: dict[str, Series], rows: int) -> dict[str, Any]:
    figures = {name: series.figures() for name, series in found.items()}

    def ratio(which: str, beside: str) -> float:
        return round(figures["ours"][which] / figures[beside][which], 2)

    return {
        "name": "gate write path: submit at level 6",
        "unit": "milliseconds an item",
        **figures,
        "ratios": {
            "ours_to_peer_cpu": ratio("cpu_ms", "peer"),
            "ours_to_peer_wall": ratio("wall_ms", "peer"),
            "ours_to_limit_cpu": ratio("cpu_ms", "limit"),
            "ours_to_limit_wall": ratio("wall_ms", "limit"),
        },
        "notes": f"{rows} rows an item (answer, audit, dispatch, outbox, and the item itself); CPU is both ends of the line",
    }


def _rows_of_a_submission(world: World, item: Item) -> list[models.Model]:
    """What one submission adds."""
    with brand_scope(world.brand):
        before = set(Entry.objects.values_list("id", flat=True))
    submit_item(world.cm, item_id=item.pk, seen_digest=digest(item))
    with brand_scope(world.brand):
        dispatch = Dispatch.objects.get(item=item)
        return [
            *DecisionRecord.objects.filter(item_id=item.pk),
            *Entry.objects.exclude(id__in=before),
            dispatch,
            OutboxRow.objects.get(key=str(dispatch.pk)),
        ]


def _dispatches(world: World) -> Iterator[Any]:
    """The dispatches of our submissions, as they come."""
    done: set[Any] = set()
    while True:
        with brand_scope(world.brand):
            pending = Dispatch.objects.filter(state="pending", item__submitter_id__isnull=False).exclude(pk__in=done)
            found = pending.values_list("id", flat=True).first()
        done.add(found)
        yield found


def _new(row: models.Model, item: Item) -> dict[str, Any]:
    """The values of a row like `row`, for another item."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
    values["id"] = uuid7()
    for name in ("item_id", "subject_id"):
        if name in values:
            values[name] = item.pk
    if "version_id" in values:
        values["version_id"] = item.version_id
    if isinstance(row, OutboxRow):
        values["key"] = str(values["id"])
    return values


def _by_orm(world: World, item: Item, rows: list[models.Model]) -> None:
    with durable(world.brand):
        for row in rows:
            if isinstance(row, Entry):  # numbered by the database, which the ORM's INSERT may not name
                _insert(row, _new(row, item))
            else:
                type(row)(**_new(row, item)).save(force_insert=True)
        item.state, item.submitted_at = "cleared", timezone.now()
        item.save(update_fields=("state", "submitted_at"))


def _columns(row: models.Model) -> list[str]:
    given = getattr(row, "given_by_database", ())
    return [f'"{f.column}"' for f in row._meta.concrete_fields if f.column not in given]


def _insert(row: models.Model, values: dict[str, Any]) -> None:
    columns = _columns(row)
    given = [Jsonb(v) if isinstance(v, dict) else v for v in (values[name.strip('"')] for name in columns)]
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {row._meta.db_table} ({', '.join(columns)}) VALUES ({marks})", given)


def _spelled(value: Any) -> str:
    return f"\\x{bytes(value).hex()}" if isinstance(value, bytes | memoryview) else str(value)


def _in_one_statement(world: World, item: Item, rows: list[models.Model]) -> None:
    parts, values = [], []
    for number, row in enumerate(rows):
        table = row._meta.db_table
        columns = ", ".join(_columns(row))
        parts.append(
            f"r{number} AS (INSERT INTO {table} ({columns}) SELECT {columns}"
            f" FROM jsonb_populate_record(NULL::{table}, %s::jsonb) RETURNING 1)"
        )
        values.append(orjson.dumps(_new(row, item), default=_spelled).decode())
    statement = f"WITH {', '.join(parts)} UPDATE items_item SET state = 'cleared', submitted_at = now() WHERE id = %s"
    with durable(world.brand), connection.cursor() as cursor:
        cursor.execute(statement, [*values, item.pk])
