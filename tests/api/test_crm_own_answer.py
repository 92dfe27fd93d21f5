"""A system that brings what is stricter than its key may read: it is told what it said itself, and no reading afterwards."""

from typing import Any

import pytest

from clients.crm.actions import change_system
from clients.crm.models import TimelineEntry
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, allow, api_of
from tests.api.test_crm import of_key
from tests.world import World

ENTRY = {"contact": "7", "ref": "v1", "kind": "visit", "title": "Came by", "happened_at": "2026-11-01T10:00:00Z"}
TOLD = {"kind": "visit", "title": "Came by", "text": "", "ref": "v1", "here": False}
FIRM = {"external_id": "o1", "name": "Boulangerie", "website": ""}


def bringing(world: World, brings: str) -> Api:
    """A key that reads what is shared and no more, and its system, which brings members and more of that class."""
    api = api_of(world, policy=allow(world, most=InfoClass.SHARED))
    system = of_key(world, api)
    change_system(
        world.owner, system_id=system.pk, name="C", kind="generic", key_id=api.key.pk, brings=brings,
        matching={"email": "ask", "handle": "ask"},
    )  # fmt: skip
    return api


def disclosed(world: World, *kinds: str) -> int:
    with brand_scope(world.brand):
        return Disclosure.objects.filter(object_kind__in=kinds).count()


def narrowed(row: dict[str, Any], to: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in to}


@pytest.mark.parametrize(("brings", "status"), [("shared", 200), ("brand", 404)])
def test_an_organisation_is_told_to_its_writer_and_read_as_the_policy_says(
    world: World, brings: str, status: int
) -> None:
    api = bringing(world, brings)
    for expected in (201, 200):
        written = api("PUT", "organisations/external/o1", {"name": "Boulangerie"})
        assert (written.status_code, narrowed(written.json(), FIRM)) == (expected, FIRM)
    assert ("created_at" in written.json()) is (status == 200)
    id_ = written.json()["id"]
    assert api.get(f"organisations/{id_}").status_code == status
    assert len(api.get("organisations").json()["data"]) == (status == 200)
    short = api("PUT", "organisations/external/o1?fields=name", {"name": "Boulangerie"}).json()
    assert narrowed(short, {"id": "", "name": ""}) == {"id": id_, "name": "Boulangerie"}
    assert "website" not in short
    assert (disclosed(world, "crm.organisation") > 0) is (status == 200)


@pytest.mark.parametrize(("brings", "status"), [("shared", 200), ("brand", 404)])
def test_what_happened_is_told_to_its_writer_and_read_as_the_policy_says(
    world: World, brings: str, status: int
) -> None:
    api = bringing(world, brings)
    contact = api("PUT", "contacts/external/7", {"fields": {"name": "Léa"}}).json()["contact"]
    assert contact["external_id"] == "7"
    for _time in range(2):
        written = api.post("timeline", ENTRY)
        told = TOLD | {"contact": contact["id"]}
        assert (written.status_code, narrowed(written.json(), told)) == (201, told)
        assert written.json()["happened_at"].startswith("2026-11-01T10:00:00")
    assert api.get(written.headers["Location"]).status_code == status
    (row,) = api.post("timeline/bulk/tell", {"rows": [ENTRY | {"ref": "v2"}]}).json()["results"]
    assert (row["status"], row["data"]["ref"], row["data"]["title"]) == (201, "v2", "Came by")
    assert len(api.get("timeline").json()["data"]) == (2 if status == 200 else 0)
    assert (disclosed(world, "crm.timelineentry", "crm.contact") > 0) is (status == 200)


def test_what_was_not_said_is_not_told(world: World) -> None:
    """Another one of the same system's rows, stricter than the key: neither told by an answer nor by what is the same."""
    api = bringing(world, "brand")
    api("PUT", "contacts/external/7", {"fields": {"name": "Léa", "email": "lea@example.org"}})
    again = api("PUT", "contacts/external/7", {"fields": {"name": "Léa"}})
    assert "lea@example.org" not in again.content.decode()
    api.post("timeline", ENTRY | {"text": "Her words"})
    with brand_scope(world.brand):
        assert TimelineEntry.objects.get().text == "Her words"
    assert api.post("timeline", ENTRY | {"title": "Again"}).json()["text"] == ""
