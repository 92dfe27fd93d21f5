"""Holds: the brand's brake. A key pulls it; lifting it wants a fresh proof of who one is, which no key has."""

from uuid import UUID

from api.inputs import Choice, Flag, Input, Maybe, Moment, Text
from api.resource import ID, Act, Body, Field, Filter, Resource, Rows
from clients.approvals.models import Hold
from clients.approvals.words import HoldScope
from clients.gate.actions import resume, stop
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb


def readable(actor: Actor) -> Rows:
    require(actor, Verb.ITEM_READ)
    return Hold.objects.all()


def _stop(actor: Actor, _of: UUID | None, body: Body) -> Hold:
    return stop(actor, scope=body["scope"], value=body["value"], reason=body["reason"])


def _resume(actor: Actor, of: UUID | None, body: Body) -> Hold:
    return resume(actor, hold_id=of)  # type: ignore[arg-type]


RESOURCES = (
    Resource(
        name="holds",
        kind="approvals.hold",
        steady=True,
        missing="hold",
        rows=readable,
        fields=(
            ID,
            Field("scope", Choice(HoldScope)),
            Field("value", Text(64)),
            Field("reason", Text(500)),
            Field("placed_by", Text(200), ("placed_by_name",)),
            Field("placed_at", Moment()),
            Field("lifted_by", Text(200), ("lifted_by_name",)),
            Field("lifted_at", Maybe(Moment())),
        ),
        order=("-placed_at", "-id"),
        etag=("id", "lifted_at"),
        table=Hold,
        filters=(
            Filter("in_force", Flag(), lambda rows, value: rows.filter(lifted_at__isnull=value), of=("lifted_at",)),
            Filter("scope", Choice(HoldScope), lambda rows, value: rows.filter(scope=value)),
        ),
        create=Act(
            "stop",
            _stop,
            "holds:write",
            (
                Input("scope", Choice(HoldScope), default=HoldScope.ALL),
                Input("value", Text(64), default="", about="The id of a channel, person or item, or a kind of act."),
                Input("reason", Text(500), default=""),
            ),
            status=201,
            about="Stop: when this answers, nothing in its scope leaves any more.",
        ),
        acts=(
            Act(
                "resume",
                _resume,
                "holds:write",
                about="Refused to every key: a person of the brand proves who they are first.",
            ),
        ),
        about="What the brand has stopped.",
    ),
)
