"""One line: one statement, numbered by the database, what is personal beside it and bound to it, one spelling for everything."""

import hmac
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from clients.audit import lines
from clients.audit.actions import record
from clients.audit.models import Entry, Private
from clients.audit.queries import named
from clients.autonomy.vocabulary import EntryPoint
from clients.items.models import Item
from clients.people.actor import Actor, process_of
from tenants.walls.place import CrossBrand, OutsideBrand
from tenants.walls.scope import BrandRef, brand_scope
from tests.world import World


def house(brand: BrandRef) -> Actor:
    return process_of(brand, EntryPoint.COMMAND, "test")


def test_a_line_costs_one_statement_and_comes_back_as_it_is_stored(world: World) -> None:
    with brand_scope(world.brand):
        cm = world.cm
        record(cm, "test.first", None)
        with CaptureQueriesContext(connection) as seen:
            line = record(cm, "test.line", None, count=3, words=("a", "b"), private={"ip": "192.0.2.7"})
        assert len(seen) == 1, seen.captured_queries
        stored = Entry.objects.get(pk=line.pk)
        assert lines.act_line(stored) == lines.act_line(line)
        assert (stored.facts, stored.tx) == ({"count": 3, "words": ["a", "b"]}, line.tx)


def test_numbers_follow_the_order_of_writing(world: World) -> None:
    with brand_scope(world.brand):
        numbers = [record(world.cm, "test.line", None).seq for _ in range(5)]
        assert numbers == sorted(set(numbers))


def test_a_name_stands_beside_the_line_and_is_bound_to_it(world: World) -> None:
    with brand_scope(world.brand):
        line = record(world.cm, "test.line", None, private={"ip": "192.0.2.7"})
        beside = Private.objects.get(pk=line.pk)
        assert beside.data == {"name": world.cm.name, "ip": "192.0.2.7"}
        bound = hmac.digest(bytes(beside.salt), lines.canonical(beside.data), "sha256")
        assert bytes(Entry.objects.get(pk=line.pk).commitment) == bound
        assert world.cm.name.encode() not in lines.act_line(line) and b"192.0.2.7" not in lines.act_line(line)
        assert named(Entry.objects.filter(pk=line.pk)).get().person_name == world.cm.name  # type: ignore[attr-defined]


def test_two_lines_with_one_name_share_no_commitment(world: World) -> None:
    with brand_scope(world.brand):
        one, two = (record(world.cm, "test.line", None) for _ in range(2))
        assert one.commitment != two.commitment


def test_a_line_without_anybody_has_nothing_beside_it(brand_a: BrandRef) -> None:
    nobody = process_of(brand_a, EntryPoint.COMMAND, "")
    with brand_scope(brand_a):
        line = record(nobody, "test.line", None)
        assert (bytes(Entry.objects.get(pk=line.pk).commitment), Private.objects.count()) == (b"", 0)


@pytest.mark.parametrize(
    "fact",
    [1.5, float("nan"), "a\x00b", "\ud800", 2**53, b"x", {1: "x"}, {"é": 1}, object(), ["x" * 20_000]],
    ids=lambda fact: type(fact).__name__,
)
def test_what_no_line_can_hold_is_refused_and_nothing_is_written(brand_a: BrandRef, fact: Any) -> None:
    with brand_scope(brand_a):
        before = Entry.objects.count()
        for given in ({"fact": fact}, {"private": {"fact": fact}} if not isinstance(fact, list) else {"fact": fact}):
            with pytest.raises(lines.Unsealable):
                record(house(brand_a), "test.line", None, **given)
        assert Entry.objects.count() == before


def test_equal_words_become_equal_bytes(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        composed, decomposed = (record(house(brand_a), "x", None, word=word).facts for word in ("é", "e\u0301"))
        assert composed == decomposed


@pytest.mark.parametrize("column", ["seq", "tx"])
def test_the_application_gives_no_line_a_number(brand_a: BrandRef, column: str) -> None:
    statement = (
        f"INSERT INTO audit_entry (id, at, side, role, via, verb, subject_kind, facts, request_id, commitment, {column})"
        " VALUES (gen_random_uuid(), now(), '', '', 'x', 'x', '', '{}', '', '', 7)"
    )
    with brand_scope(brand_a):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        with connection.cursor() as cursor:
            cursor.execute(statement.replace(f", {column})", ")").replace(", 7)", ")"))
        assert Entry.objects.get().seq != 7


def test_the_application_does_not_move_the_numbers(brand_a: BrandRef) -> None:
    refused = pytest.raises(DatabaseError, match="permission denied")
    with brand_scope(brand_a), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT setval('audit_seq', 1)")


def test_only_inside_the_brand_it_is_about(brand_a: BrandRef, brand_b: BrandRef) -> None:
    with pytest.raises(OutsideBrand):
        record(house(brand_a), "test.line", None)
    with brand_scope(brand_b):
        theirs = Item.objects.create(title="x", kind="publish", sensitivity="routine", author_id=brand_b.id)
    with brand_scope(brand_a), pytest.raises(CrossBrand):
        record(house(brand_a), "test.line", theirs)


def test_no_log_no_write(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log cannot be written: the act is refused, not done in silence."""
    broken: Callable[..., Any] = lambda *_: (_ for _ in ()).throw(lines.Unsealable("x"))  # noqa: E731
    monkeypatch.setattr("clients.audit.lines.plain_facts", broken)
    with brand_scope(world.brand):
        before = Item.objects.count()
    with pytest.raises(lines.Unsealable):
        world.draft()
    with brand_scope(world.brand):
        assert Item.objects.count() == before
