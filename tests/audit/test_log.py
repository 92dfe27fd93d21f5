"""The log itself: added to and never touched, by nobody; and it says who, for which side, on which path."""

import pytest
from django.db import DatabaseError, connection, connections, transaction

from clients.audit.actions import record
from clients.audit.models import Entry
from clients.audit.queries import newest_entries, trail_of
from clients.autonomy.vocabulary import EntryPoint
from clients.gate.actions import submit_item, withdraw_item
from clients.people.actor import process_of
from tenants.vocabulary import Role
from tenants.walls.backend.base import OWNER
from tenants.walls.place import RefusedStatement
from tenants.walls.scope import BrandRef, brand_scope
from tests.world import World

ATTACKS = ("UPDATE {} SET verb = 'x'", "DELETE FROM {}", "TRUNCATE {}")


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_application_cannot_touch_a_line(world: World, attack: str) -> None:
    world.draft()
    with brand_scope(world.brand):
        before = list(Entry.objects.values_list("id", "verb"))
        with pytest.raises((DatabaseError, RefusedStatement)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack.format("audit_entry"))
        assert list(Entry.objects.values_list("id", "verb")) == before


@pytest.mark.parametrize("attack", ATTACKS)
def test_neither_can_the_owner_of_the_database_by_an_ordinary_statement(
    real_brands: tuple[BrandRef, BrandRef], attack: str
) -> None:
    brand = real_brands[0]
    with brand_scope(brand):
        record(process_of(brand, EntryPoint.COMMAND, "test"), "test.line", None)
    table = f'"{brand.schema_name}".audit_entry'
    with pytest.raises(DatabaseError, match="append_only"), connections[OWNER].cursor() as cursor:
        cursor.execute(attack.format(table))
    with brand_scope(brand):
        assert Entry.objects.get().verb == "test.line"


def test_a_line_says_who_for_which_side_and_on_which_path(world: World) -> None:
    item = world.draft(by=world.actor(Role.COMMUNITY_MANAGER, EntryPoint.API))
    with brand_scope(world.brand):
        line = Entry.objects.get(verb="item.created")
        assert (line.person_id, line.side, line.role, line.via) == (
            world.people[Role.COMMUNITY_MANAGER].pk,
            "agency",
            "community_manager",
            "api",
        )
        assert (line.subject_kind, line.subject_id) == ("items.item", item.pk)


def test_the_trail_of_one_thing_in_order_and_of_no_other(world: World) -> None:
    item, other = world.draft(), world.draft()
    assert item.version is not None
    submit_item(world.cm, item_id=item.pk, seen_digest=item.version.digest)
    withdraw_item(world.cm, item_id=other.pk)
    withdraw_item(world.cm, item_id=item.pk)
    with brand_scope(world.brand):
        trail = list(trail_of("items.item", item.pk).values_list("verb", flat=True))
        assert trail == ["item.created", "item.submitted", "gate.wait_approval", "item.withdrawn"]
        assert newest_entries(1)[0].subject_id == item.pk


def test_a_line_goes_with_the_transaction_it_tells_of(world: World) -> None:
    with pytest.raises(RuntimeError), brand_scope(world.brand):
        record(world.cm, "test.undone", None)
        raise RuntimeError
    with brand_scope(world.brand):
        assert not Entry.objects.filter(verb="test.undone").exists()


def test_anothers_lines_are_not_seen(world: World, brand_b: BrandRef) -> None:
    world.draft()
    with brand_scope(brand_b):
        assert not Entry.objects.exists()
