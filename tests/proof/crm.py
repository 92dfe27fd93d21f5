"""A customer system of the brand on loopback: contacts and leads go to it, contacts and an approval come from it.

Small: the client that the recipe shows. Full: Directus from npm as well, whose own flows speak with our door. Both take in whom a
conversation offers and claim them, fetch the lead, bring somebody new and change them, answer the lead, and approve an item that
the agency has submitted: it goes out, once. Everything passes by one key of the brand. The transcript is printed, and so are the
lines of the ledger and of the log that the run has left.
"""

import json
import sys
import time
from collections import Counter
from contextlib import nullcontext
from typing import Any, Protocol

from django.conf import settings
from django.db import connections

from clients.audit.models import Entry
from clients.community.actions import add_member
from clients.community.models import Member
from clients.community.rules import About
from clients.crm.actions import change_system, connect_system, open_ticket, set_fields
from clients.crm.models import Contact, System, Ticket
from clients.crm.rules import FieldRule, first_policy
from clients.disclosure.models import Disclosure
from clients.disclosure.rules import InfoClass
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.api.calls import Api, api_of
from tests.conftest import make_person
from tests.custody.conftest import begin
from tests.database import brand_with
from tests.proof._crm_client import GenericCrm
from tests.proof._crm_directus import DirectusCrm, until
from tests.proof._server import web_server
from tests.systems import directus
from tests.systems.directus_flows import Relais
from tests.world import World, make_world

MANY = 1_000


class Crm(Protocol):
    """What somebody who works in the customer system does."""

    name: str

    def take_contacts(self) -> int: ...
    def take_leads(self) -> int: ...
    def write_contact(self, name: str, email: str, number: str = "", claims: str = "") -> str: ...
    def answer_lead(self, state: str, answer: str) -> None: ...
    def take_approvals(self) -> int: ...
    def approve(self) -> None: ...


def run(scale: str) -> tuple[str, bool]:
    told = [_played("maison-a", real=False)]
    if scale == "full":
        told.append(_with_directus())
    return "; ".join(figures for figures, _ in told), all(holds for _, holds in told)


def _with_directus() -> tuple[str, bool]:
    directus.install()
    lacking = directus.available()
    return (f"Directus not run ({lacking})", False) if lacking else _played("maison-b", real=True)


def _played(slug: str, *, real: bool) -> tuple[str, bool]:
    world = make_world(brand_with(slug), make_person)
    api = api_of(world)
    system = _system(world, api)
    host = f"{slug}.{settings.HUB_HOST}"
    connections.close_all()
    with web_server(host) as port, directus.running() if real else nullcontext() as site:
        url = f"http://127.0.0.1:{port}"
        client = GenericCrm(url, host, api.secret)
        crm: Crm = DirectusCrm.begin(site, Relais(url, host, api.secret)) if site else client
        missed = _scene(world, system, crm)
        many = "" if real else _many(world, client)
    return _figures(world, crm, api, missed, many)


def _system(world: World, api: Api) -> System:
    """Name and address go both ways: the brand has said so."""
    system = connect_system(world.owner, name="Clients", brings="shared")
    system = change_system(
        world.owner, system_id=system.pk, name="Clients", kind="generic", key_id=api.key.pk, brings="shared",
        matching={"email": "ask", "handle": "ask"},
    )  # fmt: skip
    both = {one: FieldRule(one, inward=True, outward=True, info_class="shared", differs="theirs") for one in _BOTH}  # type: ignore[arg-type]
    return set_fields(world.owner, system_id=system.pk, policy=first_policy() | both)


_BOTH = ("name", "email", "phone")


