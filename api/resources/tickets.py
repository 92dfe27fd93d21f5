"""Tickets and leads that conversations ask of the brand's customer system: it reads its own, and says what became of each."""

from uuid import UUID

from api.inputs import Choice, Id, Input, Maybe, Moment, Text, Whole
from api.resource import ID, Act, Body, Field, Filter, Resource, Rows
from api.resources.contacts import here, of_system, owner, require_own
from clients.crm.actions import tell_ticket
from clients.crm.models import Ticket
from clients.crm.rules import LONGEST, THEIRS, TicketKind, TicketState
from clients.people.actor import Actor
from tenants.walls.scope import brand_scope


def rows(actor: Actor) -> Rows:
    return Ticket.objects.readable_by(actor).filter(system=here(actor))


def _tell(actor: Actor, of: UUID | None, body: Body) -> Ticket:
    assert of is not None
    with brand_scope(actor.brand, savepoint=False):
        require_own(Ticket, actor, of, "ticket")
    return tell_ticket(actor, ticket_id=of, **body)


STATES = tuple(str(one) for one in TicketState if one in THEIRS)
TELLS = (
    Input("state", Choice(STATES), required=True),
    Input("external_id", Text(LONGEST["external"]), default="", about="Its number in the system."),
    Input("said", Text(LONGEST["words"]), default="", about="Words for whoever holds the conversation."),
)
RESOURCES = (
    Resource(
        name="tickets",
        kind="crm.ticket",
        missing="ticket",
        rows=rows,
        own=of_system(Ticket),
        owner=owner,
        order=("-at", "-id"),
        class_column="info_class",
        etag=("version",),
        table=Ticket,
        fields=(
            ID,
            Field("kind", Choice(TicketKind), always=True),
            Field("state", Choice(TicketState), always=True),
            Field("title", Text(LONGEST["title"])),
            Field("text", Text(LONGEST["text"])),
            Field("contact", Maybe(Id()), ("contact_id",)),
            Field("conversation", Id(), ("conversation_id",)),
            Field("external_id", Text(LONGEST["external"])),
            Field("said", Text(LONGEST["words"])),
            Field("version", Whole()),
            Field("opened_by", Text(200), ("by_name",)),
            Field("opened_at", Moment(), ("at",)),
            Field("changed_at", Moment()),
        ),
        filters=(
            Filter("state", Choice(TicketState), lambda found, value: found.filter(state=value)),
            Filter("kind", Choice(TicketKind), lambda found, value: found.filter(kind=value)),
        ),
        acts=(
            Act("tell", _tell, "tickets:write", TELLS, about="What the system made of it; shown on the conversation."),
        ),
        about="What a conversation asks of the brand's customer system: a ticket, or a lead.",
    ),
)
