"""What the stage of the route matrix has of customer systems: one, a question, two tables, a linked member, a ticket."""

from clients.community.actions import add_member
from clients.community.rules import About
from clients.crm.actions import bring_contacts, confirm_contacts, connect_system, open_ticket, read_contacts
from clients.crm.models import Clash
from clients.crm.reading import Said
from clients.disclosure.rules import InfoClass
from tenants.walls.scope import brand_scope
from tests.custody.conftest import begin
from tests.world import World


def of_customers(world: World, word: str) -> dict[str, str]:
    """One of each, as ids."""
    system = connect_system(world.owner, name=f"Clients {word}", brings="shared")
    email = f"{word.lower()}@clients.example"
    add_member(world.owner, about=About(f"Connue {word}", email=email), info_class=InfoClass.SHARED)
    said = [Said("1", {"name": f"Connue {word}", "email": email}), Said("2", {"name": f"Nouvelle {word}"})]
    _asked, made = bring_contacts(world.owner, system_id=system.pk, rows=said)
    assert made.contact is not None
    tables = [
        read_contacts(
            world.owner, system_id=system.pk, data=f"external_id;name\n{n};Ligne {word}\n".encode(), name=f"{word}.csv"
        )
        for n in (3, 4)
    ]
    confirm_contacts(world.owner, import_id=tables[1].pk)
    talk = begin(world, info_class=InfoClass.SHARED, title=f"Demande {word}")
    ticket = open_ticket(world.owner, conversation_id=talk.pk, system_id=system.pk, kind="lead", title=f"Devis {word}")
    with brand_scope(world.brand):
        clash = Clash.objects.get(decided_at=None)
    found = {
        "system_id": system.pk, "clash_id": clash.pk, "table_to_write": tables[0].pk, "table_written": tables[1].pk,
        "linked_contact": made.contact.pk, "linked_member": made.contact.member_id,
        "asked_conversation": talk.pk, "ticket_id": ticket.pk,
    }  # fmt: skip
    return {name: str(value) for name, value in found.items()}