def _scene(world: World, system: System, crm: Crm) -> list[str]:
    """What did not come true."""
    lea = add_member(world.owner, about=About("Léa Martin", email="lea@example.org"), info_class=InfoClass.SHARED)
    talk = begin(world, member=lea.pk, info_class=InfoClass.SHARED)
    ticket = open_ticket(
        world.cm, conversation_id=talk.pk, system_id=system.pk, kind="lead", title="A quote for forty cakes",
        text="For the third of December.",
    )  # fmt: skip
    item = world.submitted("Our cakes of December are here.")
    steps = _Steps(world, crm)
    steps.say("here", "a conversation opens a lead, which offers Léa Martin; the agency submits an item")
    steps.check(f"takes in {crm.take_contacts()} contact, and claims it under its own number",
                lambda: Contact.objects.exclude(external_id="").filter(member=lea.pk).count() == 1)  # fmt: skip
    steps.check(f"fetches {crm.take_leads()} lead", lambda: True)
    crm.answer_lead("accepted", "")
    steps.check("accepts the lead", lambda: Ticket.objects.get(pk=ticket.pk).state == "accepted")
    number = crm.write_contact("Bruno Petit", "bruno@example.org")
    steps.check("brings somebody new", lambda: Member.objects.filter(email="bruno@example.org").count() == 1)
    crm.write_contact("Bruno Petit", "b.petit@example.org", number)
    steps.check("changes their address", lambda: Member.objects.filter(email="b.petit@example.org").count() == 1)
    crm.answer_lead("answered", "The quote was sent on Monday.")
    steps.check("answers the lead; the words stand on the conversation",
                lambda: Ticket.objects.get(pk=ticket.pk).said.startswith("The quote"))  # fmt: skip
    steps.check(f"fetches {crm.take_approvals()} item that waits for the brand", lambda: True)
    crm.approve()
    steps.check("sends the brand's approval back", lambda: world.state_of(item) != "waiting")
    world.run_outbox()
    wall = world.on_the_wall()
    steps.check(f"{wall.count('Our cakes of December are here.')} post is out on the wall",
                lambda: wall == ["Our cakes of December are here."])  # fmt: skip
    return steps.missed


class _Steps:
    """The transcript."""

    def __init__(self, world: World, crm: Crm) -> None:
        self.world, self.crm, self.missed, self.began = world, crm, [], time.monotonic()
        self.missed: list[str] = []

    def say(self, who: str, what: str) -> None:
        sys.stderr.write(f"  {time.monotonic() - self.began:6.1f} s  {who}: {what}\n")

    def check(self, what: str, holds: Any) -> None:
        def asked() -> bool:
            with brand_scope(self.world.brand):
                return bool(holds())

        good = until(asked)
        self.say(self.crm.name, what + ("" if good else ": NOT SO"))
        if not good:
            self.missed.append(what)


def _many(world: World, client: GenericCrm) -> str:
    """A thousand rows in one request, three of them wrong: each has an answer of its own."""
    rows = [
        {"external_id": f"n{n}", "fields": {"name": f"Person {n}", "email": f"p{n}@example.org"}} for n in range(MANY)
    ]
    rows[10]["fields"] = {"name": "", "email": "x"}
    rows[20]["fields"] = {"colour": "red"}
    rows[30]["external_id"] = "n29"
    began = time.monotonic()
    outcomes = Counter(one["outcome"] for one in client.bring_many(rows))
    took = time.monotonic() - began
    assert outcomes == {"made": MANY - 3, "invalid": 3}, outcomes
    return f"{MANY} rows in one request in {took:.1f} s, {outcomes['made']} made and 3 refused by themselves"


def _figures(world: World, crm: Crm, api: Api, missed: list[str], many: str) -> tuple[str, bool]:
    with brand_scope(world.brand):
        ledger = list(Disclosure.objects.filter(way="api").order_by("at", "id"))
        by_key = [line for line in Entry.objects.order_by("seq") if line.facts.get("key") == str(api.key.pk)]
        for row in ledger:
            line = {"at": row.at.isoformat(timespec="seconds"), "what": row.object_kind, "count": row.count,
                    "class": row.info_class, "to": row.recipient_kind, "why": row.why}  # fmt: skip
            sys.stderr.write(f"  ledger  {json.dumps(line)}\n")
        verbs = Counter(line.verb for line in by_key)
    sys.stderr.write(f"  log     {json.dumps(dict(verbs))}\n")
    kinds = Counter(row.object_kind for row in ledger)
    wanted = {"crm.contact", "crm.ticket", "items.item"}
    good = not missed and wanted <= set(kinds) and verbs["ticket.told"] == 2
    good = good and all(line.person_id == world.people[Role.BRAND_OWNER].pk for line in by_key)
    words = f"{crm.name}: {'all came true' if not missed else 'missed: ' + ', '.join(missed)}; ledger {dict(kinds)}"
    return f"{words}, {len(by_key)} lines of the log name the key{'; ' + many if many else ''}", good
