"""Items: written, brought to the gate and taken back, as on their pages."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from api.inputs import Anything, Choice, Id, Input, ListOf, MapOf, Maybe, Moment, Shape, Text, Whole
from api.resource import ID, Act, Body, Field, Filter, Resource, Rows
from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.gate.actions import submit_item, withdraw_item
from clients.items.access import access_item
from clients.items.actions import create_item, edit_item
from clients.items.content import Content, MediaRef
from clients.items.life import ItemState
from clients.items.models import Item
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.walls.scope import brand_scope

DIGEST = Text(most=64, least=64)
SEEN = Input("digest", DIGEST, required=True, about="The digest of the content that was read.")
MEDIA = ListOf(Shape((Input("digest", DIGEST, required=True), Input("alt", Text(2_000), default=""))), most=20)
CONTENT = (
    Input("kind", Choice(ActionKind), required=True),
    Input("channels", ListOf(Id(), most=20), required=True),
    Input("text", Text(), required=True),
    Input("sensitivity", Choice(Sensitivity), default=Sensitivity.ROUTINE),
    Input("title", Text(200), default=""),
    Input("link", Text(2_000), default=""),
    Input("topic", Text(200), default=""),
    Input("recipient", Text(500), default=""),
    Input("target", Text(2_000), default=""),
    Input("variants", MapOf(Text(), most=20), default={}),
    Input("media", MEDIA, default=[]),
    Input("not_before", Maybe(Moment())),
    Input("not_after", Maybe(Moment())),
    Input("parts", ListOf(Text(), most=30), default=[]),
    Input("first_comment", Text(), default=""),
)


def readable(actor: Actor) -> Rows:
    require(actor, Verb.ITEM_READ)
    return Item.objects.all()


def values_of(body: Body) -> dict[str, Any]:
    """What was sent, as values of `Content`."""
    read: dict[str, Callable[[Any], Any]] = {
        "kind": ActionKind,
        "sensitivity": Sensitivity,
        "channels": lambda ids: tuple(map(str, ids)),
        "media": lambda refs: tuple(MediaRef(one["digest"], one["alt"]) for one in refs),
        "parts": tuple,
    }
    return {name: read.get(name, lambda value: value)(value) for name, value in body.items() if name != "note"}


def _create(actor: Actor, _of: UUID | None, body: Body) -> Item:
    return create_item(actor, content=Content(**values_of(body)), note=body["note"])


def _update(actor: Actor, of: UUID | None, body: Body) -> UUID | None:
    """If-Match said which state was read, so what it holds now is what was seen."""
    with brand_scope(actor.brand, savepoint=False):
        version = access_item(actor, of).version  # type: ignore[arg-type]
        assert version is not None
        content = replace(version.exact_content(), **values_of(body))
    edit_item(actor, item_id=of, seen_digest=version.digest, content=content, note=body.get("note", ""))  # type: ignore[arg-type]
    return of


def _submit(actor: Actor, of: UUID | None, body: Body) -> Item:
    return submit_item(actor, item_id=of, seen_digest=body["digest"])  # type: ignore[arg-type]


def _withdraw(actor: Actor, of: UUID | None, body: Body) -> Item:
    return withdraw_item(actor, item_id=of)  # type: ignore[arg-type]


NOTE = Input("note", Text(2_000), default="", about="Why, for the people of both sides.")
FIELDS = (
    ID,
    Field("title", Text(200)),
    Field("text", Text(), ("version__content__text",)),
    Field("state", Choice(ItemState)),
    Field("state_since", Moment()),
    Field("kind", Choice(ActionKind)),
    Field("sensitivity", Choice(Sensitivity)),
    Field("channels", ListOf(Id(), most=20), ("version__content__channels",)),
    Field("not_before", Maybe(Moment())),
    Field("author", Text(200), ("author_name",)),
    Field("author_side", Choice(("brand", "agency"))),
    Field("version", Whole(), ("version__number",)),
    Field("digest", DIGEST, ("version__digest",), about="Of the content: what an approval names."),
    Field(
        "content",
        Anything({"type": "object"}),
        ("version__content",),
        about="The whole content, to the byte that is digested.",
    ),
    Field("created_at", Moment()),
)

RESOURCES = (
    Resource(
        name="items",
        kind="items.item",
        missing="item",
        steady=True,
        rows=readable,
        fields=FIELDS,
        etag=("version__digest", "state", "state_since"),
        table=Item,
        filters=(
            Filter("state", Choice(ItemState), lambda rows, value: rows.filter(state=value)),
            Filter("kind", Choice(ActionKind), lambda rows, value: rows.filter(kind=value)),
            Filter(
                "created_after", Moment(), lambda rows, value: rows.filter(created_at__gt=value), of=("created_at",)
            ),
        ),
        create=Act("create", _create, "items:write", (*CONTENT, NOTE), status=201, once=True, bulk=True, whole=True),
        update=Act("update", _update, "items:write", (*CONTENT, NOTE), matched=True, partial=True),
        acts=(
            Act(
                "submit",
                _submit,
                "items:write",
                (SEEN,),
                about="Ask the gate: it goes out, waits for the brand, or is refused.",
            ),
            Act(
                "withdraw",
                _withdraw,
                "items:write",
                about="Take it back for good, as long as nothing of it is leaving.",
            ),
        ),
        about="What is meant to go out in the brand's name.",
    ),
)
