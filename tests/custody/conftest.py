"""A world that rolls back, conversations in it, and a second brand beside it whose words could leak."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from clients.autonomy.vocabulary import EntryPoint
from clients.custody.models import Conversation, Holding
from clients.custody.queries import holder_of
from clients.custody.rules import Holder, Medium, Standing, State, Voice, fold
from clients.custody.steps import Said, add_turn, open_conversation
from clients.people.actor import process_of
from tenants.models import Person
from tenants.vocabulary import Side
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.world import World, make_world

_number = count(1)


def begin(world: World, side: Side = Side.AGENCY, *, words: str = "Et les horaires ?", **facts: Any) -> Conversation:
    """A conversation that a member began on the wall: `remote_id` is what the wall calls their words."""
    number = next(_number)
    remote_id = facts.pop("remote_id", f"said-{number}")
    values: dict[str, Any] = {"medium": Medium.COMMENT, "channel": world.wall.pk, "handle": f"@lea{number}"}
    house = process_of(world.brand, EntryPoint.WORKER, "worker")
    with durable(world.brand):
        found = open_conversation(house, holder=facts.pop("holder", Holder(side)), **values | facts)
        add_turn(found, Said(Voice.MEMBER, words, remote_id=remote_id, author_handle=found.handle))
        return found


def standing(world: World, conversation: Conversation) -> Standing:
    """As it is stored. INVARIANT: the same as what its steps add up to."""
    with brand_scope(world.brand):
        row = Conversation.objects.get(pk=conversation.pk)
        stored = Standing(holder_of(row), State(row.state), row.locked)
        assert fold(Holding.objects.filter(conversation=row).order_by("number")) == stored
        return stored


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    """Everything at level 6: nothing but custody stands in the way."""
    return make_world(brand_a, person_factory, level=6)


@pytest.fixture
def other(brand_b: BrandRef, person_factory: Callable[..., Person]) -> World:
    """A second brand with an agency of its own."""
    return make_world(brand_b, person_factory, level=6)
