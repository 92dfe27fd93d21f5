"""A conversation asks something of a customer system: a ticket or a lead, which waits there; and what the system says of it."""

from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.community.models import Member
from clients.crm.access import access_ticket, be_alone
from clients.crm.models import Contact, System, Ticket, TimelineEntry
from clients.crm.queries import systems
from clients.crm.rules import LONGEST, THEIRS, TicketKind, TicketState, checked_words, next_state
from clients.crm.steps.applying import leave_traces
from clients.custody.access import access_conversation
from clients.custody.models import Conversation
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Missing
from tenants.walls.scope import durable


def open_ticket(
    actor: Actor, *, conversation_id: UUID, system_id: UUID, kind: str, title: str, text: str = ""
) -> Ticket:
    """It waits for the system to fetch it; whoever the conversation is with is offered as a contact, if they are not one yet.

    Raises Refused('not_allowed'), Missing('conversation' | 'system'), Invalid('unknown_kind' | 'words_missing' | 'too_long').
    """
    require(actor, Verb.CONVERSATION_HOLD)
    if kind not in set(TicketKind):
        raise Invalid("unknown_kind", "kind")
    head = checked_words(title, "title", LONGEST["title"])
    words = checked_words(text, "text", LONGEST["text"], needed=False)
    with durable(actor.brand):
        conversation = access_conversation(actor, conversation_id, lock=True)
        system = systems().filter(pk=system_id).first()
        if system is None:
            raise Missing("system")
        contact = _offered(system, conversation)
        ticket = Ticket.objects.create(
            system=system,
            conversation=conversation,
            contact=contact,
            kind=TicketKind(kind),
            title=head,
            text=words,
            info_class=conversation.info_class,
            named=conversation.named,
            owner_side=str(actor.side),
            by_person=actor.somebody,
            by_name=actor.name,
            side=str(actor.side),
        )
        _note(ticket)
        record(actor, "ticket.opened", ticket, kind=str(kind), system=str(system.pk), conversation=str(conversation.pk))
    return ticket


def withdraw_ticket(actor: Actor, *, ticket_id: UUID) -> Ticket:
    """Nobody has fetched it, and nobody shall. Raises Refused('not_allowed'), Missing('ticket'), Conflict('ticket_over')."""
    require(actor, Verb.CONVERSATION_HOLD)
    with durable(actor.brand):
        ticket = access_ticket(actor, ticket_id, lock=True)
        _move(ticket, TicketState.WITHDRAWN)
        record(actor, "ticket.withdrawn", ticket)
    return ticket


def tell_ticket(
    actor: Actor, *, ticket_id: UUID, state: str, external_id: str = "", said: str = "", version: int | None = None
) -> Ticket:
    """What the system made of it: its state, its number there, and its words. Shown on the conversation.

    The same again changes nothing. Raises Refused('not_allowed'), Missing('ticket'), Invalid('unknown_state' | 'too_long'),
    Conflict('ticket_over' | 'ticket_goes_not_there' | 'ticket_changed').
    """
    require(actor, Verb.CRM_WRITE)
    if state not in THEIRS:
        raise Invalid("unknown_state", "state")
    number = checked_words(external_id, "external_id", LONGEST["external"], needed=False)
    words = checked_words(said, "said", LONGEST["words"], needed=False)
    with durable(actor.brand):
        ticket = access_ticket(actor, ticket_id, lock=True)
        if version is not None and version != ticket.version:
            raise Conflict("ticket_changed")
        number, words = number or ticket.external_id, words or ticket.said
        if (ticket.state, ticket.external_id, ticket.said) == (state, number, words):
            return ticket
        ticket.external_id, ticket.said = number, words
        _move(ticket, TicketState(state))
        record(actor, "ticket.told", ticket, state=state)
    return ticket


def _move(ticket: Ticket, state: TicketState) -> None:
    if ticket.state != state:
        ticket.state = next_state(TicketState(ticket.state), state)
    ticket.version, ticket.changed_at = ticket.version + 1, timezone.now()
    ticket.save()


def _offered(system: System, conversation: Conversation) -> Contact | None:
    """The member as a contact of this system: known there, or offered to it."""
    if conversation.member is None or not Member.objects.filter(pk=conversation.member).exists():
        return None
    be_alone()
    contact: Contact
    contact, is_new = Contact.objects.get_or_create(system=system, member_id=conversation.member)
    if is_new:
        leave_traces(system, [contact])
    return contact


def _note(ticket: Ticket) -> None:
    if ticket.contact is not None:
        TimelineEntry.objects.create(
            system=ticket.system,
            contact=ticket.contact,
            here=True,
            ref=f"ticket:{ticket.pk}",
            kind="ticket",
            title=ticket.title,
            happened_at=ticket.at,
            info_class=ticket.info_class,
            named=ticket.named,
            owner_side=ticket.owner_side,
        )
