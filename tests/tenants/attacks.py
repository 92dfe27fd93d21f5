"""The attacks on the walls, as a list: each is tried against two real brands, and none may succeed.

Numbers are those of the threat list (docs/threat-model.md). An attack is a function `(ours, theirs)`: we are in `ours` and want
something of `theirs`, where every secret reads SECRET. It has *failed* when it raises one of the errors that walls raise, or
returns nothing of theirs. Any other error counts as succeeded: a broken attack proves nothing.
"""

import asyncio
import contextlib
import pickle
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Max, Prefetch

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.items.models import Item, ItemVersion
from clients.outbox.models import OutboxRow
from clients.people.actor import process_of
from tenants.brandref import BrandRef
from tenants.errors import RelaisError
from tenants.ids import uuid7
from tenants.walls.place import CrossBrand, OutsideBrand, RefusedStatement
from tenants.walls.scope import brand_scope, durable

SECRET = "B-secret"
WALLS = (CrossBrand, OutsideBrand, RefusedStatement, DatabaseError, psycopg.Error, RelaisError)
OTHER_DOORS = (ImproperlyConfigured, ValidationError)

Attack = Callable[[BrandRef, BrandRef], object]


@dataclass(frozen=True, slots=True)
class AttackResult:
    """One attack tried. `detail` says what stopped it, or what it got."""

    number: int
    name: str
    succeeded: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Entered:
    """An attack of the list."""

    number: int
    name: str
    run: Attack


ATTACKS: list[Entered] = []


def attack(number: int, name: str = "") -> Callable[[Attack], Attack]:
    """Put a function on the list."""

    def enter(function: Attack) -> Attack:
        ATTACKS.append(Entered(number, name or function.__name__.replace("_", " "), function))
        return function

    return enter


def run() -> list[AttackResult]:
    """Try all of them, in a throw-away database of their own unless this process is in one already.

    Leaves its data behind: whoever shares the database cleans up.
    """
    from tests.database import ACTIVE, brand_with, in_throwaway, throwaway
    from tests.tenants import attacks_around, attacks_of_files, attacks_of_operators, attacks_of_pages, attacks_of_tasks  # noqa: F401  the rest of the list

    with contextlib.nullcontext() if in_throwaway() else throwaway():
        ours, theirs = map(brand_with, ACTIVE)
        return [tried(each, ours, theirs) for each in ATTACKS]


def tried(entered: Entered, ours: BrandRef, theirs: BrandRef) -> AttackResult:
    """Try one, with a fresh secret, and look afterwards whether the session or the secret was touched."""
    _plant(ours, theirs)
    try:
        got = entered.run(ours, theirs)
        succeeded, detail = bool(got) and SECRET in repr(got), f"got {got!r}"[:120]
    except (*WALLS, *OTHER_DOORS) as wall:
        succeeded, detail = False, f"{type(wall).__name__}: {str(wall).splitlines()[0] if str(wall) else ''}"[:120]
    except Exception as error:
        succeeded, detail = True, f"unexpected {type(error).__name__}: {error}"[:160]
    if damage := _damage(ours, theirs):
        succeeded, detail = True, damage
    connection.close()
    return AttackResult(entered.number, entered.name, succeeded, detail)


def _plant(ours: BrandRef, theirs: BrandRef) -> None:
    for brand, word in ((ours, "A-own"), (theirs, SECRET)):
        with durable(brand):
            Item.objects.filter(versions=None).delete()
            record(process_of(brand, EntryPoint.COMMAND, "test"), word, None)
            OutboxRow.objects.get_or_create(kind=word, key="x", done_at=None)
            item_of(brand, word)


def item_of(brand: BrandRef, title: str) -> Item:
    """A new item in the open scope of `brand`."""
    return Item.objects.create(
        title=title, kind="publish", sensitivity="routine", author_id=uuid7(), author_name="x", author_side="agency"
    )


def _damage(ours: BrandRef, theirs: BrandRef) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('search_path')")
        if cursor.fetchone() != (connection.settings_dict["USER"], "public, pg_temp"):
            return "the session was poisoned"
    with brand_scope(theirs):
        if not Item.objects.filter(title=SECRET).exists() or Item.objects.exclude(title=SECRET).exists():
            return "their rows were changed"
    with brand_scope(ours):
        return "their rows came to us" if Item.objects.filter(title=SECRET).exists() else ""


