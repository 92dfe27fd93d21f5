"""The doors: one system, one contact, one thing that waits for a person, one table, one ticket. Refused equals absent."""

from uuid import UUID

from django.db import connection

from clients.crm.models import Clash, Contact, ContactImport, System, Ticket
from clients.crm.queries import contacts, systems, tickets
from clients.disclosure.access import require_readable
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Missing

_ALONE = "SELECT pg_advisory_xact_lock(hashtext(current_schema() || ':crm'))"


def access_system(actor: Actor, system_id: UUID, *, lock: bool = False) -> System:
    """One that is in use. Missing('system') otherwise."""
    require(actor, Verb.CRM_SET if lock else Verb.CRM_READ)
    rows = systems().select_for_update() if lock else systems()
    found = rows.filter(pk=system_id).first()
    if found is None:
        raise Missing("system")
    return found


def system_to_bring(actor: Actor, system_id: UUID, *, alone: bool = True) -> System:
    """One that brings something now. In the open transaction nobody else in the brand brings anything: two rows of one address
    that come at once must see one another. Missing('system')."""
    require(actor, Verb.CRM_WRITE)
    if alone:
        be_alone()
    found = systems().filter(pk=system_id).first()
    if found is None:
        raise Missing("system")
    return found


def be_alone() -> None:
    """Until the transaction ends nobody else makes, takes or decides about contacts of this brand.

    INVARIANT: it is asked for before the row of any contact, clash or member is locked, so nobody waits for one who waits.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ALONE)


def access_contact(actor: Actor, contact_id: UUID) -> Contact:
    """One whose member `actor` may read. Missing('contact') otherwise."""
    require(actor, Verb.CRM_READ)
    found = contacts(actor).filter(pk=contact_id).first()
    if found is None:
        raise Missing("contact")
    return found


def access_clash(actor: Actor, clash_id: UUID, *, lock: bool = False) -> Clash:
    """What waits for a person, or did. Missing('clash') otherwise."""
    require(actor, Verb.CRM_WRITE if lock else Verb.CRM_READ)
    rows = Clash.objects.select_for_update(of=("self",)) if lock else Clash.objects
    return require_readable(actor, rows.select_related("system").filter(pk=clash_id).first(), "clash")


def access_contact_import(actor: Actor, import_id: UUID, *, lock: bool = False) -> ContactImport:
    """One table. Missing('import') otherwise."""
    require(actor, Verb.CRM_SET)
    rows = ContactImport.objects.select_for_update(of=("self",)) if lock else ContactImport.objects
    found: ContactImport | None = rows.select_related("system").filter(pk=import_id).first()
    if found is None:
        raise Missing("import")
    return found


def access_ticket(actor: Actor, ticket_id: UUID, *, lock: bool = False) -> Ticket:
    """One that `actor` may read. Missing('ticket') otherwise."""
    require(actor, Verb.CONVERSATION_READ)
    rows = tickets(actor)
    found = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=ticket_id).first()
    if found is None:
        raise Missing("ticket")
    return found
