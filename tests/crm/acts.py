"""What each action of customer systems is given, where the line of each in the log is looked at: given, who may, who may not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clients.crm.actions import confirm_contacts, open_ticket, read_contacts
from clients.crm.actions.organisations import SaidOrganisation
from clients.crm.actions.timeline import SaidEntry
from clients.crm.models import Clash, Contact
from clients.crm.rules import first_policy
from clients.disclosure.rules import InfoClass
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.crm.conftest import bring, connected, member, said
from tests.custody.conftest import begin
from tests.world import World

WORDS = "Un texte que le journal ne doit jamais contenir"
OWNER, CM, AUDITOR = Role.BRAND_OWNER, Role.COMMUNITY_MANAGER, Role.AUDITOR
Given = dict[str, Any]


def system(world: World) -> Given:
    return {"system_id": connected(world).pk}


def linked(world: World) -> Given:
    one = connected(world)
    bring(world, one, said(one, "1", name=WORDS))
    with brand_scope(world.brand):
        return {"contact_id": Contact.objects.get().pk}


def asked(world: World) -> Given:
    lea, one = member(world, email="lea@example.org"), connected(world)
    bring(world, one, said(one, "1", name=WORDS, email="lea@example.org"))
    with brand_scope(world.brand):
        return {"clash_id": Clash.objects.get().pk, "way": "link", "member_id": lea.pk}


def table(world: World) -> Given:
    data = f"external_id;name\n1;{WORDS}\n".encode()
    return {"import_id": read_contacts(world.owner, system_id=connected(world).pk, data=data, name="t.csv").pk}


def written(world: World) -> Given:
    one = table(world)
    confirm_contacts(world.owner, **one)
    return one


def to_ask(world: World) -> Given:
    talk = begin(world, info_class=InfoClass.SHARED)
    return {"conversation_id": talk.pk, **system(world), "kind": "lead", "title": WORDS, "text": WORDS}


def ticket(world: World) -> Given:
    return {"ticket_id": open_ticket(world.cm, **to_ask(world)).pk}


def happened(world: World) -> Given:
    one = connected(world)
    bring(world, one, said(one, "1", name="Léa"))
    row = SaidEntry("1", "v", "visit", WORDS, timezone.now() - timedelta(days=1))
    return {"system_id": one.pk, "rows": [row]}


def named(world: World) -> Given:
    kept = {"name": "Autre", "kind": "generic", "key_id": None, "brings": "shared"}
    return system(world) | kept | {"matching": {"email": "ask", "handle": "new"}}


def rows(world: World) -> Given:
    one = connected(world)
    return {"system_id": one.pk, "rows": [said(one, "1", name=WORDS)]}


GIVEN: dict[str, tuple[Callable[[World], Given], Role, Role]] = {
    "connect_system": (lambda w: {"name": "Clients"}, OWNER, CM),
    "change_system": (named, OWNER, CM),
    "set_fields": (lambda w: system(w) | {"policy": first_policy()}, OWNER, CM),
    "end_system": (system, OWNER, CM),
    "bring_contacts": (rows, OWNER, CM),
    "unlink_contact": (linked, OWNER, CM),
    "decide_clash": (asked, OWNER, CM),
    "bring_organisations": (lambda w: system(w) | {"rows": [SaidOrganisation("1", WORDS)]}, OWNER, CM),
    "bring_timeline": (happened, OWNER, CM),
    "read_contacts": (lambda w: system(w) | {"data": b"external_id;name\n1;A\n", "name": "t.csv"}, OWNER, CM),
    "confirm_contacts": (table, OWNER, CM),
    "undo_contacts": (written, OWNER, CM),
    "open_ticket": (to_ask, CM, AUDITOR),
    "withdraw_ticket": (ticket, CM, AUDITOR),
    "tell_ticket": (lambda w: ticket(w) | {"state": "accepted", "said": WORDS}, OWNER, CM),
}
BY_THE_HOUSE = {"empty_imports", "note_talks"}
