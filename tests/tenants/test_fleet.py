"""Migrating many brands: nothing to do, one text for all, Python for each, one that fails, one that lies, two at once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tenants import fleet, provisioning
from tenants.dropping import drop_space
from tenants.fingerprint import fingerprint, may_be_served
from tenants.models import Brand
from tenants.vocabulary import BrandState
from tenants.walls.backend.base import OWNER
from tests.tenants.releases import ADD_FIELD, Release, releases

NEW_TABLE = (
    'migrations.CreateModel("Note", [("id", models.BigAutoField(primary_key=True)), ("word", models.TextField())])'
)
ADD_CHECK = 'migrations.AddConstraint("entry", models.CheckConstraint(condition=~models.Q(verb="bad"), name="not_bad"))'
BY_PYTHON = (
    "migrations.RunPython(lambda apps, editor: apps.get_model('audit', 'Entry').objects.create(verb='seed', via='x'))"
)


@pytest.fixture
def brands(real_transactions: None) -> Iterator[list[Brand]]:
    """Three blank brands and no others: the canary, one in the middle, one after it."""
    Brand.objects.using(OWNER).filter(slug__startswith="maison-").update(state=BrandState.GONE)
    provisioning.top_up(3)
    yield list(Brand.objects.filter(state=BrandState.BLANK).order_by("created_at"))
    Brand.objects.using(OWNER).filter(slug__startswith="maison-").update(state=BrandState.ACTIVE)


@pytest.fixture
def release(brands: list[Brand], tmp_path: Path) -> Iterator[Release]:
    """`release(operation, ...)`: the same code with one more migration on disk for each operation."""
    with releases(tmp_path) as release:
        yield release


def columns(brand: Brand, table: str = "audit_entry") -> list[str]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s ORDER BY 1",
            [brand.schema_name, table],
        )
        return [name for (name,) in cursor.fetchall()]


def owner_says(statement: str) -> None:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(statement)


def test_nothing_pending_asks_one_question(
    brands: list[Brand], django_assert_num_queries: Callable[..., object]
) -> None:
    fingerprint()
    with django_assert_num_queries(1, connection=connections[OWNER]):  # type: ignore[attr-defined]
        report = fleet.migrate()
    assert (report.done, report.failed) == (0, [])


def test_one_recorded_text_serves_all(brands: list[Brand], release: Release) -> None:
    release(ADD_FIELD, NEW_TABLE, ADD_CHECK)
    assert len(fleet.verify()) == 3
    report = fleet.migrate()
    assert (report.done, report.failed) == (3, [])
    assert fleet.verify() == []
    assert all("colour" in columns(brand) and columns(brand, "audit_note") for brand in brands)


def test_new_tables_get_rights_and_new_brands_are_like_migrated_ones(brands: list[Brand], release: Release) -> None:
    release(ADD_FIELD, NEW_TABLE)
    fleet.migrate()
    fresh = provisioning.provision()
    assert _catalogue(fresh) == _catalogue(brands[0]) == _catalogue(brands[2])


def _catalogue(brand: Brand) -> list[object]:
    """Columns, constraints, indexes, triggers and rights of one schema, without its name."""
    parts = (
        """SELECT table_name, column_name, data_type, column_default, is_nullable FROM information_schema.columns
           WHERE table_schema = '{schema}'""",
        """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
           WHERE connamespace = '{schema}'::regnamespace""",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = '{schema}'",
        """SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid
           WHERE NOT tgisinternal AND relnamespace = '{schema}'::regnamespace""",
        "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = '{schema}'::regnamespace",
    )
    rows: list[object] = []
    with connections[OWNER].cursor() as cursor:
        for part in parts:
            cursor.execute(part.format(schema=brand.schema_name))
            rows += sorted(
                str(row).replace(brand.role_name, "ROLE").replace(brand.schema_name, "SPACE")
                for row in cursor.fetchall()
            )
    return rows


def test_python_runs_for_each_brand(brands: list[Brand], release: Release) -> None:
    release(ADD_FIELD, BY_PYTHON)
    report = fleet.migrate()
    assert (report.done, report.failed) == (3, [])
    for brand in brands:
        with connections[OWNER].cursor() as cursor:
            cursor.execute(
                f"SELECT count(*), count(DISTINCT id) FROM {brand.schema_name}.audit_entry WHERE verb = 'seed'"
            )
            assert cursor.fetchone() == (1, 1)


def test_a_failing_brand_in_the_middle_stops_nobody(brands: list[Brand], release: Release) -> None:
    _spoil(brands[1])
    release(ADD_CHECK)
    before = Brand.objects.get(pk=brands[1].pk).fingerprint
    report = fleet.migrate()
    assert report.done == 2
    assert [schema for schema, _ in report.failed] == [brands[1].schema_name]
    left = Brand.objects.get(pk=brands[1].pk)
    assert left.fingerprint == before != fingerprint()
    assert fleet.verify() == [brands[1].schema_name]
    assert may_be_served(left.fingerprint)  # it is one release behind: still served


def test_a_failing_canary_stops_nobody(brands: list[Brand], release: Release) -> None:
    _spoil(brands[0])
    release(ADD_CHECK)
    report = fleet.migrate()
    assert (report.done, [schema for schema, _ in report.failed]) == (2, [brands[0].schema_name])


def test_the_command_ends_with_a_list_and_goes_on_when_run_again(brands: list[Brand], release: Release) -> None:
    _spoil(brands[1])
    release(ADD_CHECK)
    with pytest.raises(CommandError, match="1 brands could not be migrated"):
        call_command("migrate_fleet")
    with pytest.raises(CommandError, match=brands[1].schema_name):
        call_command("migrate_fleet", verify=True)
    owner_says(f"ALTER TABLE {brands[1].schema_name}.audit_entry DISABLE TRIGGER append_only")
    owner_says(f"DELETE FROM {brands[1].schema_name}.audit_entry")
    call_command("migrate_fleet")
    call_command("migrate_fleet", verify=True)


def _spoil(brand: Brand) -> None:
    """A row that the next migration's constraint refuses."""
    columns = "id, at, side, role, via, verb, subject_kind, facts, request_id, commitment"
    values = "gen_random_uuid(), now(), '', '', 'x', 'bad', '', '{}', '', ''"
    owner_says(f"INSERT INTO {brand.schema_name}.audit_entry ({columns}) VALUES ({values})")