def raw(brand: BrandRef | None, statement: str, values: Any = None) -> list[Any]:
    """All rows of all results of one raw statement, inside a brand or (None) on the hub."""
    with brand_scope(brand) if brand else transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.replace("%", "%%") if values == () else statement, values)
        return _all_results(cursor)


def _all_results(cursor: Any) -> list[Any]:
    rows: list[Any] = []
    while True:
        with contextlib.suppress(psycopg.ProgrammingError, DatabaseError):
            rows += cursor.fetchall()
        if not cursor.nextset():
            return rows


# --- 1. Another brand's tables by name ---------------------------------------------------------------------------------

_BY_NAME = {
    "select": "SELECT title FROM {theirs}.items_item",
    "select from the hub": "SELECT title FROM {theirs}.items_item",
    "update": "UPDATE {theirs}.items_item SET title = 'A-own' RETURNING title",
    "delete": "DELETE FROM {theirs}.items_item RETURNING title",
    "insert": "INSERT INTO {theirs}.items_item SELECT * FROM items_item RETURNING title",
    "subquery": "SELECT (SELECT max(title) FROM {theirs}.items_item)",
    "table": "TABLE {theirs}.items_item",
    "lock": "LOCK TABLE {theirs}.items_item",
    "with": "WITH x AS (DELETE FROM {theirs}.items_item RETURNING title) SELECT * FROM x",
    "explain": "EXPLAIN ANALYZE UPDATE {theirs}.items_item SET title = 'A-own'",
    "append-only": "UPDATE audit_entry SET verb = 'B-secret' RETURNING verb",
    "append-only delete": "DELETE FROM audit_entry RETURNING 'B-secret'",
    "append-only truncate": "TRUNCATE audit_entry",
}


def _by_name(name: str, statement: str) -> None:
    @attack(1, f"raw SQL by qualified name: {name}")
    def by_name(ours: BrandRef, theirs: BrandRef) -> object:
        return raw(None if "hub" in name else ours, statement.format(theirs=theirs.schema_name))


for _name, _statement in _BY_NAME.items():
    _by_name(_name, _statement)


@attack(1, "raw SQL by COPY")
def by_copy(ours: BrandRef, theirs: BrandRef) -> object:
    statement = f"COPY {theirs.schema_name}.items_item TO STDOUT"
    with brand_scope(ours), connection.cursor() as cursor, cursor.copy(statement) as rows:
        return b"".join(rows).decode()


# --- 2. Changing who or where the session is ---------------------------------------------------------------------------

