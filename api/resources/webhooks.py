"""Webhooks as a program sees them: which receivers there are and how they do, each event, telling again, a test, a pause.

A receiver is made, changed and given another secret by people of the brand, who prove who they are: no key can. Addresses and
secrets are told to nobody.
"""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce

from api import registry
from api.fields import Picked
from api.inputs import Choice, Id, Input, Maybe, Moment, Text, Whole
from api.resource import ID, Act, Body, Field, Filter, Resource, Rows
from api.resources.filtering import NUMBER, WORDS, equal, listed, since, until
from clients.changes.registry import resources as all_resources
from clients.disclosure.rules import InfoClass, classes_open_to
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from clients.webhooks.actions import (
    end_subscription,
    pause_subscription,
    replay_delivery,
    replay_span,
    resume_subscription,
    send_test_event,
)
from clients.webhooks.models import Attempt, Delivery, Subscription
from clients.webhooks.registry import renders
from clients.webhooks.rules import DeliveryState, SubscriptionState
from clients.webhooks.telling import model_of

WRITE = "webhooks:write"


def rows(actor: Actor) -> Rows:
    """All of the brand's, ended ones too."""
    require(actor, Verb.WEBHOOK_READ)
    return Subscription.objects.all()


def deliveries(actor: Actor) -> Rows:
    """Of all receivers."""
    require(actor, Verb.WEBHOOK_READ)
    return Delivery.objects.all()


def tries(actor: Actor) -> Rows:
    """Each try with its bytes, as strictly as what it tells of is kept by now."""
    require(actor, Verb.WEBHOOK_READ)
    open_to = sorted(str(one) for one in classes_open_to(actor.side, actor.role))
    return Attempt.objects.annotate(told_class=_class_now()).filter(told_class__in=open_to)


def _class_now() -> Coalesce:
    """The class of a delivery's object. What is no more, or has none, was shared at most: nothing stricter leaves this way."""
    classed = [
        (name, model, model.class_at) for name in all_resources() if hasattr(model := model_of(name), "class_at")
    ]
    cases = [
        When(
            delivery__resource=name,
            then=Subquery(model.objects.filter(pk=OuterRef("delivery__object_id")).values(f"{at}info_class")[:1]),
        )
        for name, model, at in classed
    ]
    return Coalesce(Case(*cases), Value(str(InfoClass.SHARED)), output_field=CharField())


def _test(actor: Actor, of: UUID | None, body: Body) -> UUID | None:
    assert of is not None
    send_test_event(actor, subscription_id=of)
    return of


def _replay(actor: Actor, of: UUID | None, body: Body) -> UUID | None:
    assert of is not None
    replay_span(actor, subscription_id=of, since=body["since"], until=body["until"])
    return of


def _pause(actor: Actor, of: UUID | None, body: Body) -> Subscription:
    assert of is not None
    return pause_subscription(actor, subscription_id=of)


def _resume(actor: Actor, of: UUID | None, body: Body) -> Subscription:
    assert of is not None
    return resume_subscription(actor, subscription_id=of)


def _end(actor: Actor, of: UUID | None, body: Body) -> Subscription:
    assert of is not None
    return end_subscription(actor, subscription_id=of)


def _again(actor: Actor, of: UUID | None, body: Body) -> Delivery:
    assert of is not None
    return replay_delivery(actor, subscription_id=body["webhook"], delivery_id=of)


RESOURCES = (
    Resource(
        name="webhooks",
        kind="webhooks.subscription",
        missing="webhook",
        rows=rows,
        order=("-created_at", "-id"),
        etag=("id", "state", "state_since", "name"),
        table=Subscription,
        fields=(
            ID,
            Field("name", WORDS),
            Field("host", WORDS, about="All of the address that is told."),
            Field("resources", listed(WORDS)),
            Field("state", Choice(SubscriptionState)),
            Field("paused_why", WORDS),
            Field("state_since", Moment()),
            Field("created_at", Moment()),
        ),
        filters=(equal("state", Choice(SubscriptionState)),),
        acts=(
            Act("test", _test, WRITE, about="Send an event about nothing."),
            Act(
                "replay",
                _replay,
                WRITE,
                (Input("since", Moment(), required=True), Input("until", Maybe(Moment()), default=None)),
                about="Tell all events of a span of time once more, under the ids they had.",
            ),
            Act("pause", _pause, WRITE, about="Nothing is told and nothing is lost."),
            Act("resume", _resume, WRITE, about="Go on where it stopped."),
            Act("end", _end, WRITE, about="For good: its address and secrets are erased."),
        ),
        about="Systems that are told of changes.",
    ),
    Resource(
        name="webhook-deliveries",
        kind="webhooks.delivery",
        missing="delivery",
        scope="webhooks",
        rows=deliveries,
        order=("-created_at", "-id"),
        fields=(
            ID,
            Field("webhook", Id(), ("subscription_id",)),
            Field("number", NUMBER),
            Field("event", WORDS),
            Field("object", Maybe(Id()), ("object_id",)),
            Field("state", Choice(DeliveryState)),
            Field("tries", NUMBER),
            Field("status", NUMBER, about="The receiver's last answer; 0 for none."),
            Field("error", WORDS),
            Field("at", Moment(), about="When it changed."),
            Field("due_at", Moment()),
            Field("ended_at", Maybe(Moment())),
        ),
        filters=(
            equal("webhook", Id(), "subscription"),
            equal("state", Choice(DeliveryState)),
            Filter("event", Text(40), lambda found, value: found.filter(event=value)),
            since("at"),
            until("at"),
        ),
        acts=(Act("replay", _again, WRITE, (Input("webhook", Id()),), about="Tell this event once more."),),
        about="Events for receivers: what was told, what waits, what failed.",
    ),
    Resource(
        name="webhook-tries",
        kind="webhooks.attempt",
        missing="delivery",
        scope="webhooks",
        rows=tries,
        order=("-at", "-id"),
        class_column="told_class",
        fields=(
            ID,
            Field("delivery", Id(), ("delivery_id",), always=True),
            Field("number", NUMBER, about="The first try is 1; sent again, it goes on counting."),
            Field("at", Moment()),
            Field("took_ms", NUMBER),
            Field("status", NUMBER, about="What the receiver answered; 0 for nothing."),
            Field("error", WORDS),
            Field("body", WORDS, about="The bytes that were sent and signed."),
            Field("answer", WORDS, about="The beginning of what came back."),
        ),
        filters=(
            equal("delivery", Id(), "delivery_id"),
            Filter("webhook", Id(), lambda found, value: found.filter(delivery__subscription=value), of=("delivery",)),
            equal("status", Whole(0, 999)),
            since("at"),
            until("at"),
        ),
        about="Each try to tell an event: what was sent and what came back, for a month, while its object may be read.",
    ),
)


def _render(name: str, object_id: UUID, named: frozenset[str]) -> dict[str, Any] | None:
    """What a reading of the API would tell, as a receiver with a policy is told it."""
    resource = registry.resources().get(name)
    if resource is None:
        return None
    chosen = tuple(one for one in resource.fields if one.name in named)
    columns = tuple(path for one in chosen for path in one.paths)
    if not columns:
        return None
    pick = Picked(chosen, columns, len(columns), None)
    found = model_of(name).objects.filter(pk=object_id)
    row = (resource.annotated(found) if resource.annotated else found).values_list(*columns).first()
    return pick.drawn(row) if row else None


def register() -> None:
    """Every process that may deliver knows how content is drawn: called once when it starts."""
    for name in all_resources():
        renders(name)(partial(_render, name))
