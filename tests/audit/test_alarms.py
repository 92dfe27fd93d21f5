"""What is wrong with a log is told: lines that wait, guards that were taken down, lines that are not what was sealed."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from clients.audit.alarms import Alarm, alarms_of, brands_without_guard
from clients.audit.models import Leaf, LogKey
from clients.audit.recomputing import fault_in_part, fault_in_whole
from clients.audit.tasks import look_round, warn_round
from tenants.models import LogHead, Unsealed
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope
from tests.audit.test_sealing import Brands, by_owner, lie, seal_all, write


def alarms(brands: Brands) -> tuple[list[Alarm], list[Alarm]]:
    return alarms_of(brands[0]), alarms_of(brands[1])


def test_no_alarm_while_all_is_well(real_brands: Brands) -> None:
    assert alarms(real_brands) == ([], [])
    write(real_brands[0])
    assert alarms(real_brands) == ([], [])
    seal_all()
    look_round()
    assert alarms(real_brands) == ([], []) and warn_round() == []
    call_command("seal", check=True, stdout=StringIO())


def test_a_line_that_waits_too_long(real_brands: Brands) -> None:
    ours = real_brands[0]
    write(ours)
    Unsealed.objects.using(OWNER).update(queued_at=timezone.now() - timedelta(minutes=1))
    assert [alarm.code for alarm in alarms_of(ours)] == ["late"]
    with pytest.raises(CommandError, match=r"maison-a$"):
        call_command("seal", check=True)
    call_command("seal", once=True)
    assert alarms(real_brands) == ([], [])


def test_a_line_committed_late_is_no_alarm_while_others_are_sealed(real_brands: Brands) -> None:
    ours = real_brands[0]
    write(ours)
    seal_all()
    write(ours)
    Unsealed.objects.using(OWNER).update(queued_at=timezone.now() - timedelta(minutes=1))
    assert alarms_of(ours) == []


def test_a_quiet_hour_is_no_alarm(real_brands: Brands) -> None:
    ours = real_brands[0]
    write(ours)
    seal_all()
    LogHead.objects.using(OWNER).update(sealed_at=timezone.now() - timedelta(hours=1))
    assert alarms(real_brands) == ([], [])


TAKEN_DOWN = {
    "a trigger off": ("ALTER TABLE {brand}.items_item DISABLE TRIGGER log_update", Alarm("trigger", "items_item.log_update")),
    "a trigger gone": ("DROP TRIGGER log_queue ON {brand}.audit_entry", Alarm("trigger", "audit_entry.log_queue")),
    "no longer always": ("ALTER TABLE {brand}.items_item ENABLE TRIGGER log_insert", Alarm("trigger", "items_item.log_insert")),
    "append-only off": ("ALTER TABLE {brand}.audit_leaf DISABLE TRIGGER append_only", Alarm("trigger", "audit_leaf.append_only")),
    "another function": (
        "CREATE OR REPLACE FUNCTION {brand}.audit_note_rows() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        Alarm("function", "audit_note_rows"),
    ),
    "a right given": ("GRANT UPDATE ON {brand}.audit_entry TO {role}", Alarm("right", "audit_entry")),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "alarm"), TAKEN_DOWN.values(), ids=TAKEN_DOWN)
def test_a_guard_that_was_taken_down_and_stands_again_after_dressing(
    real_brands: Brands, statement: str, alarm: Alarm
) -> None:
    ours = real_brands[0]
    by_owner(statement.format(brand=ours.schema_name, role=ours.role_name))
    try:
        assert alarms(real_brands) == ([alarm], [])
        assert brands_without_guard() == ([ours] if alarm.code == "trigger" else [])
    finally:
        dress(ours)
    assert alarms(real_brands) == ([], [])


def dress(brand: Any) -> None:
    from tenants import dressing

    by_owner(f"SET search_path = {brand.schema_name}")
    by_owner(dressing.brand_dress(schema=brand.schema_name, role=brand.role_name, brand_id=brand.id))
    by_owner("SET search_path = public")


CHANGED = {
    "a line edited": ("UPDATE {brand}.audit_entry SET verb = 'x' WHERE verb = 'test.line'", "changed 1"),
    "its facts": ("UPDATE {brand}.audit_entry SET facts = '{{}}' WHERE verb = 'test.line'", "changed 1"),
    "a note of rows": ("UPDATE {brand}.audit_rowchange SET count = 2 WHERE table_name = 'items_item'", "changed 0"),
    "a line deleted": ("DELETE FROM {brand}.audit_entry WHERE verb = 'test.line'", "missing 1"),
    "a leaf edited": ("UPDATE {brand}.audit_leaf SET hash = decode(repeat('00', 32), 'hex') WHERE idx = 2", "changed 2"),
    "a leaf deleted": ("DELETE FROM {brand}.audit_leaf WHERE idx = 3", "cut 3"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "fault"), CHANGED.values(), ids=CHANGED)
def test_what_is_no_longer_as_it_was_sealed_is_found_by_its_place(
    real_brands: Brands, statement: str, fault: str
) -> None:
    ours, theirs = real_brands
    write(ours)
    write(theirs)
    seal_all()
    assert [fault_in_part(ours), fault_in_whole(ours)] == ["", ""]
    lie(ours, statement)
    assert [fault_in_part(ours), fault_in_whole(ours)] == [fault, fault]
    look_round()
    LogHead.objects.update(part_checked_at=None, whole_checked_at=None)
    while look_round():
        pass
    assert alarms(real_brands) == ([Alarm("fault", f"check: {fault}")], [])


def test_a_line_left_out_of_the_tree(real_brands: Brands) -> None:
    ours = real_brands[0]
    write(ours, 2)
    seal_all()
    write(ours)
    lost = Unsealed.objects.order_by("seq").values_list("seq", flat=True)[0]
    by_owner(f"DELETE FROM tenants_unsealed WHERE seq = {lost}")
    with brand_scope(ours):
        before = Leaf.objects.count()
    assert fault_in_whole(ours) == f"unsealed {before}"


def test_a_part_is_looked_at_each_hour_the_whole_each_day(real_brands: Brands) -> None:
    ours = real_brands[0]
    write(ours)
    seal_all()
    assert [look_round(), look_round()] == [2, 0]
    LogHead.objects.update(part_checked_at=timezone.now() - timedelta(hours=2))
    assert [look_round(), look_round()] == [1, 0]
    LogHead.objects.update(whole_checked_at=timezone.now() - timedelta(days=2))
    assert [look_round(), look_round()] == [1, 0]


@pytest.mark.parametrize("first", [0, 1])
def test_the_log_that_was_looked_at_longest_ago_comes_first(real_brands: Brands, first: int) -> None:
    for brand in real_brands:
        write(brand)
    seal_all()
    for brand, days in zip(real_brands, (3 - first, 2 + first), strict=True):
        LogHead.objects.filter(pk=brand.id).update(
            part_checked_at=timezone.now(), whole_checked_at=timezone.now() - timedelta(days=days)
        )
    assert look_round() == 1
    looked_at = LogHead.objects.filter(whole_checked_at__gt=timezone.now() - timedelta(days=1))
    assert looked_at.get().pk == real_brands[first].id


def test_the_command_for_a_new_key_prints_what_the_brand_must_know(real_brands: Brands) -> None:
    ours = real_brands[0]
    with pytest.raises(CommandError, match="log_not_opened"):
        call_command("rotate_log_key", ours.slug)
    with pytest.raises(CommandError, match="no brand nobody"):
        call_command("rotate_log_key", "nobody")
    write(ours)
    seal_all()
    out = StringIO()
    call_command("rotate_log_key", ours.slug, stdout=out)
    assert out.getvalue().startswith(f"relais.localhost/{ours.id}+")
    with brand_scope(ours):
        assert LogKey.objects.count() == 2
