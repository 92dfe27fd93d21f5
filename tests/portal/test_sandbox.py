"""The sandbox is made through the public actions, opens with the secrets it prints, and is made anew without touching another."""

import io
import re
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from clients.channels.models import Channel
from portal.sandbox import ADDRESS
from tenants.ids import uuid7
from tenants.models import Brand, Membership, Person
from tenants.walls.scope import brand_scope

pytestmark = pytest.mark.usefixtures("real_transactions")


def made(*words: str) -> dict[str, str]:
    out = io.StringIO()
    call_command("sandbox", *words, stdout=out)
    return dict(re.findall(r'export (\w+)="([^"]+)"', out.getvalue()))


def asked(secret: str, path: str, slug: str = "sandbox", body: Any = None, **headers: str) -> Any:
    sent = {"Host": f"{slug}.{settings.HUB_HOST}", "Authorization": f"Bearer {secret}"}
    client = Client(headers=sent | {name.replace("_", "-"): value for name, value in headers.items()})
    where = f"/api/v1/{path}"
    return client.get(where) if body is None else client.post(where, body, content_type="application/json")


def test_the_quickstart_goes_through_with_what_is_printed() -> None:
    told = made()
    assert told["RELAIS"].endswith("/api/v1") and "//sandbox." in told["RELAIS"]
    (waiting,) = asked(told["BRAND_KEY"], "approvals").json()["data"]
    yes = asked(
        told["BRAND_KEY"], f"approvals/{waiting['id']}/approve", body={"digest": waiting["digest"]}, Idempotency_Key="y"
    )
    assert yes.status_code == 200, yes.content
    (wall,) = asked(told["KEY"], "channels").json()["data"]
    draft = {"kind": "publish", "channels": [wall["id"]], "text": "Essai."}
    assert asked(told["KEY"], "items", body=draft, Idempotency_Key="d").status_code == 201
    (contact,) = asked(told["KEY"], "contacts").json()["data"]
    assert contact["external_id"] == "1"
    assert len(asked(told["KEY"], "conversations").json()["data"]) == 1
    with brand_scope(Brand.objects.get(slug="sandbox").ref()):
        assert [one.kind for one in Channel.objects.all()] == ["memory"]
    assert not [one for one in Person.objects.filter(email__endswith=ADDRESS) if one.has_usable_password()]


def test_it_is_made_anew_and_only_what_nobody_works_in() -> None:
    first = made()
    with pytest.raises(CommandError, match="slug_taken"):
        made()
    second = made("--reset")
    assert asked(first["KEY"], "keys/self").status_code == 401
    assert asked(second["KEY"], "keys/self").status_code == 200
    brand = Brand.objects.get(slug="sandbox")
    person = Person.objects.create_user(f"{uuid7()}@example.org", name="Somebody")
    Membership.objects.create(person=person, brand_id=brand.id, side="brand", role="auditor")
    with pytest.raises(CommandError, match="brand_state"):
        made("--reset")
    assert asked(second["KEY"], "keys/self").status_code == 200


@pytest.mark.parametrize("slug", ["maison-a", "sandboxes", "my-sandbox", "sandbox-", "Sandbox"])
def test_no_brand_of_another_name_can_be_dropped(slug: str) -> None:
    with pytest.raises(CommandError, match="slug_shape"):
        made(slug, "--reset")
