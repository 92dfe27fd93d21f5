"""Secrets are planted, used, and looked for where they must not be: in every table as a dump would carry it, and in the logs."""

import base64
import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connections
from django.test import Client, override_settings

from clients.audit.keys import signing_key
from clients.audit.models import LogKey
from clients.audit.sealing import seal_batch
from clients.channels.actions import connect_channel
from config.logs import logging_of
from config.sessions import digest_of
from tenants.brandref import BrandRef
from tenants.vocabulary import Role
from tenants.walls.backend.base import OWNER
from tenants.walls.scope import brand_scope
from tests.conftest import make_person
from tests.world import World, make_world

HUB = {"host": settings.HUB_HOST, "accept-language": "en"}
AS_SERVED = override_settings(
    SESSION_ENGINE="config.sessions",
    MIDDLEWARE=[m.replace("django.contrib.sessions.middleware.", "config.sessions.") for m in settings.MIDDLEWARE],
)
PASSWORD = "Chaussette-archiduchesse-1"
MAIL = {"host": "mail.example.org", "user": "bonjour", "from_address": "bonjour@example.org"}


@pytest.fixture
def world(real_brands: tuple[BrandRef, BrandRef]) -> World:
    return make_world(real_brands[0], make_person)


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Everything that is logged, from DEBUG on, as machines read it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    line = dict(logging_of("DEBUG", for_machines=True)["formatters"]["line"])
    handler.setFormatter(line.pop("()")(**line))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def dumped() -> str:
    """Every table of every schema, as COPY writes it."""
    out = io.BytesIO()
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for schema, table in cursor.fetchall():
            with cursor.copy(f'COPY "{schema}"."{table}" TO STDOUT') as rows:
                for row in rows:
                    out.write(row)
    return out.getvalue().decode()


def shapes_of(secret: str | bytes) -> set[str]:
    """As it stands, in hexadecimal as COPY writes bytes, and in base64."""
    raw = secret.encode() if isinstance(secret, str) else secret
    plain = {secret} if isinstance(secret, str) else set()
    return plain | {
        raw.hex(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
    }


def sign_in(person: Any) -> Client:
    client = Client(headers=HUB)
    answer = client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content[:300]
    return client


@AS_SERVED
def test_no_secret_is_in_a_dump_or_in_the_log(world: World) -> None:
    owner, secrets = world.people[Role.BRAND_OWNER], dict[str, str | bytes]()
    owner.set_password(PASSWORD)
    owner.save()
    with listening() as log:
        secrets["password"] = PASSWORD
        client = sign_in(owner)
        secrets["session"] = client.cookies[settings.SESSION_COOKIE_NAME].value
        host = f"{world.brand.slug}.{settings.HUB_HOST}"
        assert client.get("/items/", headers={"host": host}).status_code == 200
        secrets["channel"] = "canari-mot-de-passe-du-canal"
        connect_channel(
            actor=world.owner, kind="email", name="Lettre", settings=MAIL | {"password": secrets["channel"]}
        )
        secrets["second factor"] = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        TOTP.activate(owner, str(secrets["second factor"]))
        Client(headers=HUB).post("/account/password/reset/", {"email": owner.email})
        found = re.search(r"/password/reset/key/(\S+?)/", mail.outbox[-1].body)
        assert found is not None
        secrets["reset"] = found[1].partition("-")[2]
        Client(headers=HUB).get(found[0])
        seal_batch(world.brand)
        with brand_scope(world.brand):
            for key in LogKey.objects.all():
                secrets[f"log key {key.number}"] = signing_key(key, world.brand.id).private_bytes_raw()
        logging.getLogger("relais.test").warning("a line that is there")
    assert len(secrets) == 6
    dump, lines = dumped(), log.getvalue()
    assert (
        world.brand.name in dump and digest_of(str(secrets["session"])) in dump
    )  # the search would find what is there
    assert "a line that is there" in lines and len(lines.splitlines()) > 8
    kept = [name for name, secret in secrets.items() for shape in shapes_of(secret) if shape in dump]
    told = [name for name, secret in secrets.items() for shape in shapes_of(secret) if shape in lines]
    assert (kept, told) == ([], [])
    assert get_adapter().decrypt(_stored_factor(owner)) == secrets["second factor"]  # and what is kept can be used


def _stored_factor(person: Any) -> str:
    return str(person.authenticator_set.get(type="totp").data["secret"])


@AS_SERVED
def test_a_session_is_opened_by_its_cookie_and_by_nothing_of_the_tables(world: World) -> None:
    owner = world.people[Role.BRAND_OWNER]
    owner.set_password(PASSWORD)
    owner.save()
    client = sign_in(owner)
    token, row = client.cookies[settings.SESSION_COOKIE_NAME].value, Session.objects.get()
    assert row.session_key == digest_of(token) != token
    assert client.get("/").status_code == 200
    for stolen in (row.session_key, row.session_data, "", "x" * 43):
        thief = Client(headers=HUB)
        thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
        assert thief.get("/").status_code == 302
    again = sign_in(owner)
    ended = again.cookies[settings.SESSION_COOKIE_NAME].value
    assert ended not in {token, digest_of(token)}
    again.post("/account/logout/")
    stale = Client(headers=HUB)
    stale.cookies[settings.SESSION_COOKIE_NAME] = ended
    assert (stale.get("/").status_code, client.get("/").status_code) == (302, 200)