_READ = "SELECT title FROM items_item"
_SWITCHES = {
    "set search_path": "SET search_path = {schema}",
    "set local search_path": "SET LOCAL search_path = {schema}",
    "set role": "SET ROLE {role}",
    "set local role": "SET LOCAL ROLE {role}",
    "set session authorization": "SET SESSION AUTHORIZATION {role}",
    "reset role": "RESET ROLE",
    "reset all": "RESET ALL",
    "discard all": "DISCARD ALL",
    "set_config role": "SELECT set_config('role', '{role}', false)",
    "set_config in capitals and quotes": "SELECT \"set_config\"('role', '{role}', false)",
    "set_config with a comment": "SELECT set_config/* */('role', '{role}', false)",
    "set_config in pg_catalog": "SELECT pg_catalog.set_config('role', '{role}', false)",
    "set_config with a unicode name": "SELECT U&\"set\\005fconfig\"('role', '{role}', false)",
    "set_config in a CTE": "WITH x AS (SELECT set_config('role', '{role}', false)) SELECT * FROM x",
    "set_config behind query_to_xml": "SELECT query_to_xml('SELECT set_config(''role'',''{role}'',false)', true, true, '')",
    "pg_settings": "UPDATE pg_settings SET setting = '{schema}' WHERE name = 'search_path'",
    "do block": "DO $$ BEGIN EXECUTE 'SET ROLE {role}'; END $$",
    "prepare": "PREPARE p AS SELECT 1",
    "execute": "EXECUTE p",
    "declare": "DECLARE c CURSOR WITH HOLD FOR SELECT title FROM {schema}.items_item",
    "call": "CALL p()",
    "create function": "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "create view": "CREATE VIEW v AS SELECT 1",
    "create trigger": "CREATE TRIGGER x AFTER INSERT ON items_item EXECUTE FUNCTION public.tenants_mirror_work()",
    "alter role": "ALTER ROLE {role} LOGIN",
    "grant": "GRANT {role} TO PUBLIC",
    "commit": "COMMIT",
    "rollback": "ROLLBACK",
    "rollback to savepoint": "ROLLBACK TO SAVEPOINT x",
    "savepoint": "SAVEPOINT x",
    "begin": "BEGIN",
    "leading comment": "/* SELECT */ SET ROLE {role}",
    "nested comment": "/* /* */ ' */ SET ROLE {role} --'",
    "line comment": "-- SELECT\nSET ROLE {role}",
    "parenthesis": "( SET ROLE {role} )",
    "explain": "EXPLAIN (ANALYZE) EXECUTE p",
    "listen": "LISTEN other_brand",
    "notify": "NOTIFY other_brand",
    "pg_notify": "SELECT pg_notify('other_brand', 'B-secret')",
    "load": "LOAD 'auto_explain'",
    "copy to program": "COPY items_item TO PROGRAM 'cat'",
}


def _switch(name: str, statement: str) -> None:
    @attack(2, f"switch alone: {name}")
    def alone(ours: BrandRef, theirs: BrandRef) -> object:
        raw(ours, statement.format(schema=theirs.schema_name, role=theirs.role_name))
        return f"{SECRET}: let through"

    @attack(2, f"switch, stacked before a read: {name}")
    def stacked(ours: BrandRef, theirs: BrandRef) -> object:
        before = statement.format(schema=theirs.schema_name, role=theirs.role_name)
        return [*raw(ours, f"{before}; SELECT title FROM {theirs.schema_name}.items_item"), SECRET]


for _name, _statement in _SWITCHES.items():
    _switch(_name, _statement)


@attack(2)
def stacked_behind_a_parameter(ours: BrandRef, theirs: BrandRef) -> object:
    return raw(ours, f"SELECT %s; SET ROLE {theirs.role_name}; {_READ}", ["x"])


@attack(2)
def stacked_behind_a_dollar_in_a_name(ours: BrandRef, theirs: BrandRef) -> object:
    return raw(
        ours, f"SELECT 1 AS a$$; SET ROLE {theirs.role_name}; SELECT title FROM {theirs.schema_name}.items_item; -- $$"
    )


