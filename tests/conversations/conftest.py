"""A world that rolls back, what somebody said in it, and a second brand beside it whose words could leak."""

from collections.abc import Callable
from typing import Any

import pytest

from clients.autonomy.vocabulary import ActionKind, EntryPoint
from clients.conversations.actions import follow_reply, open_from_mention
from clients.conversations.models import Heard, Reply
from clients.custody.models import Conversation
from clients.gate.actions import submit_item
from clients.items.models import Item
from clients.mentions.models import Mention
from clients.outbox.registry import Later
from clients.people.actor import Actor, process_of
from clients.triage.actions import begin_reply
from tenants.models import Person
from tenants.walls.scope import BrandRef, brand_scope
from tests.triage.conftest import said
from tests.world import World, make_world


def heard(world: World, text: str, number: str, before: str = "", *, direct: bool = False, **fields: Any) -> Mention:
    """What somebody said over the wall, as its source tells of it."""
    found = said(
        world.brand,
        text,
        **{"channel": world.wall.pk, "remote_id": number, "author": "Léa", "author_handle": "@lea"} | fields,
    )
    with brand_scope(world.brand):
        Heard.objects.create(mention=found, in_reply_to=before, references=[before] if before else [], direct=direct)
    return found


def begun(world: World, text: str = "Ouverts samedi ?", number: str = "1", by: Actor | None = None) -> Conversation:
    """A conversation that began with a mention, in the hands of the community manager."""
    return open_from_mention(by or world.cm, mention_id=heard(world, text, number).pk)


def reply(
    world: World, conversation: Conversation, text: str = "Oui, de 8 h à 19 h.", by: Actor | None = None, **more: Any
) -> Item:
    content = world.content(text, kind=ActionKind.ANSWER, target="1")
    return begin_reply(by or world.cm, conversation_id=conversation.pk, content=content, **more)


def send(world: World, item: Item, by: Actor | None = None) -> None:
    """To the gate and out, where the charter lets it."""
    assert item.version is not None
    submit_item(by or world.cm, item_id=item.pk, seen_digest=item.version.digest)
    world.run_outbox("gate.send")


def follow(world: World, item: Item) -> bool:
    """One look at the reply of an item; whether that is over."""
    with brand_scope(world.brand):
        found = Reply.objects.get(item=item)
    try:
        follow_reply(process_of(world.brand, EntryPoint.WORKER, "conversations"), reply_id=found.pk)
    except Later:
        return False
    return True


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    """Everything at level 6: what the gate permits leaves at once."""
    return make_world(brand_a, person_factory, level=6)


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    """A second brand with an agency of its own."""
    return make_world(brand_b, person_factory)
