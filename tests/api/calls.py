"""Asking the machine door as a program does: a key in a header, JSON both ways, no cookie."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.actions import allow_integration
from clients.disclosure.models import IntegrationPolicy
from clients.disclosure.rules import FIELDS, InfoClass
from clients.keys.actions import Bounds, make_key
from clients.keys.models import Key
from clients.keys.rules import Kind
from clients.keys.scopes import SCOPES
from clients.people.access import actor_for
from tenants.vocabulary import Role
from tenants.walls.scope import BrandRef
from tests.world import World


@dataclass
class Api:
    """One program with one key. `get('items')`, `post('items', {...})` ... below `/api/v1/`; the answer has `.json()`."""

    brand: BrandRef
    secret: str
    key: Key
    language: str = "en"
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> HttpResponse:
        sent = {"Host": f"{self.brand.slug}.{settings.HUB_HOST}", "Accept-Language": self.language, **self.headers}
        if self.secret:
            sent["Authorization"] = f"Bearer {self.secret}"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = raw if raw is not None else b"" if body is None else orjson.dumps(body)
        kind = sent.pop("Content-Type", "application/json")
        where = path if path.startswith("/") else f"/api/v1/{path}"
        return Client(raise_request_exception=False).generic(method, where, data, content_type=kind, headers=sent)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self("POST", path, {} if body is None else body, **headers)


def everything() -> dict[str, tuple[str, ...]]:
    """A policy that lets out whatever a policy can."""
    return dict(FIELDS)


def allow(
    world: World, fields: dict[str, Iterable[str]] | None = None, most: InfoClass = InfoClass.NAMED
) -> IntegrationPolicy:
    return allow_integration(
        world.owner,
        name="CRM",
        system="api",
        purpose="Follow what goes out",
        fields={kind: tuple(names) for kind, names in (fields or everything()).items()},
        most_class=most,
        until=timezone.now() + timedelta(days=300),
    )


def api_of(
    world: World,
    role: Role = Role.BRAND_OWNER,
    scopes: Iterable[str] = SCOPES,
    policy: IntegrationPolicy | None = None,
    **bounds: Any,
) -> Api:
    """A program with a key that `role` answers for."""
    policy = policy or allow(world)
    maker = actor_for(world.people[Role.BRAND_OWNER], world.brand, EntryPoint.PAGE, stepped_up_at=timezone.now())
    made = make_key(
        maker,
        kind=Kind.STATIC,
        bounds=Bounds(name="CRM", scopes=tuple(scopes), **bounds),
        policy_id=policy.pk,
        expires_at=timezone.now() + timedelta(days=30),
    )
    api = Api(world.brand, made.secret, made.key)
    return api if role is Role.BRAND_OWNER else answered_by(world, api, role)


def answered_by(world: World, api: Api, role: Role) -> Api:
    """The same key with another person of the brand behind it, as a takeover leaves it."""
    from clients.keys.steps import seal_key
    from tenants.walls.scope import brand_scope

    person = world.people[role]
    with brand_scope(world.brand):
        key = Key.objects.get(pk=api.key.pk)
        key.answered_by, key.answered_name = person.pk, person.name
        seal_key(key)
    return api