@attack(2)
def the_raw_psycopg_cursor(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(ours), connection.cursor() as cursor:
        cursor.cursor.execute(f"SET ROLE {theirs.role_name}")
        return cursor.cursor.execute(f"SELECT title FROM {theirs.schema_name}.items_item").fetchall()


@attack(2)
def the_raw_psycopg_connection(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(ours):
        raw_connection = connection.connection
        raw_connection.execute(f"SET ROLE {theirs.role_name}")
        return raw_connection.execute(f"SELECT title FROM {theirs.schema_name}.items_item").fetchall()


@attack(2)
def executemany(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(ours), connection.cursor() as cursor:
        cursor.executemany(f"SET ROLE {theirs.role_name}", [[], []])
        return SECRET


@attack(2)
def a_named_cursor(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(ours), connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT title FROM {theirs.schema_name}.items_item")
        return cursor.fetchall()


@attack(2)
def an_injected_fragment_in_extra(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(ours):
        return list(Item.objects.extra(where=[f"true; SET ROLE {theirs.role_name}; SELECT 1 WHERE (true"]))


@attack(2, "switch on the hub, outside every scope")
def switch_on_the_hub(ours: BrandRef, theirs: BrandRef) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {theirs.role_name}")
        cursor.execute(f"SELECT title FROM {theirs.schema_name}.items_item")
        return cursor.fetchall()


# --- 3. No brand at all ------------------------------------------------------------------------------------------------


@attack(3)
def a_brand_model_without_a_scope(ours: BrandRef, theirs: BrandRef) -> object:
    return [SECRET for _ in Item.objects.all()]


@attack(3)
def a_brand_model_in_a_plain_transaction(ours: BrandRef, theirs: BrandRef) -> object:
    with transaction.atomic():
        return [SECRET for _ in Item.objects.all()]


@attack(3)
def a_brand_model_in_a_new_thread(ours: BrandRef, theirs: BrandRef) -> object:
    return _in_thread(lambda: [SECRET for _ in Item.objects.all()], theirs)


@attack(3)
def a_brand_model_from_async_code(ours: BrandRef, theirs: BrandRef) -> object:
    from asgiref.sync import sync_to_async

    async def main() -> object:
        return await sync_to_async(
            lambda: _closing(lambda: [SECRET for _ in Item.objects.all()]), thread_sensitive=False
        )()

    # In a thread of its own: a browser test before this one leaves an event loop running in ours.
    with brand_scope(theirs), ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, main()).result()


@attack(3)
def a_write_without_a_scope(ours: BrandRef, theirs: BrandRef) -> object:
    return [SECRET, item_of(ours, "x")]


def _in_thread(work: Callable[[], object], brand: BrandRef) -> object:
    caught: list[Any] = []

    def target() -> None:
        try:
            caught.append(_closing(work))
        except Exception as error:
            caught.append(error)

    with brand_scope(brand):
        thread = threading.Thread(target=target)
        thread.start()
        thread.join()
    if isinstance(caught[0], Exception):
        raise caught[0]
    return caught[0]


def _closing(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connection.close()


# --- 4. A queryset of one brand, evaluated in another --------------------------------------------------------------------

_EVALUATIONS: dict[str, Callable[[Any], object]] = {
    "list": list,
    "filtered further": lambda rows: list(rows.filter(title__contains="-")),
    "count": lambda rows: f"{SECRET} {rows.count()}",
    "exists": lambda rows: f"{SECRET} {rows.exists()}",
    "first": lambda rows: rows.order_by("title").first(),
    "aggregate": lambda rows: rows.aggregate(Max("title")),
    "values_list": lambda rows: list(rows.values_list("title")),
    "iterator": lambda rows: list(rows.iterator()),
    "in_bulk": lambda rows: rows.in_bulk(),
    "update": lambda rows: f"{SECRET} {rows.update(title='A-own')}",
    "delete": lambda rows: f"{SECRET} {rows.delete()}",
    "as a subquery": lambda rows: [SECRET, *Item.objects.filter(pk__in=rows.values("pk"))],
    "in a union": lambda rows: list(Item.objects.all().union(rows)),
    "select_for_update": lambda rows: list(rows.select_for_update()),
    "explain": lambda rows: f"{SECRET} {rows.explain()}",
    "slice": lambda rows: list(rows[:1]),
    "related manager": lambda rows: list(ItemVersion.objects.filter(item__in=rows)) or SECRET,
}


def _evaluated(name: str, evaluate: Callable[[Any], object]) -> None:
    @attack(4, f"queryset of theirs, evaluated with us: {name}")
    def evaluated(ours: BrandRef, theirs: BrandRef) -> object:
        with brand_scope(theirs):
            rows = Item.objects.all()
        with brand_scope(ours):
            return [SECRET, evaluate(rows)]


for _name, _evaluate in _EVALUATIONS.items():
    _evaluated(_name, _evaluate)


@attack(4)
def rows_already_fetched_read_in_another_scope(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        rows = Item.objects.all()
        len(rows)
    with brand_scope(ours):
        return list(rows)


@attack(4)
def a_shared_queryset_evaluated_first_in_their_brand(ours: BrandRef, theirs: BrandRef) -> object:
    shared = Item.objects.all()  # as in a form field, made when the module was imported
    with brand_scope(theirs):
        len(shared)
    with brand_scope(ours):
        return list(shared)


@attack(4)
def an_iterator_begun_in_their_brand(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        for _ in range(3):
            item_of(theirs, SECRET)
        rows = Item.objects.iterator(chunk_size=1)
        next(rows)
        with brand_scope(ours):
            return next(rows)


@attack(4)
def a_named_cursor_begun_in_their_brand(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs), connection.chunked_cursor() as cursor:
        cursor.execute(_READ)
        with brand_scope(ours):
            return cursor.fetchall()


@attack(4)
def a_pickled_queryset(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        frozen = pickle.dumps(Item.objects.all())
    with brand_scope(ours):
        return list(pickle.loads(frozen))


@attack(4)
def a_pickled_query(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        frozen = pickle.dumps(Item.objects.all().query)
    with brand_scope(ours):
        rows = Item.objects.all()
        rows.query = pickle.loads(frozen)
        return [SECRET, list(rows)]


@attack(4)
def a_prefetch_of_their_queryset(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        inner = ItemVersion.objects.all()
    with brand_scope(ours):
        return [SECRET, list(Item.objects.prefetch_related(Prefetch("versions", queryset=inner)))]


# --- 5. An instance of one brand, used in another ------------------------------------------------------------------------


def _version_of(item: Item, **fields: Any) -> ItemVersion:
    facts: dict[str, Any] = {"number": 1, "content": {}, "digest": "", "author_id": uuid7(), "author_side": "agency"}
    return ItemVersion(item=item, **facts, **fields)


def _refreshed(item: Item) -> object:
    item.refresh_from_db()
    return item.title


def _saved_by_bulk_update(item: Item) -> object:
    return Item.objects.bulk_update([item], ["title"])


def _in_instance_pickle(item: Item) -> object:
    return pickle.loads(pickle.dumps(item)).title


def _assigned(item: Item) -> object:
    mine = Item.objects.first()
    version = _version_of(mine or Item())
    version.item = item
    return version


_USES: dict[str, Callable[[Item], object]] = {
    "save": lambda item: item.save(),
    "save, only one field": lambda item: item.save(update_fields=["title"]),
    "save, database named": lambda item: item.save(using="default"),
    "save, forced insert": lambda item: item.save(force_insert=True),
    "delete": lambda item: item.delete(),
    "refresh": _refreshed,
    "foreign key at birth": _version_of,
    "foreign key of create": lambda item: ItemVersion.objects.create(
        item=item, number=1, content={}, author_id=uuid7(), author_side="agency"
    ),
    "foreign key assigned": _assigned,
    "foreign key by bulk_create": lambda item: ItemVersion.objects.bulk_create([_version_of(item)]),
    "bulk_create": lambda item: Item.objects.bulk_create([item]),
    "bulk_create, ignoring conflicts": lambda item: Item.objects.bulk_create([item], ignore_conflicts=True),
    "bulk_update": _saved_by_bulk_update,
    "related manager": lambda item: list(item.versions.all()),
    "related manager's create": lambda item: item.versions.create(number=1, content={}, author_id=uuid7()),
    "related manager's add": lambda item: item.versions.add(_version_of(Item.objects.first() or Item()), bulk=False),
    "filter by instance": lambda item: list(ItemVersion.objects.filter(item=item)) or None,
    "deferred field": lambda item: item.title,
    "pickle": _in_instance_pickle,
}


def _used(name: str, use: Callable[[Item], object]) -> None:
    @attack(5, f"instance of theirs, used with us: {name}")
    def used(ours: BrandRef, theirs: BrandRef) -> object:
        with brand_scope(theirs):
            rows = Item.objects.filter(title=SECRET)
            item = (rows.only("id") if name == "deferred field" else rows)[0]
        with brand_scope(ours):
            got = use(item)
            return None if name == "filter by instance" and got is None else [SECRET, got]


for _name, _use in _USES.items():
    _used(_name, _use)


@attack(5)
def a_lazy_foreign_key_followed_in_another_brand(ours: BrandRef, theirs: BrandRef) -> object:
    shared = uuid7()
    with durable(ours):
        mine = Item.objects.get(title="A-own", pk=_with_id(ours, shared, "A-own"))
        _version_of(mine).save()
        version = ItemVersion.objects.get(item_id=shared)
    with durable(theirs):
        _with_id(theirs, shared, SECRET)
    with brand_scope(theirs):
        return version.item.title


@attack(5)
def our_new_object_pointing_to_theirs_kept_for_later(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        version = _version_of(Item.objects.filter(title=SECRET)[0])
    with brand_scope(ours):
        version.save()
        return SECRET


@attack(5)
def our_instance_written_over_theirs_of_equal_id(ours: BrandRef, theirs: BrandRef) -> object:
    shared = uuid7()
    with durable(theirs):
        _with_id(theirs, shared, SECRET)
    with durable(ours):
        mine = Item.objects.get(pk=_with_id(ours, shared, "A-own"))
    with durable(theirs):
        mine.save()
    return SECRET


def _with_id(brand: BrandRef, pk: UUID, title: str) -> UUID:
    facts = {"kind": "publish", "sensitivity": "routine", "author_id": uuid7(), "author_side": "agency"}
    return UUID(str(Item.objects.create(pk=pk, title=title, **facts).pk))


# --- 6, 7, 8. Afterwards --------------------------------------------------------------------------------------------------


def _leaving_badly(ours: BrandRef, theirs: BrandRef) -> Iterator[None]:
    with brand_scope(theirs):
        list(Item.objects.all())
        yield


@attack(6)
def an_exception_in_their_scope_then_going_on_in_ours(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(ours):
        with contextlib.suppress(ValueError), brand_scope(theirs):
            list(Item.objects.all())
            raise ValueError
        return raw_here(_READ)


@attack(6)
def a_database_error_in_their_scope_then_going_on_in_ours(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(ours):
        with contextlib.suppress(DatabaseError), brand_scope(theirs):
            raw_here("SELECT 1/0")
        return raw_here(_READ)


@attack(6)
def a_savepoint_rolled_back_after_a_switch(ours: BrandRef, theirs: BrandRef) -> object:
    with brand_scope(theirs):
        list(Item.objects.all())
        with contextlib.suppress(ValueError), transaction.atomic():
            with brand_scope(ours):
                list(Item.objects.all())
            raise ValueError
        with brand_scope(ours):
            return raw_here(_READ)


@attack(7)
def a_generator_suspended_in_their_scope(ours: BrandRef, theirs: BrandRef) -> object:
    suspended = _leaving_badly(ours, theirs)
    try:
        with brand_scope(ours):
            next(suspended)
        return raw_here(_READ)
    finally:
        with contextlib.suppress(CrossBrand):
            suspended.close()  # type: ignore[attr-defined]


@attack(7)
def two_threads_in_two_brands(ours: BrandRef, theirs: BrandRef) -> object:
    seen: list[Any] = []

    def work() -> None:
        for _ in range(50):
            with brand_scope(theirs):
                raw_here(_READ)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    for _ in range(50):
        with brand_scope(ours):
            seen += raw_here(_READ)
    thread.join()
    return [row for row in seen if row == (SECRET,)]


@attack(7)
def recursion_through_both_brands(ours: BrandRef, theirs: BrandRef) -> object:
    def down(depth: int) -> list[Any]:
        with brand_scope(theirs if depth % 2 else ours):
            inner = down(depth - 1) if depth else []
            return inner + (raw_here(_READ) if depth % 2 == 0 else [])

    return down(5)


@attack(8)
def the_next_statement_on_the_same_connection(ours: BrandRef, theirs: BrandRef) -> object:
    with durable(theirs):
        raw_here(_READ)
    return raw_here(_READ)


@attack(8)
def the_next_statement_on_the_pooled_server_connection(ours: BrandRef, theirs: BrandRef) -> object:
    with durable(theirs):
        raw_here(_READ)
    return connections["default"].connection.execute(f"SELECT title FROM {theirs.schema_name}.items_item").fetchall()


@attack(8)
def the_connection_after_a_failed_commit(ours: BrandRef, theirs: BrandRef) -> object:
    with contextlib.suppress(DatabaseError), durable(theirs):
        raw_here("UPDATE items_item SET version_id = id")
    return raw_here(_READ)


def raw_here(statement: str) -> list[Any]:
    """Rows of a raw statement wherever we are."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []
