"""What the database sees by itself: every statement on a table of a brand, whoever sent it; and what nobody can forge."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from clients.audit.actions import record
from clients.audit.models import Entry, Private, RowChange
from clients.audit.queries import row_changes, unattributed
from clients.autonomy.vocabulary import EntryPoint
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from clients.people.actor import process_of
from tenants import dressing
from tenants.ids import uuid7
from tenants.models import Unsealed
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import BrandRef, brand_scope, durable, hub_scope


def item(number: int = 0) -> Item:
    return Item(title=f"t{number}", kind="publish", sensitivity="routine", author_id=uuid7(), author_side="agency")


def line(brand: BrandRef) -> None:
    record(process_of(brand, EntryPoint.COMMAND, "test"), "test.line", None)


def noted() -> list[tuple[str, str, int]]:
    return list(RowChange.objects.order_by("seq").values_list("table", "op", "count"))


def raw(statement: str, alias: str = "default") -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)


def test_every_way_of_writing_is_noted_with_its_rows(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        one = item()
        one.save()
        assert RowChange.objects.get().rows == [one.pk]
        more = Item.objects.bulk_create([item(n) for n in range(3)])
        Item.objects.filter(pk__in=[i.pk for i in more]).update(title="x")
        Item.objects.bulk_update([one], ["title"])
        raw("UPDATE items_item SET title = 'raw'")
        raw(f"WITH gone AS (DELETE FROM items_item WHERE id = '{one.pk}' RETURNING 1) SELECT * FROM gone")
        kinds = [("insert", 1), ("insert", 3), ("update", 3), ("update", 1), ("update", 4), ("delete", 1)]
        assert noted() == [("items_item", op, count) for op, count in kinds]
        assert RowChange.objects.get(op="delete").rows == [one.pk]


def test_nothing_touched_nothing_noted_and_a_hundred_ids_at_most(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        Item.objects.filter(title="nobody").update(title="x")
        assert noted() == []
        Item.objects.bulk_create([item(n) for n in range(150)])
        change = RowChange.objects.get()
        assert (change.count, len(change.rows)) == (150, 100)


def test_what_rolls_back_leaves_nothing(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        with pytest.raises(RuntimeError), transaction.atomic():
            item().save()
            line(brand_a)
            raise RuntimeError
        assert (noted(), Entry.objects.count()) == ([], 0)
    assert not Unsealed.objects.exists()


def test_a_change_belongs_to_the_act_of_its_transaction_or_to_none(real_brands: tuple[BrandRef, BrandRef]) -> None:
    ours, theirs = real_brands
    with durable(ours):
        item().save()
        line(ours)
    with durable(ours):
        item().save()
    with durable(theirs):
        line(theirs)
    with brand_scope(ours):
        assert list(row_changes().values_list("attributed", flat=True)) == [False, True]
        assert unattributed().count() == 1


@pytest.mark.parametrize("replica", [False, True], ids=["ordinary", "as replica"])
def test_the_owner_in_a_console_is_noted_too(real_brands: tuple[BrandRef, BrandRef], replica: bool) -> None:
    ours, theirs = real_brands
    with durable(ours):
        item().save()
        OutboxRow.objects.create(kind="x", key="x")
    with transaction.atomic(using=OWNER):
        if replica:
            _as_replica()
        raw(f"UPDATE {ours.schema_name}.items_item SET title = 'by hand'", OWNER)
        raw(f"TRUNCATE {ours.schema_name}.audit_logkey", OWNER)
    with brand_scope(ours):
        found = noted()
        assert ("items_item", "update", 1) in found and ("audit_logkey", "truncate", 0) in found
        assert unattributed().count() == len(found)
    with brand_scope(theirs):
        assert noted() == []


def _as_replica() -> None:
    try:
        raw("SET LOCAL session_replication_role = replica", OWNER)
    except DatabaseError:
        pytest.skip("only a superuser can set session_replication_role here")


def test_both_kinds_wait_to_be_sealed_in_one_order(brand_a: BrandRef, brand_b: BrandRef) -> None:
    with brand_scope(brand_a):
        item().save()
        line(brand_a)
        item().save()
        seqs = [*RowChange.objects.values_list("seq", flat=True), *Entry.objects.values_list("seq", flat=True)]
    queued = list(Unsealed.objects.filter(brand_id=brand_a.id).order_by("seq").values_list("seq", "kind"))
    assert [kind for _, kind in queued] == ["row", "act", "row"]
    assert [seq for seq, _ in queued] == sorted(seqs)
    assert not Unsealed.objects.filter(brand_id=brand_b.id).exists()


_FORGED = {
    "a queue row": "INSERT INTO public.tenants_unsealed (brand_id, seq, kind) VALUES (gen_random_uuid(), 1, 'act')",
    "a queue row taken away": "DELETE FROM public.tenants_unsealed",
    "a row change": "INSERT INTO audit_rowchange (table_name, op, rows, count) VALUES ('x', 'insert', '{}', 1)",
    "a row change undone": "DELETE FROM audit_rowchange",
    "a leaf": "INSERT INTO audit_leaf (idx, seq, kind, hash) VALUES (0, 1, 'act', '')",
    "a checkpoint": "INSERT INTO audit_checkpoint (size, root, note, frontier) VALUES (1, '', '', '')",
    "a seal": "SELECT public.tenants_seal(gen_random_uuid(), '{}', '{}', '{}', 0, '', '', '')",
    "a private part changed": "UPDATE audit_private SET data = '{}'",
    "a private part taken away": "DELETE FROM audit_private",
    "the trigger's function": "SELECT audit_note_rows()",
    "everything": "TRUNCATE items_item CASCADE",
}


@pytest.mark.parametrize("statement", _FORGED.values(), ids=_FORGED)
def test_the_application_forges_nothing(brand_a: BrandRef, statement: str) -> None:
    refused = pytest.raises((DatabaseError, Exception), match=r"permission denied|append_only|refused")
    with brand_scope(brand_a):
        line(brand_a)
        item().save()
        with refused, transaction.atomic():
            raw(statement)
        assert (Private.objects.count(), RowChange.objects.count()) == (1, 1)
    assert Unsealed.objects.filter(brand_id=brand_a.id).count() == 2


@pytest.mark.parametrize("table", ["audit_rowchange", "audit_leaf", "audit_checkpoint", "audit_entry"])
@pytest.mark.parametrize("how", ["DELETE FROM {}", "TRUNCATE {}"])
def test_nor_does_the_owner_by_an_ordinary_statement(
    real_brands: tuple[BrandRef, BrandRef], table: str, how: str
) -> None:
    with pytest.raises(DatabaseError, match="append_only"):
        raw(how.format(f"{real_brands[0].schema_name}.{table}"), OWNER)


def test_nor_does_the_owner_erase_a_name_without_saying_so(real_brands: tuple[BrandRef, BrandRef]) -> None:
    brand = real_brands[0]
    with durable(brand):
        line(brand)
    with pytest.raises(DatabaseError, match="without the line of an erasure"):
        raw(f"DELETE FROM {brand.schema_name}.audit_private", OWNER)
    with brand_scope(brand):
        assert Private.objects.count() == 1


def test_an_erasure_takes_what_its_line_names_and_nothing_else(brand_a: BrandRef) -> None:
    house = process_of(brand_a, EntryPoint.COMMAND, "test")
    with brand_scope(brand_a):
        first, second = record(house, "test.line", None), record(house, "test.line", None)
        for seqs in ([], [[first.seq, first.seq]]):
            with pytest.raises(DatabaseError, match="without the line of an erasure"), transaction.atomic():
                record(house, "log.erased", None, seqs=seqs)
                Private.objects.filter(pk=second.pk).delete()
        record(house, "log.erased", None, seqs=[[second.seq, second.seq]])
        Private.objects.filter(pk=second.pk).delete()
        assert not Private.objects.filter(pk=second.pk).exists()
        assert Private.objects.filter(pk=first.pk).exists()


def test_nobody_puts_a_name_to_a_line_that_commits_to_none(brand_a: BrandRef) -> None:
    planted = "INSERT INTO audit_private (id, salt, data) VALUES ('{}', '', '{{\"name\": \"PLANTED\"}}')"
    with brand_scope(brand_a):
        nameless = record(process_of(brand_a, EntryPoint.COMMAND, ""), "test.line", None)
        assert not Private.objects.filter(pk=nameless.pk).exists()
        for pk in (nameless.pk, uuid7()):
            with pytest.raises(DatabaseError, match="without its line"), transaction.atomic():
                raw(planted.format(pk))


def test_the_login_cannot_touch_the_queue_either(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        line(brand_a)
    for statement in (
        "DELETE FROM tenants_unsealed",
        "UPDATE tenants_unsealed SET seq = 9",
        "DELETE FROM tenants_loghead",
    ):
        with hub_scope(), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            raw(statement)
    assert Unsealed.objects.count() == 1


def test_every_table_is_watched_or_says_why_not(brand_a: BrandRef) -> None:
    unwatched = dressing.unwatched_tables()
    assert all(len(why) > 20 for why, _ in unwatched.values())
    wished = {(trigger.table, trigger.name) for trigger in dressing.log_triggers()}
    for table in dressing._tables():
        wants = {f"log_{event}" for event in ("insert", "update", "delete", "truncate")}
        assert table in unwatched or wants == {name for where, name in wished if where == table}, table


def test_bookkeeping_is_not_noted(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        OutboxRow.objects.create(kind="x", key="x")
        line(brand_a)
        assert noted() == []


def test_every_trigger_is_there_and_fires_always(brand_a: BrandRef) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid"
            " WHERE relnamespace = %s::regnamespace AND tgenabled = 'A' AND starts_with(tgname, 'log_')",
            [brand_a.schema_name],
        )
        found: set[Any] = set(cursor.fetchall())
    assert found == {(trigger.table, trigger.name) for trigger in dressing.log_triggers()}
