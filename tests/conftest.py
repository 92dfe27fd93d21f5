"""The test database: real migrations, real roles, two brands that could leak into one another, and a rollback per test.

One throw-away database per test process, on the embedded server unless `DATABASE_URL` names another (then with the rights to
create databases and roles). Tests run as the application's login role, as production does; only provisioning is the owner's.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone
from psycopg import sql
from pytest_django import DjangoDbBlocker

from tenants import hosts, provisioning
from tenants.actions import change_state, create_brand
from tenants.brandref import BrandRef
from tenants.dressing import append_only_tables
from tenants.models import Agency, Brand, Membership, Person
from tenants.server import database_tag, login_role
from tenants.vocabulary import ROLES_OF, BrandState, Role, Side
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import walls

_PREFIX = "relais_test_"
_LASTING_TABLES = frozenset(
    {"django_migrations", "django_content_type", "auth_permission", "tenants_brand", "tenants_schematext"}
)


# --- The database of this process --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the database, its hub and three brands; drop it with its roles at the end."""
    server = _server_address()
    name = f"{_PREFIX}{os.getpid()}_{secrets.token_hex(3)}"
    with psycopg.connect(server, autocommit=True) as admin:
        _drop_left_over(admin)
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    with django_db_blocker.unblock():
        _point_at(server, name)
        provisioning.prepare_hub()
        provisioning.top_up(3)
        for slug in ("maison-a", "maison-b", "maison-s"):
            create_brand(slug.replace("-", " ").title(), slug)
        change_state(_brand("maison-s"), BrandState.SUSPENDED)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    with psycopg.connect(server, autocommit=True) as admin:
        _drop(admin, name)


def _server_address() -> str:
    given = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")
    if given:
        return given
    from config.embedded.postgres import Cluster
    from config.environment import ROOT

    cluster = Cluster(ROOT / ".relais" / "test", careless=True)
    cluster.start()
    return cluster.addresses("postgres").owner


def _point_at(server: str, name: str) -> None:
    """Both aliases at the new database: `default` as a login role that prepare_hub will make, `owner` as who we are."""
    from config.addresses import database_address

    address = database_address(urlunsplit(urlsplit(server)._replace(path=f"/{name}")), seconds=0)
    default = connections.settings["default"]
    owner = {**default, **address, "TEST": {**default["TEST"]}}
    default.update(address, USER=login_role(name), PASSWORD=secrets.token_hex(8))
    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.settings_dict = connections.settings[connection.alias]
    connections.settings[OWNER] = settings.DATABASES[OWNER] = owner


def _drop_left_over(admin: psycopg.Connection[Any]) -> None:
    """Databases of test processes on this machine that were killed."""
    for (name,) in admin.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX]
    ).fetchall():
        pid = name.removeprefix(_PREFIX).split("_")[0]
        if pid.isdecimal() and not _runs(int(pid)):
            _drop(admin, name)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    roles = admin.execute("SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [database_tag(name) + "_"])
    for (role,) in roles.fetchall():
        admin.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


# --- Brands and people -------------------------------------------------------------------------------------------------


def _brand(slug: str) -> BrandRef:
    return Brand.objects.get(slug=slug).ref()


@pytest.fixture
def brand_a(db: None) -> BrandRef:
    """An active brand."""
    return _brand("maison-a")


@pytest.fixture
def brand_b(db: None) -> BrandRef:
    """Another active brand, whose rows must never be seen from the first."""
    return _brand("maison-b")


@pytest.fixture
def suspended_brand(db: None) -> BrandRef:
    """A brand that is not served."""
    return _brand("maison-s")


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
        connections["default"].close()
        _empty_everything()
        connections.close_all()


@pytest.fixture
def real_brands(real_transactions: None) -> tuple[BrandRef, BrandRef]:
    """The two active brands, for tests with real transactions."""
    return _brand("maison-a"), _brand("maison-b")


def _empty_everything() -> None:
    """Empty every table that has rows, append-only ones too, and drop the brands a test made."""
    lasting = {"maison-a": "active", "maison-b": "active", "maison-s": "suspended"}
    for brand in Brand.objects.using(OWNER).exclude(slug__in=lasting).exclude(state="gone"):
        Brand.objects.using(OWNER).filter(pk=brand.pk).update(state="closing")
        provisioning.drop_space(brand)
    for slug, state in lasting.items():
        Brand.objects.using(OWNER).filter(slug=slug).update(state=state)
    with connections[OWNER].cursor() as cursor:
        full = [(schema, table) for schema, table in _tables(cursor) if _has_rows(cursor, schema, table)]
        if not full:
            return
        names = {f'"{schema}"."{table}"': table for schema, table in full}
        guarded = [name for name, table in names.items() if table in {*append_only_tables(), "tenants_hubentry"}]
        for name in guarded:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER append_only")
        cursor.execute(f"TRUNCATE {', '.join(names)} CASCADE")
        for name in guarded:
            cursor.execute(f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER append_only")


def _tables(cursor: Any) -> list[tuple[str, str]]:
    cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public' OR schemaname LIKE 'b\\_%'")
    return [row for row in cursor.fetchall() if row[1] not in _LASTING_TABLES]


def _has_rows(cursor: Any, schema: str, table: str) -> bool:
    cursor.execute(f'SELECT EXISTS (SELECT FROM "{schema}"."{table}")')
    return cast(bool, cursor.fetchone()[0])
