"""Veto windows: until when the brand may still say no to what would go out by itself. The no itself is said at `approvals`."""

from api.inputs import Choice, Id, Maybe, Moment
from api.resource import ID, Field, Resource, Rows
from api.resources.filtering import DIGEST, NUMBER, equal
from clients.approvals.models import VetoWindow
from clients.autonomy.vocabulary import WindowState
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb


def rows(actor: Actor) -> Rows:
    """All of them: both sides see what waits for a no."""
    require(actor, Verb.ITEM_READ)
    return VetoWindow.objects.all()


RESOURCES = (
    Resource(
        name="veto-windows",
        kind="approvals.vetowindow",
        scope="items",
        missing="item",
        steady=True,
        rows=rows,
        order=("-id",),
        fields=(
            ID,
            Field("item", Id(), ("item_id",)),
            Field("digest", DIGEST, about="Of the content that would go out."),
            Field("state", Choice(WindowState)),
            Field("minutes", NUMBER, about="How long it is, in working time of the brand."),
            Field("asked_at", Moment()),
            Field("opened_at", Maybe(Moment()), about="When the notice had arrived."),
            Field("closes_at", Maybe(Moment())),
        ),
        etag=("state", "opened_at", "closes_at"),
        filters=(equal("item", Id(), "item_id"), equal("state", Choice(WindowState))),
        about="Time for a no, in the brand's working hours, from the delivery of the notice.",
    ),
)
