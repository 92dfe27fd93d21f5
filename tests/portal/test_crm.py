"""The pages of customer systems: fields that pass, a dry run, a table with its undo, questions, tickets, a member's systems."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from clients.crm.actions import tell_ticket
from clients.crm.models import Clash, Contact, ContactImport, System, Ticket
from clients.crm.rules import policy_of
from clients.disclosure.rules import InfoClass
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.crm.conftest import bring, connected, counts, member, said
from tests.custody.conftest import begin
from tests.portal.conftest import Browse
from tests.world import World


def url(name: str, *args: Any) -> str:
    return reverse(name, urlconf="portal.urls_brand", args=args)


@pytest.fixture
def owner(world: World, browse: Browse) -> Client:
    return browse(world.people[Role.BRAND_OWNER], world.brand)


def read(client: Client, name: str, *args: Any, status: int = 200) -> str:
    answer = client.get(url(name, *args))
    assert answer.status_code == status
    return answer.content.decode()


def test_a_system_is_connected_and_its_fields_decided(world: World, owner: Client, browse: Browse) -> None:
    answer = owner.post(url("crm_connect"), {"name": "Nos clients", "kind": "directus", "brings": "shared"})
    assert answer.status_code == 303
    with brand_scope(world.brand):
        system = System.objects.get()
    page = read(owner, "crm_system", system.pk)
    assert "Nos clients" in page and "Try a sample" in page
    typed = {
        "ours": ["name", "email", "own:size"], "theirs-0": "nom", "in-0": "yes", "class-0": "shared",
        "differs-0": "theirs", "theirs-1": "mail", "out-1": "yes", "class-1": "shared", "differs-1": "ask",
        "theirs-2": "taille", "in-2": "yes", "class-2": "brand", "differs-2": "ask",
    }  # fmt: skip
    led = owner.post(url("crm_fields", system.pk), typed)
    assert led.status_code in (302, 303) and "reauthenticate" in led["Location"], "more would leave: prove who you are"
    with brand_scope(world.brand):
        assert not any(rule.outward for rule in policy_of(System.objects.get().fields).values())
    proven = browse(world.people[Role.BRAND_OWNER], world.brand, proved=True)
    assert proven.post(url("crm_fields", system.pk), typed).status_code == 303
    with brand_scope(world.brand):
        policy = policy_of(System.objects.get().fields)
    assert {name: (r.theirs, r.inward, r.outward, r.info_class) for name, r in policy.items()} == {
        "name": ("nom", True, False, "shared"), "email": ("mail", False, True, "shared"),
        "own:size": ("taille", True, False, "brand"),
    }  # fmt: skip
    refused = owner.post(url("crm_fields", system.pk), typed | {"in-0": ""})
    assert refused.status_code == 422 and "The name has to come in" in refused.content.decode()
    agent = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    assert agent.get(url("crm")).status_code == 403
    approver = browse(world.people[Role.APPROVER], world.brand)
    assert approver.post(url("crm_fields", system.pk), typed).status_code == 403


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        ('[{"id": "1", "name": "Léa", "colour": "red"}]', "has not named a field “colour”"),
        ('{"external_id": "1", "fields": {"name": "Zoé"}}', "would be new"),
        ("external_id;name\n1;Léa\n", "is written"),
        ("{", "neither a table nor JSON"),
        ("name\nLéa\n", "needs a column"),
        ("", "There is nothing in it"),
    ],
)
def test_a_sample_is_only_tried(world: World, owner: Client, sample: str, words: str) -> None:
    system = connected(world)
    answer = owner.post(url("crm_try", system.pk), {"sample": sample})
    assert words in answer.content.decode()
    assert counts(world) == (0, 0, 0)


def test_a_table_is_shown_written_and_undone(world: World, owner: Client) -> None:
    system = connected(world)
    file = SimpleUploadedFile("clients.csv", b"external_id;name;email\n1;Anne;a\n2;Bruno;\n", "text/csv")
    answer = owner.post(url("crm_import", system.pk), {"file": file})
    assert answer.status_code == 303
    with brand_scope(world.brand):
        table = ContactImport.objects.get()
    page = read(owner, "crm_table", table.pk)
    assert "would be new" in page and "something is wrong" in page
    assert counts(world) == (0, 0, 0)
    assert owner.post(url("crm_table_write", table.pk)).status_code == 303
    assert counts(world)[:2] == (1, 1)
    assert "Undo it" in read(owner, "crm_table", table.pk)
    assert owner.post(url("crm_table_undo", table.pk)).status_code == 303
    assert counts(world) == (0, 0, 0)
    assert "put back as they stood" in read(owner, "crm_table", table.pk)


def test_a_question_is_decided(world: World, owner: Client) -> None:
    lea, system = member(world, email="lea@example.org"), connected(world)
    bring(world, system, said(system, "7", name="Léa Martin", email="lea@example.org"))
    with brand_scope(world.brand):
        clash = Clash.objects.get()
    assert "One question waits" in read(owner, "crm")
    assert f"link:{lea.pk}" in read(owner, "crm_questions")
    assert owner.post(url("crm_decide", clash.pk), {"way": "nothing"}).status_code == 422
    assert owner.post(url("crm_decide", clash.pk), {"way": f"link:{lea.pk}"}).status_code == 303
    with brand_scope(world.brand):
        contact = Contact.objects.get()
    page = read(owner, "member", lea.pk)
    assert "In customer systems" in page and ">7<" in page
    assert owner.post(url("contact_unlink", lea.pk, contact.pk)).status_code == 303
    assert "In customer systems" not in read(owner, "member", lea.pk)


def test_a_ticket_beside_a_conversation(world: World, owner: Client, browse: Browse) -> None:
    system, talk = connected(world), begin(world, info_class=InfoClass.SHARED)
    agent = browse(world.people[Role.COMMUNITY_MANAGER], world.brand)
    assert "Ask a customer system" in read(agent, "conversation", talk.pk)
    typed = {"system": str(system.pk), "kind": "lead", "title": "Un devis", "text": "Pour quarante gâteaux"}
    assert agent.post(url("ticket_open", talk.pk), typed | {"title": ""}).status_code == 422
    assert agent.post(url("ticket_open", talk.pk), typed).status_code == 303
    with brand_scope(world.brand):
        ticket = Ticket.objects.get()
    assert "waits to be fetched" in read(agent, "conversation", talk.pk)
    tell_ticket(world.owner, ticket_id=ticket.pk, state="answered", external_id="T-4", said="C’est parti.")
    page = read(agent, "conversation", talk.pk)
    assert "answered there" in page and "T-4" in page and "C’est parti." in page
    assert agent.post(url("ticket_withdraw", talk.pk, ticket.pk)).status_code == 409
    auditor = browse(world.people[Role.AUDITOR], world.brand)
    assert auditor.post(url("ticket_open", talk.pk), typed).status_code == 403
