"""A customer system at the machine door: contacts by its own ids, one and a thousand; tickets; only its own rows."""

import pytest
from django.db import connection

from clients.community.actions import add_member
from clients.community.models import Member
from clients.community.rules import About
from clients.crm.actions import change_system, open_ticket, set_fields
from clients.crm.models import Clash, Contact, System, Ticket
from clients.crm.rules import FieldRule, first_policy
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, api_of
from tests.crm.conftest import connected
from tests.custody.conftest import begin
from tests.world import World


@pytest.fixture
def system(world: World, api: Api) -> System:
    return of_key(world, api)


def of_key(world: World, api: Api) -> System:
    one = connected(world)
    change_system(
        world.owner, system_id=one.pk, name="Clients", kind="generic", key_id=api.key.pk, brings="shared",
        matching={"email": "ask", "handle": "ask"},
    )  # fmt: skip
    both = {name: FieldRule(name, True, True, "shared") for name in ("name", "email")}  # type: ignore[arg-type]
    return set_fields(world.owner, system_id=one.pk, policy=first_policy() | both)


def test_put_makes_changes_and_knows_a_state_that_is_over(world: World, api: Api, system: System) -> None:
    made = api("PUT", "contacts/external/7", {"fields": {"name": "Léa", "email": "lea@example.org"}})
    assert (made.status_code, made.json()["outcome"]) == (201, "made")
    contact = made.json()["contact"]
    assert contact["fields"] == {"name": "Léa", "email": "lea@example.org"}
    assert made.headers["Location"] == f"/api/v1/contacts/{contact['id']}"
    read = api.get("contacts/external/7")
    assert (read.status_code, read.headers["ETag"]) == (200, made.headers["ETag"])
    changed = api("PUT", "contacts/external/7", {"fields": {"name": "Léa M."}}, If_Match=read.headers["ETag"])
    assert (changed.status_code, changed.json()["outcome"]) == (200, "changed")
    stale = api("PUT", "contacts/external/7", {"fields": {"name": "X"}}, If_Match=read.headers["ETag"])
    assert stale.status_code == 412
    absent = api("PUT", "contacts/external/8", {"fields": {"name": "X"}}, If_Match=read.headers["ETag"])
    assert absent.status_code == 412
    again = api("PUT", "contacts/external/7", {"fields": {"name": "Léa M."}})
    assert (again.status_code, again.json()["outcome"]) == (200, "same")
    gone = api("DELETE", f"contacts/{contact['id']}")
    assert gone.status_code == 204
    assert api.get("contacts/external/7").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"fields": {"name": "Léa", "colour": "red"}}, 422, "field_not_named"),
        ({"fields": {"name": ""}}, 422, "name_empty"),
        ({"fields": {"name": "a\0b"}}, 422, "control_characters"),
        ({"fields": "Léa"}, 422, "wrong_type"),
        ({"fields": {"name": "Léa"}, "more": 1}, 422, "field_unknown"),
        ({}, 422, "field_missing"),
        ({"fields": {"name": "Léa"}, "claims": "01a1ff96-115d-77db-91ba-4a53d8676426"}, 422, "contact_missing"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(api: Api, system: System, body: object, status: int, code: str) -> None:
    answer = api("PUT", "contacts/external/7", body)
    assert answer.status_code == status, answer.content
    assert code in {one["code"] for one in answer.json()["errors"]}
    for one in answer.json()["errors"]:
        assert one["pointer"].startswith("/") and one["detail"]


def test_who_may_be_known_is_asked_about_and_nothing_is_merged(world: World, api: Api, system: System) -> None:
    add_member(world.owner, about=About("Léa", email="lea@example.org"), info_class=InfoClass.SHARED)
    answer = api("PUT", "contacts/external/7", {"fields": {"name": "Léa", "email": "lea@example.org"}})
    assert (answer.status_code, answer.json()["outcome"], answer.json()["contact"]) == (202, "asked", None)
    with brand_scope(world.brand):
        assert (Clash.objects.count(), Contact.objects.count(), Member.objects.count()) == (1, 0, 1)


def test_a_thousand_at_once_each_with_its_answer_and_once(world: World, api: Api, system: System) -> None:
    rows = [{"external_id": f"n{n}", "fields": {"name": f"P {n}"}} for n in range(1000)]
    rows[3]["fields"] = {"name": ""}
    first = api.post("contacts/bulk/upsert", {"rows": rows}, Idempotency_Key="one")
    assert first.status_code == 200, first.content[:500]
    results = first.json()["results"]
    assert [one["outcome"] for one in results].count("made") == 999
    assert results[3]["errors"] == [{"pointer": "/rows/3/fields/name", "code": "name_empty"}]
    again = api.post("contacts/bulk/upsert", {"rows": rows}, Idempotency_Key="one")
    assert again.content == first.content
    assert api.post("contacts/bulk/upsert", {"rows": rows}).status_code == 400
    too_many = {"rows": [*rows, rows[0]]}
    assert api.post("contacts/bulk/upsert", too_many, Idempotency_Key="two").status_code == 422
    with brand_scope(world.brand):
        assert Contact.objects.count() == 999
    assert connection.in_atomic_block is False


def test_a_key_has_its_own_systems_rows_and_no_others(world: World, api: Api, system: System) -> None:
    assert api("PUT", "contacts/external/7", {"fields": {"name": "Léa"}}).status_code == 201
    another = api_of(world)
    assert another.get("contacts").json()["data"] == []
    assert another("PUT", "contacts/external/7", {"fields": {"name": "Léa"}}).status_code == 404
    of_key(world, another)
    assert another.get("contacts/external/7").status_code == 404
    (row,) = api.get("contacts").json()["data"]
    assert another("DELETE", f"contacts/{row['id']}").status_code == 404
    talk = begin(world, info_class=InfoClass.SHARED)
    ticket = open_ticket(world.cm, conversation_id=talk.pk, system_id=system.pk, kind="lead", title="Un devis")
    assert another.post(f"tickets/{ticket.pk}/tell", {"state": "closed"}).status_code == 404
    assert api.post(f"tickets/{ticket.pk}/tell", {"state": "closed"}).status_code == 200
    assert api("DELETE", f"contacts/{row['id']}").status_code == 204
    reader = api_of(world, scopes=["contacts:read"])
    assert reader("PUT", "contacts/external/7", {"fields": {"name": "Léa"}}).status_code == 403


def test_a_ticket_is_fetched_and_told_back(world: World, api: Api, system: System) -> None:
    talk = begin(world, info_class=InfoClass.SHARED)
    ticket = open_ticket(world.cm, conversation_id=talk.pk, system_id=system.pk, kind="lead", title="Un devis")
    (row,) = api.get("tickets?state=waiting").json()["data"]
    assert (row["id"], row["title"]) == (str(ticket.pk), "Un devis")
    tag = api.get(f"tickets/{ticket.pk}").headers["ETag"]
    told = api.post(f"tickets/{ticket.pk}/tell", {"state": "accepted", "external_id": "T-1"}, If_Match=tag)
    assert (told.status_code, told.json()["state"]) == (200, "accepted")
    stale = api.post(f"tickets/{ticket.pk}/tell", {"state": "closed"}, If_Match=tag)
    assert stale.status_code == 412
    assert api.post(f"tickets/{ticket.pk}/tell", {"state": "withdrawn"}).status_code == 422
    with brand_scope(world.brand):
        assert Ticket.objects.get().external_id == "T-1"
        assert Disclosure.objects.filter(object_kind="crm.ticket", way="api").count() >= 2


def test_organisations_and_what_happened(api: Api, system: System) -> None:
    made = api("PUT", "organisations/external/o1", {"name": "Boulangerie"})
    assert (made.status_code, made.json()["name"]) == (201, "Boulangerie")
    assert api("PUT", "organisations/external/o1", {"name": "Boulangerie"}).status_code == 200
    rows = [{"external_id": "o1", "name": "B"}, {"external_id": "o1", "name": "C"}, {"external_id": "o2", "name": "D"}]
    bulk = api.post("organisations/bulk/upsert", {"rows": rows}, Idempotency_Key="o")
    assert [one["outcome"] for one in bulk.json()["results"]] == ["changed", "invalid", "made"]
    api("PUT", "contacts/external/7", {"fields": {"name": "Léa"}})
    entry = {"contact": "7", "ref": "v1", "kind": "visit", "title": "Came by", "happened_at": "2026-11-01T10:00:00Z"}
    told = api.post("timeline", entry)
    assert (told.status_code, told.json()["title"]) == (201, "Came by")
    unknown = api.post("timeline", entry | {"contact": "8"})
    assert unknown.status_code == 422
    assert [one["ref"] for one in api.get("timeline?here=false").json()["data"]] == ["v1"]
