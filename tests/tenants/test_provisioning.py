"""Spaces of brands: made whole or not at all, handed out once, dropped with everything they had."""

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from clients.audit.actions import record
from clients.audit.models import Entry
from clients.autonomy.vocabulary import EntryPoint
from clients.outbox.models import OutboxRow
from clients.people.actor import process_of
from tenants import provisioning
from tenants.actions import change_state, create_brand
from tenants.brandref import BrandRef
from tenants.dropping import drop_space
from tenants.errors import Conflict, Invalid, Missing, Refused
from tenants.fingerprint import fingerprint
from tenants.models import Brand, BrandPerson, Membership, Pending
from tenants.queries import active_brands, serving_brand
from tenants.vocabulary import BrandState, Role
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope, durable


def test_a_blank_becomes_a_brand_with_one_update(
    real_transactions: None, django_assert_num_queries: Callable[..., object]
) -> None:
    provisioning.top_up(1)
    fingerprint()
    with django_assert_num_queries(3):  # type: ignore[attr-defined]  # BEGIN, UPDATE, COMMIT
        brand = create_brand("Maison Neuve", "maison-neuve", language="en")
    assert (brand.name, brand.slug, brand.language, brand.state) == ("Maison Neuve", "maison-neuve", "en", "active")
    with durable(brand):
        record(process_of(brand, EntryPoint.COMMAND, "test"), "first", None)


def test_an_empty_pool_says_so(real_transactions: None) -> None:
    with pytest.raises(Conflict, match="no_blank_ready"):
        create_brand("X", "x")


def test_a_blank_of_another_release_is_not_handed_out(real_transactions: None) -> None:
    blank = provisioning.provision()
    Brand.objects.using(OWNER).filter(pk=blank.pk).update(fingerprint="older")
    with pytest.raises(Conflict, match="no_blank_ready"):
        create_brand("X", "x")


@pytest.mark.parametrize("slug", ["", "-x", "x-", "X", "a_b", "a.b", "é", "x" * 64, "www", "hub", "b_abc"])
def test_slugs_that_are_no_host_label(slug: str, db: None) -> None:
    with pytest.raises(Invalid) as refused:
        create_brand("Name", slug)
    assert refused.value.field == "slug"


def test_a_taken_slug_and_an_empty_name(real_transactions: None) -> None:
    provisioning.top_up(1)
    with pytest.raises(Conflict, match="slug_taken"):
        create_brand("Again", "maison-a")
    with pytest.raises(Invalid, match="name_empty"):
        create_brand("  ", "fine")
    assert Brand.objects.filter(state=BrandState.BLANK).count() == 1


def test_topping_up_is_idempotent(real_transactions: None) -> None:
    assert provisioning.top_up(2) == 2
    assert provisioning.top_up(2) == 0
    assert provisioning.top_up(1) == 0


def test_preparing_twice_changes_nothing(real_transactions: None) -> None:
    before = list(Brand.objects.values_list("schema_name", "state", "fingerprint"))
    call_command("prepare_database", pool=0)
    assert list(Brand.objects.values_list("schema_name", "state", "fingerprint")) == before


def test_dropping_a_space_leaves_a_tombstone_and_nothing_else(real_transactions: None) -> None:
    provisioning.top_up(1)
    brand = create_brand("Short", "short")
    with durable(brand):
        OutboxRow.objects.create(kind="x", key="x")
    assert Pending.objects.filter(brand_id=brand.id).exists()
    with pytest.raises(Refused, match="brand_not_closing"):
        drop_space(Brand.objects.get(pk=brand.id))
    change_state(brand, BrandState.CLOSING)
    drop_space(Brand.objects.get(pk=brand.id))
    assert Brand.objects.get(pk=brand.id).state == BrandState.GONE
    assert not Pending.objects.filter(brand_id=brand.id).exists()
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s), to_regrole(%s)", [brand.schema_name, brand.role_name])
        assert cursor.fetchone() == (None, None)


def test_the_life_of_a_brand(real_brands: tuple[BrandRef, BrandRef]) -> None:
    brand = real_brands[0]
    change_state(brand, BrandState.SUSPENDED)
    with pytest.raises(Missing):
        serving_brand(brand.id)
    change_state(brand, BrandState.ACTIVE)
    assert serving_brand(brand.id) == brand
    with pytest.raises(Conflict):
        change_state(brand, BrandState.BLANK)
    assert [each.slug for each in active_brands()] == ["maison-a", "maison-b"]


def test_the_command_line(real_transactions: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("brands", "create", "ligne", "Ligne")
    call_command("brands", "suspend", "ligne")
    call_command("brands", "list")
    assert any(line.split()[1:3] == ["suspended", "ligne"] for line in capsys.readouterr().out.splitlines())
    call_command("brands", "resume", "ligne")
    with pytest.raises(CommandError, match="brand_not_closing"):
        call_command("brands", "drop", "ligne")
    call_command("brands", "close", "ligne")
    call_command("brands", "drop", "ligne")
    with pytest.raises(CommandError, match="no brand nobody"):
        call_command("brands", "close", "nobody")


def test_the_window_on_the_brands_people(
    brand_a: BrandRef, brand_b: BrandRef, member: Callable[..., Membership]
) -> None:
    ours, _ = member(brand_a, Role.COMMUNITY_MANAGER), member(brand_b, Role.BRAND_OWNER)
    with brand_scope(brand_a):
        (person,) = BrandPerson.objects.all()
        assert (person.person_id, person.side, person.role, person.agency_name, person.live) == (
            ours.person_id,
            "agency",
            "community_manager",
            "Agence",
            True,
        )


def test_append_only_by_the_application(brand_a: BrandRef) -> None:
    with brand_scope(brand_a):
        entry = record(process_of(brand_a, EntryPoint.COMMAND, "test"), "x", None)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Entry.objects.filter(pk=entry.pk).update(verb="y")


def test_pending_follows_the_outbox(brand_a: BrandRef) -> None:
    with durable(brand_a):
        row = OutboxRow.objects.create(kind="mail", key="1")
    assert Pending.objects.get(row_id=row.pk).kind == "mail"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tenants_pending SET leased_until = now() + interval '1 minute', attempts = 1")
    with durable(brand_a):
        OutboxRow.objects.filter(pk=row.pk).update(attempts=1)
    assert Pending.objects.get(row_id=row.pk).leased_until is not None, "an attempt keeps the lease"
    with durable(brand_a):
        row.due_at = row.created_at
        row.save(update_fields=["due_at"])
    assert Pending.objects.get(row_id=row.pk).leased_until is None, "another moment ends it"
    with durable(brand_a):
        OutboxRow.objects.filter(pk=row.pk).update(done_at=row.created_at)
    assert not Pending.objects.filter(row_id=row.pk).exists()


@pytest.mark.parametrize("attempt", ["UPDATE {0} SET verb = 'y'", "DELETE FROM {0}", "TRUNCATE {0}"])
def test_append_only_by_the_owner(attempt: str, real_brands: tuple[BrandRef, BrandRef]) -> None:
    brand = real_brands[0]
    with durable(brand):
        record(process_of(brand, EntryPoint.COMMAND, "test"), "x", None)
    statement = attempt.format(f"{brand.schema_name}.audit_entry")
    with pytest.raises(DatabaseError, match="append_only"), connections[OWNER].cursor() as cursor:
        cursor.execute(statement)
    # Nor with triggers switched off for the session, where the owner may do that at all.
    refused = pytest.raises(DatabaseError, match=r"append_only|permission denied to set")
    with refused, transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
