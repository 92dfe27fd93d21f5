"""Two sources bring words for the same conversations, each in another order: neither waits for the other."""

import threading

import pytest

from clients.custody.models import Conversation, Turn
from clients.mentions.raw import RawMention
from clients.triage.actions import go_on
from tenants.ids import uuid7
from tenants.walls.scope import BrandRef, brand_scope, durable
from tests.conftest import make_person
from tests.conversations.conftest import begun
from tests.custody.test_together import PATIENCE, Running, wait_until
from tests.triage.conftest import said
from tests.world import World, make_world


def brought(world: World, before: list[str], prefix: str) -> tuple[object, dict[str, RawMention]]:
    """A source of its own with one new answer to each of these, found in this order; and what it tells of them."""
    source, told = uuid7(), {}
    for place, answered in enumerate(before):
        raw = RawMention(
            f"{prefix}{place}", remote_id=f"{prefix}{place}", text=f"Suite {prefix}{place}", in_reply_to=answered
        )
        mention = said(world.brand, raw.text, source=source, channel=world.wall.pk, remote_id=raw.remote_id)
        told[mention.key] = raw
    return source, told


@pytest.mark.parametrize("first_waits", ["low_first", "high_first"])
def test_two_that_share_several_conversations_lock_them_in_one_order(
    real_brands: tuple[BrandRef, BrandRef], first_waits: str
) -> None:
    world = make_world(real_brands[0], make_person, level=6)
    one, two = begun(world, "Une", "1"), begun(world, "Deux", "2")
    low, high = ("1", "2") if one.pk < two.pk else ("2", "1")
    lowest = min(one.pk, two.pk)
    up, down = brought(world, [low, high], "a"), brought(world, [high, low], "b")
    held, let_go, counts = threading.Event(), threading.Event(), []

    def somebody_else() -> None:
        with durable(world.brand):
            Conversation.objects.select_for_update().get(pk=lowest)
            held.set()
            let_go.wait(PATIENCE)

    def taking_in(what: tuple[object, dict[str, RawMention]]) -> Running:
        source, told = what
        return Running(lambda: counts.append(go_on(world.brand, source=source, said=told)))  # type: ignore[arg-type]

    first = Running(somebody_else)
    assert held.wait(PATIENCE)
    try:
        order = (up, down) if first_waits == "low_first" else (down, up)
        earlier = taking_in(order[0])
        wait_until(1)
        later = taking_in(order[1])
        wait_until(2)
    finally:
        let_go.set()
    for thread in (first, earlier, later):
        thread.join(PATIENCE)
    assert (first.met, earlier.met, later.met) == ("", "", "")
    assert counts == [2, 2]
    with brand_scope(world.brand):
        for found in (one, two):
            assert Turn.objects.filter(conversation=found).count() == 3
