"""What the role of an opening may do in the database, tried with SQL of somebody who has it: read what was told, and no more."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections

from clients.breakglass.actions import end_glass
from clients.breakglass.models import Opening
from tenants import fleet, glass, provisioning
from tenants.actions import change_state, create_brand
from tenants.brandref import BrandRef
from tenants.dropping import drop_space
from tenants.models import Brand
from tenants.shutting import shut_all
from tenants.vocabulary import BrandState
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope
from tests.breakglass.opened import as_operator, item_titled, operator, standing, told

Brands = tuple[BrandRef, BrandRef]

# In each, {own} is the brand's schema, {other} another's, {glass} the views', {role} the brand's role, {owner} the owner.
REFUSED = {
    "insert": "INSERT INTO items_item (id, title) VALUES (gen_random_uuid(), 'x')",
    "update": "UPDATE items_item SET title = 'x'",
    "delete": "DELETE FROM items_item",
    "truncate": "TRUNCATE items_item",
    "merge": "MERGE INTO {own}.items_item USING (SELECT 1) s ON false WHEN NOT MATCHED THEN INSERT (title) VALUES ('x')",
    "lock for update": "SELECT title FROM items_item FOR UPDATE",
    "lock a table": "BEGIN; LOCK TABLE items_item IN EXCLUSIVE MODE",
    "the table itself": "SELECT title FROM {own}.items_item",
    "the table itself, written": "UPDATE {own}.items_item SET title = 'x'",
    "a part that was not opened": "SELECT name FROM {own}.community_member",
    "a line of the log": "INSERT INTO {own}.audit_entry (verb) VALUES ('x')",
    "its own opening": "UPDATE {own}.breakglass_opening SET until = until + interval '1 day'",
    "a look of its own": "INSERT INTO {own}.breakglass_look (id) VALUES (gen_random_uuid())",
    "another brand": "SELECT title FROM {other}.items_item",
    "another brand, written": "DELETE FROM {other}.items_item",
    "the brands": "SELECT name FROM public.tenants_brand",
    "the people": "SELECT email FROM public.tenants_person",
    "the window on people": "SELECT email FROM public.brand_people",
    "the sessions": "SELECT session_key FROM public.django_session",
    "becoming the brand": "SET ROLE {role}",
    "becoming the owner": "SET ROLE {owner}",
    "becoming the login": "SET SESSION AUTHORIZATION {owner}",
    "set_config": "SELECT set_config('role', '{role}', false)",
    "a table": "CREATE TABLE {glass}.mine (a int)",
    "a table for a while": "CREATE TEMPORARY TABLE mine (a int)",
    "a schema": "CREATE SCHEMA mine",
    "a function": "CREATE FUNCTION {glass}.passed(what text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "another view": "CREATE OR REPLACE VIEW items_item AS SELECT 1",
    "no barrier": "ALTER VIEW items_item RESET (security_barrier)",
    "sealing": "SELECT public.tenants_seal(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)",
    "longer": "ALTER ROLE CURRENT_USER VALID UNTIL 'infinity'",
    "more": "ALTER ROLE CURRENT_USER CREATEROLE",
    "files": "SELECT pg_read_file('/etc/passwd')",
    "programs": "COPY (SELECT 1) TO PROGRAM 'true'",
}
WITHOUT_GUARD = "SET default_transaction_read_only = off"


def spelled(statement: str, brands: Brands, opening: Opening) -> str:
    words = {"own": brands[0].schema_name, "other": brands[1].schema_name, "role": brands[0].role_name}
    words |= {"glass": glass.name_of(opening.pk), "owner": connections[OWNER].settings_dict["USER"]}
    return statement.format(**{name: f'"{word}"' for name, word in words.items()} | {"role": brands[0].role_name})


def test_what_was_told_is_read_and_nothing_is_sealed_or_foreign_in_it(real_brands: Brands) -> None:
    item_titled(real_brands[0], "Ours")
    item_titled(real_brands[1], "Theirs")
    with standing(real_brands[0]) as opening:
        page = told(real_brands[0], opening)
        rows = glass.read(opening.pk, page, glass.readable(opening.parts)["items_item"])
    assert [row["title"] for row in rows] == ["Ours"]


@pytest.mark.parametrize("read_only", [True, False], ids=["as it begins", "with its own setting taken back"])
def test_it_writes_nothing_becomes_nobody_and_leaves_its_brand_nowhere(real_brands: Brands, read_only: bool) -> None:
    """Its setting to read only is a courtesy: every statement is refused without it too, for want of a right."""
    item_titled(real_brands[0], "Ours")
    item_titled(real_brands[1], "Theirs")
    through = []
    with standing(real_brands[0]) as opening:
        told(real_brands[0], opening)
        for name, statement in REFUSED.items():
            try:
                as_operator(opening, *([] if read_only else [WITHOUT_GUARD]), spelled(statement, real_brands, opening))
                through.append(name)
            except psycopg.errors.ReadOnlySqlTransaction:
                assert read_only, name
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.WrongObjectType):
                pass
            except psycopg.Error as error:
                through.append(f"{name}: {type(error).__name__} {error}")
    assert through == []


def test_without_a_line_there_is_no_row(real_brands: Brands) -> None:
    item_titled(real_brands[0], "Ours")
    with standing(real_brands[0]) as opening:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no line tells"):
            as_operator(opening, "SELECT title FROM items_item")
        told(real_brands[0], opening, "outbox_outboxrow")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no line tells of reading items_item"):
            as_operator(opening, "SELECT title FROM items_item")


def end_it(brand: BrandRef, opening: Opening) -> None:
    """The end alone, before anybody has tidied up."""
    end_glass(operator(brand), opening_id=opening.pk)


def forget_it(brand: BrandRef, opening: Opening) -> None:
    """Its time passes; nobody comes by, no worker runs."""
    with connections[OWNER].cursor() as cursor:
        table = f'"{brand.schema_name}".breakglass_opening'
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'A'", [table])
        always = [name for (name,) in cursor.fetchall()]
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET at = at - interval '2 hours', until = until - interval '2 hours'")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for name in always:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


@pytest.mark.parametrize("over", [end_it, forget_it])
def test_after_the_end_nothing_is_read_whatever_was_told(
    real_brands: Brands, over: Callable[[BrandRef, Opening], None]
) -> None:
    item_titled(real_brands[0], "Ours")
    with standing(real_brands[0]) as opening:
        told(real_brands[0], opening)
        assert as_operator(opening, "SELECT title FROM items_item") == [("Ours",)]
        with glass.session(opening.pk) as raw:  # a session that began before
            raw.autocommit = True
            over(real_brands[0], opening)
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is over"):
                raw.execute("SELECT title FROM items_item")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is over"):
            as_operator(opening, "SELECT title FROM items_item")


def test_between_two_pages_nobody_signs_in(real_brands: Brands) -> None:
    with standing(real_brands[0]) as opening:
        with glass.session(opening.pk) as raw:
            asked = raw.info
            where = {"host": asked.host, "port": asked.port, "dbname": asked.dbname, "user": asked.user}
            user, word = asked.user, asked.password
        with pytest.raises(psycopg.OperationalError, match=r"password authentication failed|not permitted to log in"):
            psycopg.connect(**where, password=word).close()
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SELECT rolcanlogin, rolvaliduntil FROM pg_roles WHERE rolname = %s", [user])
            assert cursor.fetchone() == (False, opening.until)


def test_taking_it_away_ends_who_is_reading_and_leaves_nothing(real_brands: Brands) -> None:
    item_titled(real_brands[0], "Ours")
    with standing(real_brands[0]) as opening:
        told(real_brands[0], opening)
        with glass.session(opening.pk) as raw:
            raw.execute("SELECT title FROM items_item")
            assert glass.shut(opening.pk) is True
            with pytest.raises(psycopg.Error):
                raw.execute("SELECT title FROM items_item")
        assert glass.shut(opening.pk) is False
    assert nothing_stands()


def test_it_goes_before_the_tables_behind_it_change(real_brands: Brands) -> None:
    with standing(real_brands[0]), standing(real_brands[1]) as other:
        with provisioning.owner().cursor() as cursor:
            shut_all(cursor, real_brands[0].schema_name)
        assert not nothing_stands()
        assert glass.shut(other.pk) is True
    assert nothing_stands()


def migrated(brand: BrandRef, tmp_path: Path) -> None:
    Brand.objects.using(OWNER).filter(pk=brand.id).update(fingerprint="older")
    assert fleet.migrate().failed == []


def brought_back(brand: BrandRef, tmp_path: Path) -> None:
    """The tables of before go on living under another name, and the views would follow them there."""
    kept = str(tmp_path / "kept")
    call_command("backup_brand", brand.slug, kept)
    call_command("restore_brand", kept, replace=True)
    call_command("restore_brand", confirm=brand.slug)


def dropped(brand: BrandRef, tmp_path: Path) -> None:
    change_state(brand, BrandState.CLOSING)
    drop_space(Brand.objects.get(pk=brand.id))


@pytest.mark.parametrize("change", [migrated, brought_back, dropped])
def test_a_release_a_restore_and_a_drop_take_it_along(
    real_brands: Brands, tmp_path: Path, settings: Any, change: Callable[[BrandRef, Path], None]
) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    provisioning.top_up(1)
    brand = create_brand("Maison Courte", "maison-" + change.__name__.replace("_", "-"))
    with standing(brand):
        change(brand, tmp_path)
        assert nothing_stands()


def test_only_an_opening_is_ever_taken_away(real_brands: Brands) -> None:
    for name in ("public", real_brands[0].schema_name, "glass_", "glass_zzzzzzzzzzzz", "glass_0123456789ab; DROP"):
        with pytest.raises(Exception, match="glass"), connection.cursor() as cursor:
            cursor.execute("SELECT tenants_shut_glass(%s)", [name])


def test_what_only_the_log_commits_to_and_what_is_sealed_is_in_no_view() -> None:
    from tenants.walls.router import brand_labels

    shown = glass.readable(brand_labels())
    columns = {f"{table}.{column}" for table, names in shown.items() for column in names}
    assert "audit_private" not in shown
    for closed in ("channels_channel.secret", "audit_logkey.secret", "disclosure_sharelink.token_digest",
                   "disclosure_sharelink.code_digest", "approvals_verdict.seal", "community_erasure.sealed"):  # fmt: skip
        assert closed not in columns
    assert {"items_item.title", "audit_entry.verb", "channels_channel.name"} <= columns


def test_the_login_of_the_application_cannot_become_it(real_brands: Brands) -> None:
    with standing(real_brands[0]) as opening, brand_scope(real_brands[0]), connection.cursor() as cursor:
        cursor.execute("SELECT pg_has_role(session_user, oid, 'MEMBER') FROM pg_roles WHERE rolname LIKE %s",
                       [f"%{glass.name_of(opening.pk)}"])  # fmt: skip
        assert cursor.fetchall() == [(False,)]


def nothing_stands() -> bool:
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE starts_with(nspname, 'glass_')")
        return cursor.fetchone() == (0,)


def test_it_lasts_no_longer_than_four_hours_even_by_hand(real_brands: Brands) -> None:
    """INVARIANT of the table: whoever writes SQL in the brand cannot write a longer one."""
    from django.db import IntegrityError
    from django.utils import timezone

    now = timezone.now()
    with pytest.raises(IntegrityError, match="opening_lasts_hours"), brand_scope(real_brands[0]):
        Opening.objects.create(who="x", reason="x" * 20, at=now, until=now + timedelta(hours=4, seconds=1))
