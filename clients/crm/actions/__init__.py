"""Systems and what passes between, contacts and organisations, tables, tickets, the timeline."""

from clients.crm.actions.contacts import bring_contacts, decide_clash, unlink_contact
from clients.crm.actions.imports import confirm_contacts, empty_imports, read_contacts, undo_contacts
from clients.crm.actions.organisations import bring_organisations
from clients.crm.actions.systems import change_system, connect_system, end_system, set_fields
from clients.crm.actions.tickets import open_ticket, tell_ticket, withdraw_ticket
from clients.crm.actions.timeline import bring_timeline, note_talks

__all__ = [
    "bring_contacts",
    "bring_organisations",
    "bring_timeline",
    "change_system",
    "confirm_contacts",
    "connect_system",
    "decide_clash",
    "empty_imports",
    "end_system",
    "note_talks",
    "open_ticket",
    "read_contacts",
    "set_fields",
    "tell_ticket",
    "undo_contacts",
    "unlink_contact",
    "withdraw_ticket",
]
