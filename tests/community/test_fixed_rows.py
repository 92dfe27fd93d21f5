"""Rows that never change lose words in an erasure alone, whoever asks: the application, and the owner of the database."""

import pytest
from django.db import DatabaseError, connections, transaction

from clients.audit.actions import record
from clients.audit.alarms import Alarm, alarms_of, brands_without_guard
from clients.autonomy.vocabulary import EntryPoint
from clients.items.models import ItemVersion
from clients.people.actor import process_of
from tenants.dressing import redactable_tables
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import BrandRef, brand_scope, durable

Brands = tuple[BrandRef, BrandRef]


def erasing(brand: BrandRef) -> None:
    record(process_of(brand, EntryPoint.COMMAND, "test"), "log.erased", None, seqs=[])


def test_there_are_such_tables() -> None:
    assert {"items_itemversion", "gate_receipt", "approvals_verdict", "briefings_briefingversion"} <= set(
        redactable_tables()
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("SET note = 'x'", "without the line of an erasure"),
        ("SET digest = 'x'", "append_only: UPDATE"),
        ("", "append_only"),
    ],
)
def test_nor_does_the_owner(real_brands: Brands, change: str, why: str) -> None:
    table = f"{real_brands[0].schema_name}.items_itemversion"
    statement = f"UPDATE {table} {change}" if change else f"DELETE FROM {table}"
    with pytest.raises(DatabaseError, match=why), connections[OWNER].cursor() as cursor:
        cursor.execute(statement)


def test_with_the_line_the_named_columns_and_no_other(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        with pytest.raises(DatabaseError, match="without the line"), transaction.atomic():
            ItemVersion.objects.update(note="x")
        erasing(brand_a)
        ItemVersion.objects.update(note="x")
        for columns in ({"digest": "x"}, {"author_name": "x"}, {"note": "x", "number": 9}):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                ItemVersion.objects.update(**columns)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ItemVersion.objects.all()._raw_delete("default")


def test_a_line_of_another_transaction_is_none(real_brands: Brands) -> None:
    with durable(real_brands[0]):
        erasing(real_brands[0])
    with pytest.raises(DatabaseError, match="without the line"), durable(real_brands[0]):
        ItemVersion.objects.update(note="x")


def test_the_alarm_sees_it_taken_down(real_brands: Brands) -> None:
    brand = real_brands[0]
    for how in ("DISABLE", "ENABLE ALWAYS"):
        with connections[OWNER].cursor() as cursor:
            cursor.execute(f"ALTER TABLE {brand.schema_name}.gate_receipt {how} TRIGGER redaction")
        found = [alarm for alarm in alarms_of(brand) if alarm.code == "trigger"]
        assert found == ([Alarm("trigger", "gate_receipt.redaction")] if how == "DISABLE" else [])
        assert brands_without_guard() == ([brand] if how == "DISABLE" else [])
