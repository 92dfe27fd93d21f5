"""Rows that never change lose words in an erasure alone, whoever asks: the application, and the owner of the database."""

import pytest
from django.db import DatabaseError, connections, transaction

from clients.audit.actions import record
from clients.audit.alarms import Alarm, alarms_of, brands_without_guard
from clients.autonomy.vocabulary import EntryPoint
from clients.items.models import ItemVersion
from clients.people.actor import process_of
from tenants import fleet
from tenants.dressing import REDACTION, redactable_tables
from tenants.models import Brand
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.conftest import make_person
from tests.world import World, make_world

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


def version(world: World) -> ItemVersion:
    found = world.draft("Merci Léa, 100 % à_vous", title="Titre").version
    assert found is not None
    return found


def test_with_the_line_the_named_columns_and_no_other(world: World) -> None:
    version(world)
    with brand_scope(world.brand):
        with pytest.raises(DatabaseError, match="without the line"), transaction.atomic():
            ItemVersion.objects.update(note="")
        erasing(world.brand)
        ItemVersion.objects.update(note="")
        for columns in ({"digest": "x"}, {"author_name": "x"}, {"note": "", "number": 9}):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                ItemVersion.objects.update(**columns)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ItemVersion.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("Merci ▒▒▒, 100 % à_vous", True),
        ("▒▒▒ Léa, 100 % ▒▒▒", True),
        ("▒▒▒", True),
        ("Merci ▒▒▒▒, 100 % à_vous", True),  # longer than ours: where such a mark stood beside the word
        ("Merci Tom, 100 % à_vous", False),
        ("Merci ▒▒▒, 100 euros à_vous", False),
        ("Merci ▒▒, 100 % à_vous", False),
        ("▒▒▒ pas Léa", False),
        ("100 % à_vous", False),  # words gone without a mark in their place
        ("Merci %", False),
        ("Merci Léa, 100 % àxvous", False),
        ("Léa ▒▒▒ Merci", False),
    ],
)
def test_words_are_taken_out_and_none_put_in(world: World, text: str, allowed: bool) -> None:
    row = version(world)
    with brand_scope(world.brand):
        erasing(world.brand)
        changed = ItemVersion.objects.filter(pk=row.pk)
        if allowed:
            changed.update(content=row.content | {"text": text})
            assert ItemVersion.objects.get(pk=row.pk).content["text"] == text
        else:
            with pytest.raises(DatabaseError, match="puts words into content"), transaction.atomic():
                changed.update(content=row.content | {"text": text})


def test_a_structure_cannot_be_put_in_either(world: World) -> None:
    row = version(world)
    with brand_scope(world.brand):
        erasing(world.brand)
        changed = ItemVersion.objects.filter(pk=row.pk)
        for content in (row.content | {"link": "x"}, row.content | {"more": "▒▒▒"}, ["▒▒▒"], 1):
            with pytest.raises(DatabaseError, match="puts words into content"), transaction.atomic():
                changed.update(content=content)
        with pytest.raises(DatabaseError, match="puts words into note"), transaction.atomic():
            changed.update(note="x")
        changed.update(content={}, note="")


def test_nor_does_the_owner_put_words_in(real_brands: Brands) -> None:
    brand = real_brands[0]
    version(make_world(brand, make_person))
    table = f"{brand.schema_name}.items_itemversion"
    line = f"""INSERT INTO {brand.schema_name}.audit_entry
        (id, at, via, verb, side, role, subject_kind, facts, request_id, commitment)
        VALUES (gen_random_uuid(), now(), 'command', 'log.erased', '', '', '', '{{}}', '', '')"""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(line)
        cursor.execute(f"UPDATE {table} SET note = ''")
        with pytest.raises(DatabaseError, match="puts words into note"), transaction.atomic(using=OWNER):
            cursor.execute(f"UPDATE {table} SET note = 'x'")


def test_a_line_of_another_transaction_is_none(real_brands: Brands) -> None:
    with durable(real_brands[0]):
        erasing(real_brands[0])
    with pytest.raises(DatabaseError, match="without the line"), durable(real_brands[0]):
        ItemVersion.objects.update(note="")


@pytest.mark.parametrize("trigger", REDACTION)
def test_the_alarm_sees_it_taken_down(real_brands: Brands, trigger: str) -> None:
    brand = real_brands[0]
    for how in ("DISABLE", "ENABLE ALWAYS"):
        with connections[OWNER].cursor() as cursor:
            cursor.execute(f"ALTER TABLE {brand.schema_name}.gate_receipt {how} TRIGGER {trigger}")
        found = [alarm for alarm in alarms_of(brand) if alarm.code == "trigger"]
        assert found == ([Alarm("trigger", f"gate_receipt.{trigger}")] if how == "DISABLE" else [])
        assert brands_without_guard() == ([brand] if how == "DISABLE" else [])


def test_brands_of_the_release_before_get_it_with_the_next(real_brands: Brands) -> None:
    brand = real_brands[0]
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f"DROP TRIGGER redaction_only ON {brand.schema_name}.gate_receipt")
    Brand.objects.using(OWNER).filter(pk=brand.id).update(fingerprint="the release before")
    assert alarms_of(brand) == [Alarm("trigger", "gate_receipt.redaction_only")]
    report = fleet.migrate()
    assert (report.done, report.failed) == (1, [])
    assert alarms_of(brand) == []
