"""What happened with contacts: there, as the brand's customer system tells it; and here, for it to read."""

from uuid import UUID

from api.inputs import Flag, Id, Input, Moment, Text
from api.resource import ID, Act, Body, Field, Filter, Resource, Rows
from api.resources.contacts import EXTERNAL, WRITE, here, of_system, owner, required_system
from clients.crm.actions import bring_timeline
from clients.crm.actions.timeline import SaidEntry
from clients.crm.models import TimelineEntry
from clients.crm.rules import LONGEST
from clients.people.actor import Actor
from tenants.errors import Invalid


def rows(actor: Actor) -> Rows:
    return TimelineEntry.objects.readable_by(actor).filter(system=here(actor))


def _tell(actor: Actor, of: UUID | None, body: Body) -> TimelineEntry:
    system = required_system(actor)
    (told,) = bring_timeline(actor, system_id=system.pk, rows=[SaidEntry(**body)])
    if told.entry is None:
        raise Invalid(told.code, told.field, most=0)
    return told.entry


def _said(made: TimelineEntry, body: Body) -> Body:
    """What the system told itself; `contact` is ours of whom it named by its own id."""
    return body | {"contact": str(made.contact_id), "here": False}


TELLS = (
    Input("contact", EXTERNAL, required=True, about="The system's own id of whom it was with."),
    Input("ref", EXTERNAL, required=True, about="The system's own id of what happened: told again, it is told anew."),
    Input("kind", Text(LONGEST["kind"], 1), required=True, about="A word: visit, purchase, call."),
    Input("title", Text(LONGEST["title"], 1), required=True),
    Input("happened_at", Moment(), required=True),
    Input("text", Text(LONGEST["text"]), default=""),
)
RESOURCES = (
    Resource(
        name="timeline",
        kind="crm.timelineentry",
        scope="contacts",
        missing="entry",
        rows=rows,
        own=of_system(TimelineEntry),
        owner=owner,
        order=("-at", "-id"),
        class_column="info_class",
        fields=(
            ID,
            Field("contact", Id(), ("contact_id",), always=True),
            Field("here", Flag(), always=True, about="Whether it happened here; otherwise the system told it."),
            Field("ref", Text(LONGEST["external"])),
            Field("kind", Text(LONGEST["kind"])),
            Field("title", Text(LONGEST["title"])),
            Field("text", Text(LONGEST["text"])),
            Field("happened_at", Moment()),
        ),
        filters=(
            Filter("contact", Id(), lambda found, value: found.filter(contact=value)),
            Filter("here", Flag(), lambda found, value: found.filter(here=value)),
        ),
        create=Act("tell", _tell, WRITE, TELLS, status=201, bulk=True, said=_said),
        about="What happened with contacts of the brand's customer system, there and here.",
    ),
)
