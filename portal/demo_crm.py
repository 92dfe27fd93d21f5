"""For the demonstration: the bakery's customer system, with somebody who may be two, and a lead that was answered there."""

from collections.abc import Mapping
from uuid import UUID

from clients.crm.actions import bring_contacts, change_system, connect_system, open_ticket, set_fields, tell_ticket
from clients.crm.reading import Said, read_row
from clients.crm.rules import CONSENT, OWN, FieldRule, first_policy
from clients.custody.models import Conversation
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope

BOUGHT = (
    ("1042", {"nom": "Odile Garnier", "courriel": "odile.garnier@clients.example", "lettre": "oui", "fidelite": "or"}),
    ("1043", {"nom": "Bastien Leroy", "courriel": "bastien@clients.example", "lettre": "non", "fidelite": ""}),
)


def make_crm(actors: Mapping[Role, Actor]) -> None:
    """For one brand that has just been made."""
    owner = actors[Role.BRAND_OWNER]
    system = connect_system(owner, name="Fichier de la boutique", brings=InfoClass.SHARED)
    change_system(
        owner, system_id=system.pk, name=system.name, kind="directus", key_id=None, brings=InfoClass.SHARED,
        matching={"email": "link", "handle": "ask"},
    )  # fmt: skip
    policy = first_policy() | {
        "name": FieldRule("nom", inward=True, outward=True, info_class=InfoClass.SHARED),
        "email": FieldRule("courriel", inward=True, outward=True, info_class=InfoClass.SHARED),
        f"{CONSENT}letter": FieldRule("lettre", inward=True, outward=True, info_class=InfoClass.SHARED),
        f"{OWN}loyalty": FieldRule("fidelite", inward=True, outward=False, info_class=InfoClass.BRAND),
    }
    set_fields(owner, system_id=system.pk, policy=policy)
    said: list[Said] = [read_row(policy, row, number) for number, row in BOUGHT]
    bring_contacts(owner, system_id=system.pk, rows=said)
    twice = read_row(policy, {"nom": "O. Garnier", "courriel": "odile.garnier@clients.example"}, "2207")
    bring_contacts(owner, system_id=system.pk, rows=[twice])
    _ask(actors, system.pk)


def _ask(actors: Mapping[Role, Actor], system_id: UUID) -> None:
    agent, owner = actors[Role.COMMUNITY_MANAGER], actors[Role.BRAND_OWNER]
    with brand_scope(owner.brand):
        talk = Conversation.objects.readable_by(agent).exclude(state="closed").order_by("opened_at").first()
    if talk is None:
        return
    ticket = open_ticket(
        agent, conversation_id=talk.pk, system_id=system_id, kind="lead",
        title="Devis pour quarante bûches", text="Pour le 23 décembre, livrées.",
    )  # fmt: skip
    tell_ticket(owner, ticket_id=ticket.pk, state="answered", external_id="D-311", said="Devis envoyé ce matin.")
