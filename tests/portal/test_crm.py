"""The pages of customer systems: fields that pass, a dry run, a table with its undo, questions, tickets, a member's systems."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from clients.crm.actions import tell_ticket
from clients.crm.models import Clash, Contact, ContactImport, System, Ticket
from clients.crm.rules import FieldRule, policy_of
from clients.disclosure.rules import InfoClass
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.crm.conftest import bring, connected, counts, inward, member, said
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


def line(page: str, name: str) -> str:
    """What one line of the fields says before it is opened, as plain words."""
    found = re.search(rf'data-field="{name}"[^>]*><summary>(.*?)</summary>', page, re.DOTALL)
    assert found, name
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).split())


def test_each_field_is_one_line_as_people_read_it(world: World, owner: Client) -> None:
    with brand_scope(world.brand):
        system = System.objects.create(
            name="Clients",
            kind="generic",
            made_by=world.owner.person_id,
            fields={
                "name": inward("nom").plain(),
                "email": inward("courriel", outward=True).plain(),
                "consent:letter": FieldRule("lettre", False, True, "shared").plain(),
                "own:size": FieldRule("taille", True, True, "brand").plain(),
                "own:shoe": FieldRule("pointure", True, True, "shared").plain(),
            },
        )
    page = read(owner, "crm_system", system.pk)
    assert line(page, "name") == "Name · nom · comes in"
    assert line(page, "email") == ("E-mail · courriel · comes in and goes out · for example courriel: lea@example.org")
    assert line(page, "consent:letter") == "Consent: letter · lettre · goes out · for example lettre: given"
    assert line(page, "own:size").endswith("comes in and goes out · kept by the brand alone: nothing comes out")
    assert line(page, "own:shoe").endswith("for example pointure: 42")
    assert line(page, "phone") == "Telephone · does not pass"


@pytest.mark.parametrize(
    ("wrong", "at", "words"),
    [
        ({"theirs-1": ""}, 1, "Please say what the system calls each field"),
        ({"theirs-1": "nom"}, 1, "the same name in the system: “nom”"),
        ({"in-0": ""}, 0, "The name has to come in"),
        ({"theirs-0": "", "in-0": ""}, 0, "The name has to come in"),
        ({"ours": ["name", "email", "Consent letter"]}, 2, "“Consent letter” is no field of ours"),
        ({"ours": ["name", "email", "email"]}, 2, "Another line above decides about “email”"),
        ({"ours": ["name", "email", ""]}, 2, "Please say what the field is called here"),
        ({"theirs-2": ""}, 2, "Please say what the system calls each field"),
    ],
)
def test_a_line_that_is_wrong_says_so_and_nothing_is_lost(
    world: World, owner: Client, wrong: dict[str, Any], at: int, words: str
) -> None:
    system = connected(world)
    typed = {
        "ours": ["name", "email", "consent:letter"], "new-2": "yes",
        "theirs-0": "nom", "in-0": "yes", "class-0": "shared", "differs-0": "theirs",
        "theirs-1": "mail", "in-1": "yes", "class-1": "brand", "differs-1": "ours",
        "theirs-2": "lettre", "in-2": "yes", "class-2": "shared", "differs-2": "ask",
    } | wrong  # fmt: skip
    answer = owner.post(url("crm_fields", system.pk), typed)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    (place,) = re.findall(r'<p class="field-error" id="line-(\d+)">', page)
    assert int(place) == at
    assert words in page.split(f'id="line-{at}">')[1].split("</p>")[0]
    for name in ("theirs-0", "theirs-1", "theirs-2"):
        assert re.search(rf'name="{name}"[^>]* value="{typed[name]}"', page), name
    assert f'value="{typed["ours"][2]}"' in page
    assert re.search(r'id="class-1".*?<option value="brand" selected', page, re.DOTALL)
    assert re.search(r'id="differs-1".*?<option value="ours" selected', page, re.DOTALL)
    with brand_scope(world.brand):
        assert "nom" not in {rule.theirs for rule in policy_of(System.objects.get().fields).values()}
    assert owner.post(url("crm_fields", system.pk), typed | RIGHT).status_code == 303
    with brand_scope(world.brand):
        kept = policy_of(System.objects.get().fields)
    assert {name: rule.theirs for name, rule in kept.items()} == {
        "name": "nom", "email": "mail", "consent:letter": "lettre",
    }  # fmt: skip


RIGHT = {
    "ours": ["name", "email", "consent:letter"], "theirs-0": "nom", "in-0": "yes", "theirs-1": "mail", "theirs-2": "lettre",
}  # fmt: skip


def test_what_is_linked_already_is_not_new_again(world: World, owner: Client) -> None:
    """Neither in the next rehearsal, nor in the account of what was written."""
    system = connected(world, consent__letter=inward("letter"))
    data = b"external_id;name;email;letter\n1;Anne;anne@example.org;yes\n2;Bruno;;no\n"
    for _again in range(2):
        file = SimpleUploadedFile("clients.csv", data, "text/csv")
        owner.post(url("crm_import", system.pk), {"file": file})
    with brand_scope(world.brand):
        first, second = ContactImport.objects.order_by("created_at", "pk")
    rehearsed = [read(owner, "crm_table", one.pk).count("would be new") for one in (first, second)]
    assert rehearsed == [2, 2]
    assert owner.post(url("crm_table_write", first.pk)).status_code == 303
    written, rehearsed_again = read(owner, "crm_table", first.pk), read(owner, "crm_table", second.pk)
    assert "came in new" in written and "would" not in written.split("<main")[1].split("<footer")[0]
    assert "would be new" not in rehearsed_again and rehearsed_again.count("nothing new") == 2
    tried = owner.post(url("crm_try", system.pk), {"sample": data.decode()}).content.decode()
    assert "would be new" not in tried and tried.count("nothing new") == 2


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
