"""The test database: real migrations, real roles, two brands that could leak into one another, and a rollback per test.

Tests run as the application's login role, as production does; only provisioning is the owner's. `db`, `brand_a` and
`brand_b` roll back (milliseconds a test); `real_transactions` and `real_brands` commit and clean up, for tests with threads.
"""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.utils import timezone
from hypothesis import HealthCheck, settings
from psycopg.pq import TransactionStatus
from pytest_django import DjangoDbBlocker

from tenants import hosts
from tenants.brandref import BrandRef
from tenants.dressing import append_only_tables
from tenants.dropping import drop_space
from tenants.models import Agency, Brand, Membership, Person
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import walls
from tests.database import brand_with, throwaway

# A machine that is busy with something else is no fault of what is tested.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")

_LASTING_TABLES = frozenset(
    {"django_migrations", "django_content_type", "auth_permission", "tenants_brand", "tenants_schematext"}
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """For the run on a server: what says nothing new there is left out."""
    parser.addoption("--second-server", action="store_true", help="leave out what a second PostgreSQL cannot change")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs services stays in, and what asks a database; of pages and connectors one test of each module.

    They reach the database through the features, whose own tests all stay in (docs/decisions/0026-what-ci-runs-twice.md).
    """
    if not config.getoption("second_server"):
        return
    met: set[Path] = set()
    left_out = []
    for item in items:
        if item.get_closest_marker("services") is not None:
            continue
        above = item.path.relative_to(config.rootpath).parts[1] in _ABOVE_THE_FEATURES
        if "django_db_setup" not in getattr(item, "fixturenames", ()) or (above and item.path in met):
            left_out.append(item)
        else:
            met.add(item.path)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


_ABOVE_THE_FEATURES = {"portal", "channels"}


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One throw-away database for this test process."""
    with django_db_blocker.unblock():
        database = throwaway()
        name = database.__enter__()
        with connections[OWNER].cursor() as cursor:  # on a server too nobody mourns what a power cut would take
            cursor.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        connections.close_all()
    yield
    with django_db_blocker.unblock():
        database.__exit__(None, None, None)


# --- Brands and people -------------------------------------------------------------------------------------------------


@pytest.fixture
def brand_a(db: None) -> BrandRef:
    """An active brand."""
    return brand_with("maison-a")


@pytest.fixture
def brand_b(db: None) -> BrandRef:
    """Another active brand, whose rows must never be seen from the first."""
    return brand_with("maison-b")


@pytest.fixture
def suspendedbrand_with(db: None) -> BrandRef:
    """A brand that is not served."""
    return brand_with("maison-s")


@pytest.fixture
def person_factory(db: None) -> Callable[..., Person]:
    """`person_factory(name=..., email=...)`: a new person who can sign in with the password 'correct horse'."""
    return make_person


def make_person(name: str = "Camille Roux", email: str = "", **fields: Any) -> Person:
    """A new person; the address is made up when none is given."""
    return Person.objects.create_user(
        email or f"p{secrets.token_hex(4)}@example.org", "correct horse", name=name, **fields
    )


@pytest.fixture
def member(db: None) -> Callable[..., Membership]:
    """`member(brand, Role.APPROVER)`: a live membership, of a new person unless one is given."""
    return make_member


def make_member(brand: BrandRef, role: Role, person: Person | None = None, agency: Agency | None = None) -> Membership:
    """A live membership in `brand`; agency roles come with an agency of their own unless one is given."""
    side = next(side for side, roles in ROLES_OF.items() if role in roles)
    if side is Side.AGENCY and agency is None:
        agency, _ = Agency.objects.get_or_create(slug="agence", defaults={"name": "Agence"})
    return Membership.objects.create(
        person=person or make_person(),
        brand_id=brand.id,
        side=side,
        role=role,
        agency=agency if side is Side.AGENCY else None,
        created_at=timezone.now(),
    )


# --- Clean up ----------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _nothing_lingers() -> Iterator[None]:
    """Every test must leave every scope, and starts with no host remembered."""
    hosts.forget()
    yield
    assert not walls().frames, "a scope was left open"


@pytest.fixture
def real_transactions(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For tests with threads or with commits that must be seen: nothing is rolled back, everything is emptied afterwards.

    Do not combine with `db`, `brand_a` or the `django_db` mark; use `real_brands`.
    """
    with django_db_blocker.unblock():
        yield
        _tidy_connections()
        _empty_everything()
        _tidy_connections()


@pytest.fixture
def real_brands(real_transactions: None) -> tuple[BrandRef, BrandRef]:
    """The two active brands, for tests with real transactions."""
    return brand_with("maison-a"), brand_with("maison-b")


def _tidy_connections() -> None:
    """What is sound serves the next test, wiped: a new one asks for the password and learns every table anew, 60 ms a test."""
    for connection in connections.all(initialized_only=True):
        if connection.alias not in {"default", OWNER} or not _wiped(connection):
            connection.close()


def _wiped(connection: Any) -> bool:
    """Whether it is as a new one now; with a transaction still open, or gone, it cannot be."""
    raw = connection.connection
    if raw is None or connection.in_atomic_block or raw.closed or raw.info.transaction_status != TransactionStatus.IDLE:
        return False
    try:
        with psycopg.ClientCursor(raw) as cursor:  # past the guard, which lets no role be changed
            cursor.execute("RESET SESSION AUTHORIZATION; RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all()")
            cursor.execute(f"SET TIME ZONE '{connection.timezone_name}'")  # a server has a zone of its own
    except psycopg.Error:
        return False
    return True


def _empty_everything() -> None:
    """Empty every table that has rows, append-only ones too, and drop the brands a test made."""
    lasting = {"maison-a": "active", "maison-b": "active", "maison-s": "suspended"}
    for brand in Brand.objects.using(OWNER).exclude(slug__in=lasting).exclude(state="gone"):
        Brand.objects.using(OWNER).filter(pk=brand.pk).update(state="closing")
        drop_space(brand)
    for slug, state in lasting.items():
        Brand.objects.using(OWNER).filter(slug=slug).update(state=state, second_factor="nobody")
    with connections[OWNER].cursor() as cursor:
        full = _with_rows(cursor, _tables(cursor))
        if not full:
            return
        cursor.execute(_emptying(full))


def _emptying(full: list[tuple[str, str]]) -> str:
    """One script. DELETE, because a TRUNCATE makes new files for each table and index; no foreign key is asked.

    Emptying is a change of rows too, and noted: when all else is empty the notes go.
    """
    schemas = sorted({schema for schema, _ in full} - {"public"})
    notes = [(schema, table) for schema in schemas for table in ("audit_rowchange", "changes_noted")]
    tables = [each for each in full if each not in notes] + notes + [("public", "tenants_unsealed")]
    append_only = {*append_only_tables(), "tenants_hubentry"}
    guards = [(f'"{s}"."{t}"', "append_only") for s, t in tables if t in append_only]
    guards += [(f'"{s}"."{t}"', "log_erasing") for s, t in tables if t == "audit_private"]
    return ";".join(
        [
            "BEGIN; SET LOCAL session_replication_role = replica",
            *(f"ALTER TABLE {name} DISABLE TRIGGER {guard}" for name, guard in guards),
            *(f'DELETE FROM "{schema}"."{table}"' for schema, table in tables),
            *(f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER {guard}" for name, guard in guards),
            "COMMIT",
        ]
    )


def _tables(cursor: Any) -> list[tuple[str, str]]:
    """Those that have a page at all: to plan a question over all 470 takes forty milliseconds, and most never got a row."""
    cursor.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind = 'r' AND (n.nspname = 'public' OR n.nspname LIKE 'b\\_%') AND pg_relation_size(c.oid) > 0"
    )
    return [row for row in cursor.fetchall() if row[1] not in _LASTING_TABLES]


def _with_rows(cursor: Any, tables: list[tuple[str, str]]) -> list[tuple[str, str]]:
    asked = [f'SELECT {n} WHERE EXISTS (SELECT FROM "{s}"."{t}")' for n, (s, t) in enumerate(tables)]
    cursor.execute(" UNION ALL ".join(asked) or "SELECT 0 WHERE false")
    return [tables[n] for (n,) in cursor.fetchall()]
