"""Approvals: what waits for the brand's word, and the word. Said by a person of the brand through a key, never by the key."""

from typing import Any
from uuid import UUID

from api.inputs import Choice, Input, Maybe, Moment, Text
from api.resource import Act, Body, Field, Filter, Resource
from api.resources.items import FIELDS as OF_ITEM
from api.resources.items import SEEN, readable
from clients.gate.actions import approve_item, ask_change, refuse_item, veto_item
from clients.items.life import ItemState
from clients.items.models import Item
from clients.people.actor import Actor

SCOPE = "items:approve"
COMMENT = Input("comment", Text(5_000), default="")
WAITING = (ItemState.WAITING, ItemState.IN_VETO)


def _approve(actor: Actor, of: UUID | None, body: Body) -> Any:
    return approve_item(actor, item_id=of, seen_digest=body["digest"], comment=body["comment"])  # type: ignore[arg-type]


def _refuse(actor: Actor, of: UUID | None, body: Body) -> Any:
    return refuse_item(actor, item_id=of, seen_digest=body["digest"], comment=body["comment"])  # type: ignore[arg-type]


def _ask_change(actor: Actor, of: UUID | None, body: Body) -> Any:
    return ask_change(actor, item_id=of, seen_digest=body["digest"], comment=body["comment"])  # type: ignore[arg-type]


def _veto(actor: Actor, of: UUID | None, body: Body) -> Any:
    return veto_item(actor, item_id=of, seen_digest=body["digest"], comment=body["comment"])  # type: ignore[arg-type]


RESOURCES = (
    Resource(
        name="approvals",
        kind="items.item",
        steady=True,
        scope="items",
        missing="item",
        rows=readable,
        fields=(*OF_ITEM, Field("decide_by", Maybe(Moment()))),
        etag=("version__digest", "state", "state_since"),
        table=Item,
        filters=(Filter("state", Choice(tuple(map(str, WAITING))), lambda rows, value: rows.filter(state=value)),),
        listing=lambda rows: rows.filter(state__in=WAITING),
        acts=(
            Act("approve", _approve, SCOPE, (SEEN, COMMENT), bulk=True, about="Yes to exactly this content."),
            Act("refuse", _refuse, SCOPE, (SEEN, COMMENT), bulk=True, about="No, however the same content comes back."),
            Act(
                "ask-change",
                _ask_change,
                SCOPE,
                (SEEN, Input("comment", Text(5_000, least=1), required=True)),
                about="Back to its author, with what is to be changed.",
            ),
            Act(
                "veto",
                _veto,
                SCOPE,
                (Input("digest", SEEN.type, default=""), COMMENT),
                about="No to what would go out by itself, whatever it holds now.",
            ),
        ),
        about="Items that wait for the brand's word. Each id is the item's own.",
    ),
)
