"""A throw-away database with brands in it: for the test session, and for proofs and benchmarks, which run outside pytest.

It is made on the embedded test server, or on the server of `DATABASE_OWNER_URL` / `DATABASE_URL` (whose role must be allowed
to create databases and roles). The process then talks to it as the application does: a login role without rights on brands.
Process ids in the names keep test processes apart and let the next one clear away what a killed one left.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from config.addresses import database_address
from tenants import provisioning
from tenants.actions import change_state, create_brand
from tenants.brandref import BrandRef
from tenants.models import Brand
from tenants.server import database_tag, login_role
from tenants.vocabulary import BrandState
from tenants.walls.backend.base import OWNER
from tests.prepared import alone, copied, prepared

_PREFIX = "relais_test_"
ACTIVE = ("maison-a", "maison-b")
SUSPENDED = ("maison-s",)


@contextmanager
def throwaway() -> Iterator[str]:
    """Point both database aliases at a new database with two active brands and a suspended one; drop it at the end."""
    server = _server_address()
    name = f"{_PREFIX}{os.getpid()}_{secrets.token_hex(3)}"
    before = {alias: dict(address) for alias, address in connections.settings.items()}
    try:
        with psycopg.connect(server, autocommit=True) as admin:
            with alone(admin):
                _drop_left_over(admin)
            copied(admin, name, prepared(admin, lambda ready: _point_at(server, ready)))
        _point_at(server, name)
        provisioning.prepare_hub()
        _make_brands()
        yield name
    finally:
        connections.close_all()
        connections.settings["default"].update(before["default"])
        with psycopg.connect(server, autocommit=True) as admin:
            _drop(admin, name)


def brand_with(slug: str) -> BrandRef:
    """The brand of this slug."""
    return Brand.objects.get(slug=slug).ref()


def in_throwaway() -> bool:
    """Whether this process talks to such a database now."""
    return str(connections.settings["default"]["NAME"]).startswith(_PREFIX)


def _make_brands() -> None:
    provisioning.top_up(len(ACTIVE + SUSPENDED))
    for slug in ACTIVE + SUSPENDED:
        create_brand(slug.replace("-", " ").title(), slug)
    for slug in SUSPENDED:
        change_state(brand_with(slug), BrandState.SUSPENDED)


def _server_address() -> str:
    given = os.environ.get("DATABASE_OWNER_URL") or os.environ.get("DATABASE_URL")
    if given:
        return given
    from config.embedded.postgres import Cluster

    cluster = Cluster(settings.BASE_DIR / ".relais" / "test", careless=True)
    cluster.start()
    return cluster.addresses("postgres").owner


def _point_at(server: str, name: str) -> None:
    """`owner` as who we are on that server, `default` as a login role that `prepare_hub` will make."""
    address = database_address(urlunsplit(urlsplit(server)._replace(path=f"/{name}")), seconds=0)
    connections.close_all()
    default = connections.settings["default"]
    owner = {**default, **address, "TEST": {**default["TEST"]}}
    default.update(address, USER=login_role(name), PASSWORD=secrets.token_hex(8))
    connections.settings[OWNER] = owner
    for connection in connections.all(initialized_only=True):
        connection.settings_dict = connections.settings[connection.alias]


def _drop_left_over(admin: psycopg.Connection[Any]) -> None:
    """Databases of test processes on this machine that were killed."""
    names = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_PREFIX]).fetchall()
    for (name,) in names:
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


def forget_inherited() -> None:
    """In a forked child, first of all: what it finds as its connections may be its parent's own.

    While a browser is driven its event loop runs in the parent, and asgiref keeps connections elsewhere there; a child has no
    running loop, looks in the other place, and finds one that was opened before the browser and that `close_all` passed over.
    """
    for alias in connections:
        with suppress(AttributeError):  # none was opened
            del connections[alias]
