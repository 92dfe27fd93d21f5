"""The feed of changes: nothing lost, nothing before its time, whoever writes and however long a transaction stays open."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from clients.audit.actions import House
from clients.changes.actions import forget_changes
from clients.changes.models import Change, Head, Noted
from clients.changes.rules import Cursor, cursor_of
from clients.changes.steps import settle
from clients.community.models import Member
from clients.disclosure.rules import InfoClass
from clients.items.models import Item
from tenants.errors import Conflict, Invalid
from tenants.ids import uuid7
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.changes.conftest import begin, follow, item, made, told

Brands = tuple[BrandRef, BrandRef]


def test_every_way_of_writing_is_told_and_one_transaction_is_one_change(real_brands: Brands) -> None:
    brand, other = real_brands
    start, theirs = begin(brand), begin(other)
    one = made(brand)
    with durable(brand):
        Item.objects.filter(pk=one.pk).update(title="1")
        Item.objects.filter(pk=one.pk).update(title="2")
        more = Item.objects.bulk_create(
            [Item(title="b", kind="publish", sensitivity="routine", author_id=uuid7(), author_side="agency")] * 1
        )
        with connection.cursor() as cursor:
            cursor.execute("UPDATE items_item SET title = 'raw' WHERE id = %s", [more[0].pk])
    with durable(brand):
        Item.objects.filter(pk=one.pk).delete()
    found = follow(brand, start)
    assert told(found) == [
        ("items", one.pk, False),
        ("items", one.pk, False),
        ("items", more[0].pk, False),
        ("items", one.pk, True),
    ]
    assert [change.position for change in found.changes] == [1, 2, 3, 4]
    assert not found.more
    assert told(follow(brand, found.cursor)) == []
    assert told(follow(other, theirs)) == [], "another brand's changes are its own"


def test_what_rolls_back_is_not_told(real_brands: Brands) -> None:
    brand, _ = real_brands
    start = begin(brand)
    with pytest.raises(RuntimeError), durable(brand):
        item()
        raise RuntimeError
    kept = made(brand)
    assert told(follow(brand, start)) == [("items", kept.pk, False)]


def test_a_child_changes_its_parent(real_brands: Brands) -> None:
    brand, _ = real_brands
    with durable(brand):
        member = Member.objects.create(name="Zoé", info_class=InfoClass.SHARED, owner_side="brand", created_by=uuid7())
    start = begin(brand)
    with durable(brand):
        member.handles.create(network="mastodon", handle="@zoe@social.example")
    assert told(follow(brand, start)) == [("members", member.pk, False)]


def test_who_was_allowed_to_read_what_is_no_more(real_brands: Brands) -> None:
    brand, _ = real_brands
    reader = str(uuid7())
    with durable(brand):
        member = Member.objects.create(
            name="Zoé", info_class=InfoClass.NAMED, named=[reader], owner_side="brand", created_by=uuid7()
        )
    start = begin(brand)
    with durable(brand):
        Member.objects.filter(pk=member.pk).delete()
    (change,) = follow(brand, start).changes
    assert (change.gone, change.info_class, change.named) == (True, "named", [reader])


def test_a_long_transaction_holds_nobody_up_and_is_not_lost(real_brands: Brands) -> None:
    """The number of the first is lower and its commit is later: with the numbers as cursor it would never be told."""
    brand, _ = real_brands
    start = begin(brand)
    written, may_end = threading.Event(), threading.Event()
    slow: list[Item] = []

    def open_long() -> None:
        try:
            with durable(brand):
                slow.append(item("slow"))
                written.set()
                may_end.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=open_long)
    thread.start()
    try:
        assert written.wait(20)
        quick = made(brand, "quick")
        first = follow(brand, start)
        assert told(first) == [("items", quick.pk, False)]
    finally:
        may_end.set()
        thread.join()
    assert told(follow(brand, first.cursor)) == [("items", slow[0].pk, False)]
    with brand_scope(brand):
        assert Noted.objects.count() == 0


def test_a_reader_waits_for_nobody(real_brands: Brands) -> None:
    """While somebody gives places, others read what has one already, at once."""
    brand, _ = real_brands
    start = begin(brand)
    one = made(brand)
    placed, may_end, saw = threading.Event(), threading.Event(), []

    def settle_long() -> None:
        try:
            with durable(brand):
                saw.append(settle())
                placed.set()
                may_end.wait(20)
        finally:
            connections.close_all()

    thread = threading.Thread(target=settle_long)
    thread.start()
    try:
        assert placed.wait(20)
        began = time.monotonic()
        with durable(brand):
            assert settle() in (-1, 0)
        assert told(follow(brand, start)) == []
        assert time.monotonic() - began < 15
    finally:
        may_end.set()
        thread.join()
    assert saw == [1]
    assert told(follow(brand, start)) == [("items", one.pk, False)]


def test_pages_of_one_resource(real_brands: Brands) -> None:
    brand, _ = real_brands
    start = begin(brand)
    items = [made(brand, str(n)) for n in range(5)]
    found, cursor, more = [], start, True
    while more:
        page = follow(brand, cursor, "items", limit=2)
        found += page.changes
        cursor, more = page.cursor, page.more
    assert [change.object_id for change in found] == [one.pk for one in items]
    other = follow(brand, start, "members")
    assert (told(other), other.cursor) == ([], cursor), "who asks for something else stands no further back"


def test_of_each_object_the_last_change_stays(real_brands: Brands) -> None:
    brand, _ = real_brands
    start = begin(brand)
    one, two = made(brand), made(brand)
    for title in ("1", "2"):
        with durable(brand):
            Item.objects.filter(pk=one.pk).update(title=title)
    follow(brand, start)
    _age(brand, timedelta(days=8))
    assert forget_changes(House(brand)) == 2
    assert told(follow(brand, start)) == [("items", two.pk, False), ("items", one.pk, False)]


def test_after_three_months_what_is_no_more_is_forgotten_and_who_was_away_is_told(real_brands: Brands) -> None:
    brand, _ = real_brands
    one, start = made(brand), begin(brand)
    with durable(brand):
        Item.objects.filter(pk=one.pk).delete()
    now = follow(brand, start).cursor
    _age(brand, timedelta(days=89))
    forget_changes(House(brand))
    assert told(follow(brand, start)) == [("items", one.pk, True)]
    _age(brand, timedelta(days=2))
    forget_changes(House(brand))
    with pytest.raises(Conflict, match="changes_forgotten"):
        follow(brand, start)
    assert told(follow(brand, now)) == []


def test_a_truncate_and_another_brand_begin_another_course(real_brands: Brands) -> None:
    brand, other = real_brands
    start = begin(brand)
    with pytest.raises(Conflict, match="changes_restarted"):
        follow(other, start)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f'TRUNCATE "{brand.schema_name}".conversations_labelled')
    with pytest.raises(Conflict, match="changes_restarted"):
        follow(brand, start)
    with pytest.raises(Conflict, match="changes_restarted"):
        follow(brand, Cursor(begin(brand).course, 10_000))


@pytest.mark.parametrize("table", ["changes_noted", "changes_change", "changes_head"])
def test_the_brands_role_writes_no_feed(brand_a: BrandRef, table: str) -> None:
    with brand_scope(brand_a):
        settle()
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET {_column(table)} = {_column(table)}"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                _run(statement)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            _run(f"INSERT INTO {table} DEFAULT VALUES")


@pytest.mark.parametrize("text", ["", "x", "é" * 34, "A" * 34, "A" * 10_000, "\0" * 34])
def test_no_cursor_of_ours(text: str) -> None:
    with pytest.raises(Invalid, match="cursor_malformed"):
        cursor_of(text)


def test_cursors_come_back_as_they_went() -> None:
    cursor = Cursor(uuid7(), 2**40)
    assert cursor_of(str(cursor)) == cursor


def _column(table: str) -> str:
    return {"changes_noted": "gone", "changes_change": "gone", "changes_head": "position"}[table]


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _age(brand: BrandRef, by: timedelta) -> None:
    """As the owner: nobody else can."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f'UPDATE "{brand.schema_name}".changes_change SET at = at - %s', [by])


def test_models_say_what_they_are() -> None:
    course = uuid7()
    assert str(Head(course=course, position=3)) == f"{course} 3"
    assert "items" in str(Change(position=1, resource="items", object_id=course, at=timezone.now()))
