"""Scopes: the right brand inside, nothing of it afterwards, whatever happens in between."""

import threading
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from clients.audit.actions import record
from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.people.actor import process_of
from tenants.brandref import BrandRef
from tenants.models import Brand, Person
from tenants.walls.place import CrossBrand, OutsideBrand
from tenants.walls.scope import brand_scope, current_brand, durable, hub_scope, required_brand


def place() -> tuple[str, str]:
    """Where the server says we are: (first schema of the path, current role)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_user")
        schema, role = cursor.fetchone()
    return schema, role


def login() -> str:
    return str(connection.settings_dict["USER"])


def note(verb: str) -> Entry:
    return record(process_of(required_brand(), EntryPoint.COMMAND, "test"), verb, None)


def test_a_scope_sets_schema_and_role_and_takes_them_back(brand_a: BrandRef) -> None:
    assert place() == ("public", login())
    with brand_scope(brand_a):
        assert current_brand() == brand_a
        assert place() == (brand_a.schema_name, brand_a.role_name)
    assert current_brand() is None
    assert place() == ("public", login())


def test_rows_of_one_brand_are_not_seen_in_another(brand_a: BrandRef, brand_b: BrandRef) -> None:
    with durable(brand_a):
        note("a")
    with durable(brand_b):
        note("b")
    with brand_scope(brand_a):
        assert list(Entry.objects.values_list("verb", flat=True)) == ["a"]


def test_scopes_nest_and_recurse(brand_a: BrandRef, brand_b: BrandRef) -> None:
    def down(depth: int) -> None:
        brand = brand_a if depth % 2 else brand_b
        with brand_scope(brand):
            assert place()[0] == brand.schema_name
            if depth:
                down(depth - 1)
            assert place()[0] == brand.schema_name
            assert required_brand() == brand

    down(4)
    assert place() == ("public", login())


def test_hub_scope_steps_out_and_back(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        with hub_scope():
            assert place() == ("public", login())
            assert Brand.objects.filter(pk=brand_a.id).exists()
            assert current_brand() is None
        assert place() == (brand_a.schema_name, brand_a.role_name)


def test_an_exception_leaves_no_trace(brand_a: BrandRef, brand_b: BrandRef) -> None:
    with brand_scope(brand_a):
        with pytest.raises(ValueError, match="on purpose"), brand_scope(brand_b):
            note("lost")
            raise ValueError("on purpose")
        assert place() == (brand_a.schema_name, brand_a.role_name)
        assert not Entry.objects.exists()
    assert place() == ("public", login())


def test_a_database_error_in_an_inner_scope_leaves_the_outer_one_usable(brand_a: BrandRef, brand_b: BrandRef) -> None:
    with brand_scope(brand_a):
        with pytest.raises(DatabaseError), brand_scope(brand_b), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        note("kept")
        assert place()[0] == brand_a.schema_name


def test_a_savepoint_rollback_inside_a_scope_keeps_the_brand(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        with pytest.raises(ValueError, match="on purpose"), transaction.atomic():
            assert place()[0] == brand_a.schema_name
            raise ValueError("on purpose")
        assert place() == (brand_a.schema_name, brand_a.role_name)


def test_a_cursor_opened_in_one_scope_works_in_the_place_it_is_used(brand_a: BrandRef, brand_b: BrandRef) -> None:
    with brand_scope(brand_a):
        cursor = connection.cursor()
        cursor.execute("SELECT current_schema()")
        with brand_scope(brand_b):
            cursor.execute("SELECT current_schema()")
            assert cursor.fetchone() == (brand_b.schema_name,)
        cursor.execute("SELECT current_schema()")
        assert cursor.fetchone() == (brand_a.schema_name,)
        cursor.close()


def test_durable_refuses_to_be_inner(brand_a: BrandRef) -> None:
    with brand_scope(brand_a), pytest.raises(RuntimeError), durable(brand_a):
        pass
    assert current_brand() is None


def test_outside_a_scope_there_are_no_brand_tables(db: None) -> None:
    with pytest.raises(OutsideBrand):
        list(Entry.objects.all())
    with pytest.raises(OutsideBrand):
        note("nowhere")


def test_inside_a_brand_there_are_no_hub_tables(brand_a: BrandRef) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), brand_scope(brand_a):
        Person.objects.count()


def test_a_generator_left_suspended_in_a_scope_is_noticed(real_brands: tuple[BrandRef, BrandRef]) -> None:
    brand_a, brand_b = real_brands

    def rows() -> Iterator[str]:
        with brand_scope(brand_b):
            yield place()[0]

    with pytest.raises(CrossBrand), brand_scope(brand_a):
        suspended = rows()
        next(suspended)
    assert current_brand() is None
    with pytest.raises(CrossBrand):
        next(suspended)
    assert place() == ("public", login())


def test_on_commit_runs_outside_the_scope(real_brands: tuple[BrandRef, BrandRef]) -> None:
    seen: list[object] = []
    with durable(real_brands[0]):
        note("x")
        transaction.on_commit(lambda: seen.extend([current_brand(), place()]))
    assert seen == [None, ("public", login())]


def test_a_new_thread_starts_outside_every_scope(real_brands: tuple[BrandRef, BrandRef]) -> None:
    seen: list[object] = []

    def work() -> None:
        seen.append(current_brand())
        try:
            list(Entry.objects.all())
        except OutsideBrand:
            seen.append("refused")
        connection.close()

    with brand_scope(real_brands[0]):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert seen == [None, "refused"]


def test_threads_do_not_disturb_one_another(real_brands: tuple[BrandRef, BrandRef]) -> None:
    wrong: list[str] = []

    def work(outer: BrandRef, inner: BrandRef) -> None:
        for _ in range(60):
            with brand_scope(outer):
                with brand_scope(inner):
                    wrong.extend([] if place()[0] == inner.schema_name else ["inner"])
                wrong.extend([] if place()[0] == outer.schema_name else ["outer"])
            wrong.extend([] if place()[0] == "public" else ["after"])
        connection.close()

    threads = [threading.Thread(target=work, args=pair) for pair in (real_brands, real_brands[::-1]) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_next_user_of_a_connection_inherits_nothing(real_brands: tuple[BrandRef, BrandRef]) -> None:
    with durable(real_brands[0]):
        place()
    raw = connection.connection
    assert raw.execute("SELECT current_user, current_setting('search_path')").fetchone() == (login(), "public, pg_temp")
