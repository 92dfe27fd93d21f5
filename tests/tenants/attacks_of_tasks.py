"""Attacks through work that is done later: chains, chords, retries, beat, eager tasks, forged messages; and starving others."""

import json
import os
from collections import Counter
from typing import Any
from uuid import UUID

from celery import Celery, chain, chord, group
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.db import connection

from clients.outbox.models import OutboxRow
from clients.outbox.tasks import work_off
from tenants.brandref import BrandRef
from tenants.errors import Refused
from tenants.ids import uuid7
from tenants.models import Brand
from tenants.pending import claim
from tenants.tasks import BRAND_HEADER, BrandTask, HubTask
from tenants.walls.scope import brand_scope, current_brand, durable
from tests.tenants.attacks import SECRET, attack, raw_here

_app = Celery("attacks-later", broker="memory://", backend="cache+memory://", set_as_current=False)
_app.conf.update(
    task_default_queue="attacks-later",
    broker_connection_retry_on_startup=False,
    broker_transport_options={"polling_interval": 0.02},  # of a queue in memory; a second otherwise
)
_READ = "SELECT title FROM items_item WHERE title IN ('A-own', 'B-secret')"
PATIENCE = 20
OFTEN = 0.02


@_app.task(base=BrandTask)
def look(brand: BrandRef, before: Any = None) -> list[str]:
    """What one sees where the task stands, after what those before it have seen."""
    try:
        with brand_scope(brand):
            return [*_flat(before), *(title for (title,) in raw_here(_READ))]
    finally:
        if current_brand() is None:
            connection.close()


@_app.task(base=BrandTask, bind=True, max_retries=2)
def look_again(self: Any, brand: BrandRef) -> list[str]:
    if self.request.retries < 2:
        raise self.retry(countdown=0)
    return look.run(brand)  # type: ignore[no-any-return]


@_app.task(base=BrandTask)
def look_by_child(brand: BrandRef) -> str:
    return str(look.delay().id)


@_app.task(base=HubTask)
def ask_for_theirs(named: str) -> str:
    """A task of the hub that publishes one for a brand by a plain header: the way beat would."""
    return str(look.apply_async(headers={BRAND_HEADER: named}).id)


def _flat(before: Any) -> list[str]:
    return [one for part in before or [] for one in ([part] if isinstance(part, str) else part)]


def _through_a_worker(make: Any, ours: BrandRef, theirs: BrandRef) -> list[Any]:
    """Ours and theirs at once through one worker with threads; what ours came back with."""
    with start_worker(_app, pool="threads", concurrency=4, perform_ping_check=False, shutdown_timeout=PATIENCE):
        asked = [(brand, make(brand)) for _ in range(5) for brand in (theirs, ours)]
        return [_flat(result.get(timeout=PATIENCE, interval=OFTEN)) for brand, result in asked if brand == ours]


def _sig(brand: BrandRef, task: Any = look) -> Any:
    return task.s().set(headers={BRAND_HEADER: str(brand.id)})


_SHAPES: dict[str, Any] = {
    "chain": lambda brand: chain(_sig(brand), _sig(brand), _sig(brand)).apply_async(),
    "chain that inherits": lambda brand: look.apply_async(brand=brand, link=look.s()),
    "group": lambda brand: group(_sig(brand), _sig(brand)).apply_async(),
    "chord": lambda brand: chord([_sig(brand), _sig(brand)], _sig(brand)).apply_async(),
    "retry": lambda brand: look_again.apply_async(brand=brand),
}


def _shape(name: str, make: Any) -> None:
    @attack(16, f"both brands at once through the threads of one worker: {name}")
    def shape(ours: BrandRef, theirs: BrandRef) -> object:
        seen = _through_a_worker(make, ours, theirs)
        if any(not each or set(each) != {"A-own"} for each in seen):
            return [SECRET, seen]
        return None


for _name, _make in _SHAPES.items():
    _shape(_name, _make)


@attack(16, "a task that a task of ours publishes goes to ours")
def child(ours: BrandRef, theirs: BrandRef) -> object:
    with start_worker(_app, pool="threads", concurrency=2, perform_ping_check=False, shutdown_timeout=PATIENCE):
        first = look_by_child.apply_async(brand=ours).get(timeout=PATIENCE, interval=OFTEN)
        seen = _app.AsyncResult(first).get(timeout=PATIENCE, interval=OFTEN)
    return seen if set(seen) == {"A-own"} else [SECRET, seen]


@attack(16, "a task of ours run at once inside their scope, by the setting that runs tasks eagerly")
def eager(ours: BrandRef, theirs: BrandRef) -> object:
    _app.conf.task_always_eager = _app.conf.task_eager_propagates = True
    try:
        with brand_scope(theirs):
            return [SECRET, look.apply_async(brand=ours).get()]
    finally:
        _app.conf.task_always_eager = False


@attack(16, "a message of beat without a brand")
def from_beat(ours: BrandRef, theirs: BrandRef) -> object:
    entry = _app.tasks[look.name]
    message = {"task": entry.name, "args": (), "kwargs": {}, "options": {"headers": {}}}
    return [SECRET, entry.apply(headers=message["options"]["headers"], throw=True).get()]  # type: ignore[index]


@attack(16, "a schedule that asks tasks of brands to run by themselves")
def schedules(ours: BrandRef, theirs: BrandRef) -> object:
    from config.celery import app

    return [SECRET, app.conf.beat_schedule] if app.conf.beat_schedule else None


_FORGED = [
    "",
    "null",
    "../public",
    "public",
    "00000000-0000-0000-0000-000000000000",
    "{schema}",
    "{theirs} ",
    "{theirs}'--",
    "%s",
]


@attack(16, "a task with every forged header")
def forged_headers(ours: BrandRef, theirs: BrandRef) -> object:
    """A header may name a brand and nothing else; one that is shaped otherwise fails the task."""
    got: list[Any] = []
    for header in _FORGED:
        named = header.format(theirs=theirs.id, schema=theirs.schema_name) if "{" in header else header
        try:
            got.append(look.apply(headers={BRAND_HEADER: named}, throw=True).get())
        except Exception as refused:
            if type(refused).__name__ not in {"ValueError", "Refused", "Missing"}:
                raise
    return [SECRET, got] if got else None


@attack(16, "a message for the outbox with their brand and a row of ours, and the other way round")
def crossed_rows(ours: BrandRef, theirs: BrandRef) -> object:
    rows: dict[UUID, UUID] = {}
    for brand in (ours, theirs):
        with durable(brand):
            OutboxRow.objects.filter(done_at=None).delete()
            rows[brand.id] = OutboxRow.objects.create(kind="nobody.knows", key=str(uuid7())).pk
    for named, row in ((ours.id, rows[theirs.id]), (theirs.id, rows[ours.id])):
        try:
            work_off(named, row, lambda: False)
        except Exception as wall:
            if type(wall).__name__ in {"AttributeError", "TypeError"}:
                raise
    touched = []
    for brand in (ours, theirs):
        with brand_scope(brand):
            touched += OutboxRow.objects.filter(kind="nobody.knows").exclude(attempts=0).values_list("kind", "attempts")
    return [SECRET, touched] if touched else None


@attack(16, "something in a message but ids")
def in_messages(ours: BrandRef, theirs: BrandRef) -> object:
    """What the broker carries, as it is published: two ids, and the name of the task."""
    from clients.outbox.tasks import perform_row

    seen: list[str] = []
    with perform_row.app.connection_for_write("memory://") as wire, wire.Producer() as producer:
        publish = producer.publish

        def note(body: Any, *args: Any, **options: Any) -> Any:
            seen.append(json.dumps([body, options.get("headers")], default=str))
            return publish(body, *args, **options)

        producer.publish = note
        with brand_scope(theirs):
            perform_row.apply_async((str(theirs.id), str(uuid7())), producer=producer)
    words = " ".join(seen)
    return (
        [SECRET, words] if not seen or SECRET in words or theirs.schema_name in words or theirs.name in words else None
    )


# --- 28. Starving others -----------------------------------------------------------------------------------------------------


@attack(28, "ten thousand rows of theirs before one of ours")
def many_rows(ours: BrandRef, theirs: BrandRef) -> object:
    with durable(theirs):
        OutboxRow.objects.bulk_create([OutboxRow(kind="proof.count", key=str(n)) for n in range(10_000)])
    with durable(ours):
        OutboxRow.objects.filter(done_at=None).delete()
        mine = OutboxRow.objects.create(kind="proof.count", key="mine")
    claimed = claim(settings.WORKERS)
    shares = Counter(brand_id for brand_id, _ in claimed.rows)
    with durable(theirs):
        OutboxRow.objects.filter(kind="proof.count").delete()
    got_a_turn = (ours.id, mine.pk) in claimed.rows
    return [SECRET, shares] if not got_a_turn or shares[theirs.id] > settings.WORKERS_PER_BRAND else None


@attack(28, "a statement of theirs that would run for an hour")
def endless_statement(ours: BrandRef, theirs: BrandRef) -> object:
    """The limit that stands in the scope, made short: the server itself ends the statement."""
    with brand_scope(theirs):
        allowed = raw_here("SELECT current_setting('statement_timeout')")[0][0]
        if allowed in {"0", ""}:
            return [SECRET, "no limit"]
        raw_here("SET LOCAL statement_timeout = '200ms'")
        return [SECRET, raw_here("SELECT count(*) FROM generate_series(1, 1000000000)")]


@attack(28, "a transaction of theirs that is left open")
def left_open(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        limits = raw_here(
            "SELECT current_setting('idle_in_transaction_session_timeout'), current_setting('lock_timeout')"
        )[0]
    return [SECRET, limits] if set(limits) & {"0", ""} else None


# --- 32. The server that comes along ----------------------------------------------------------------------------------------


@attack(32, "a server of our own is started although the environment names one")
def embedded_beside_given(ours: BrandRef, theirs: BrandRef) -> object:
    from pathlib import Path

    from config.embedded.places import given_database

    here = {
        "DATABASE_URL": "postgresql://login:x@db.example/relais",
        "DATABASE_OWNER_URL": "postgresql://owner:x@db.example/relais",
    }
    found = given_database(here, Path("/nowhere"))
    kept = found is not None and (found.login, found.owner) == (here["DATABASE_URL"], here["DATABASE_OWNER_URL"])
    beside = given_database({}, Path("/nowhere"))
    return None if kept and beside is None else [SECRET, found, os.getpid()]


@attack(16, "a brand that is not served any more, in a message that waited")
def waited_too_long(ours: BrandRef, theirs: BrandRef) -> object:
    blank = Brand.objects.exclude(state="active").first()
    if blank is None:
        raise Refused("no such brand")
    return [SECRET, look.apply(headers={BRAND_HEADER: str(blank.pk)}, throw=True).get()]