def test_a_lying_fingerprint_does_no_harm_and_heals(brands: list[Brand], release: Release) -> None:
    old = brands[0].fingerprint
    release(ADD_FIELD)
    fleet.migrate()
    Brand.objects.using(OWNER).filter(pk=brands[1].pk).update(fingerprint=old)  # says it is behind, and is not
    assert fleet.verify() == []
    report = fleet.migrate()
    assert (report.done, report.failed) == (1, [])
    assert Brand.objects.get(pk=brands[1].pk).fingerprint == fingerprint()


def test_a_lie_among_honest_ones_fails_alone(brands: list[Brand], release: Release) -> None:
    old = brands[0].fingerprint
    release(ADD_FIELD)
    Brand.objects.using(OWNER).exclude(pk=brands[1].pk).filter(state="blank").update(state="gone")
    fleet.migrate()
    Brand.objects.using(OWNER).filter(pk__in=[each.pk for each in brands]).update(state="blank", fingerprint=old)
    report = fleet.migrate()
    assert (report.done, len(report.failed)) == (2, 1)
    assert fleet.verify() == []
    assert fleet.migrate().done == 1


def test_a_fingerprint_that_hides_a_missing_migration_is_found(brands: list[Brand], release: Release) -> None:
    release(ADD_FIELD)
    Brand.objects.using(OWNER).filter(pk=brands[1].pk).update(fingerprint=fingerprint())
    assert fleet.migrate().done == 2
    assert fleet.verify() == [brands[1].schema_name]


def test_a_brand_in_use_is_waited_for_three_seconds_and_reported(brands: list[Brand], release: Release) -> None:
    release(ADD_FIELD)
    with _another_session() as other:
        other.execute(f"LOCK TABLE {brands[1].schema_name}.audit_entry")
        report = fleet.migrate()
        other.rollback()
    assert report.done == 2
    assert "lock timeout" in report.failed[0][1]
    assert fleet.migrate().done == 1


def test_two_machines_at_once_do_each_brand_once(brands: list[Brand], release: Release) -> None:
    release(ADD_FIELD)
    with _another_session() as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [brands[1].schema_name])
        report = fleet.migrate()
        other.rollback()
    assert (report.done, report.failed) == (2, [(brands[1].schema_name, "Busy another process is migrating it")])


def test_a_brand_dropped_meanwhile_is_not_touched(brands: list[Brand], release: Release) -> None:
    release(ADD_FIELD)
    behind = fleet._behind()
    drop_space(brands[1])
    report = fleet.Report()
    fleet._migrate_group(behind, report, provisioning.quietly, 3, 2)
    assert (report.done, [schema for schema, _ in report.failed]) == (2, [brands[1].schema_name])


def _another_session() -> psycopg.Connection[tuple[object, ...]]:
    address = connections.settings[OWNER]
    where = {
        "host": address["HOST"],
        "user": address["USER"],
        "password": address["PASSWORD"],
        "dbname": address["NAME"],
    }
    return psycopg.connect(**where, **({"port": address["PORT"]} if address["PORT"] else {}))
