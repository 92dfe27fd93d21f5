"""Letting members talk and going slow: the gate asks, about both sides, by whatever an act is aimed at; two brands."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind
from clients.conversations.actions import open_from_mention
from clients.custody.actions import merge
from clients.gate.models import DecisionRecord, Dispatch
from clients.gate.replay import replay
from clients.items.models import Item
from clients.mentions.models import Mention
from clients.moderation.actions import decide_calm, end_calm
from clients.moderation.models import Calm
from clients.people.actor import Actor
from tenants.errors import Refused
from tenants.models import Person
from tenants.walls.scope import BrandRef, brand_scope
from tests.moderation.conftest import comment
from tests.world import World, make_world

HOUR = timedelta(hours=1)


@pytest.fixture
def world(brand_a: BrandRef, person_factory: Callable[..., Person]) -> World:
    """Everything at level 6: nothing but what is let be stands in the way."""
    return make_world(brand_a, person_factory, level=6)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(timezone.now(), tick=True) as travelling:
        yield travelling


def decided(world: World, kind: str, by: Actor | None = None, **about: Any) -> Calm:
    until = timezone.now() + timedelta(days=1)
    return decide_calm(by or world.cm, kind=kind, reason="Doucement", until=until, **about)


def answered(world: World, mention: Mention, by: Actor | None = None, **changes: Any) -> Item:
    aim = {"target": mention.remote_id} if "recipient" not in changes else {}
    return world.submitted(f"Réponse {mention.pk}", by, **{"kind": ActionKind.ANSWER} | aim | changes)


def reasons(world: World, item: Item) -> list[str]:
    """Of the newest answer, which replays as it was."""
    with brand_scope(world.brand):
        kept = DecisionRecord.objects.filter(item_id=item.pk).latest("at")
        assert replay(kept).same
        return list(kept.reasons)


def test_while_members_are_let_talk_neither_side_answers_in_public(world: World) -> None:
    mention, beside = comment(world), comment(world)
    calm = decided(world, "let_talk", mention_id=mention.pk)
    for by in (world.cm, world.owner):
        for kind in (ActionKind.ANSWER, ActionKind.ACKNOWLEDGE, ActionKind.REACT):
            item = answered(world, mention, by, kind=kind)
            assert (item.state, reasons(world, item)) == ("refused", ["let_talk"])
    aside = {"kind": ActionKind.DIRECT_MESSAGE, "recipient": "@zoe@social.example"}
    assert answered(world, mention, **aside).state == "cleared"
    assert answered(world, beside).state == "cleared"
    end_calm(world.cm, calm_id=calm.pk)
    assert answered(world, mention).state == "cleared"


def test_what_was_cleared_before_does_not_leave_either(world: World) -> None:
    mention = comment(world)
    item = answered(world, mention)
    decided(world, "let_talk", mention_id=mention.pk)
    world.run_outbox("gate.send")
    assert (world.state_of(item), reasons(world, item), world.on_the_wall()) == ("refused", ["let_talk"], [])


def test_a_mention_stands_for_its_conversation_and_a_conversation_for_all_in_it(world: World) -> None:
    first, second = comment(world, author_handle="@a@x.example"), comment(world, author_handle="@b@x.example")
    talks = [open_from_mention(world.cm, mention_id=one.pk) for one in (first, second)]
    decided(world, "let_talk", mention_id=first.pk)
    decided(world, "let_talk", conversation_id=talks[1].pk)
    assert [answered(world, one).state for one in (first, second)] == ["refused"] * 2
    assert [answered(world, one, recipient=one.author_handle).state for one in (first, second)] == ["refused"] * 2


def test_what_was_merged_into_it_is_let_be_with_it(world: World) -> None:
    first, second = comment(world), comment(world)
    guest, host = (open_from_mention(world.cm, mention_id=one.pk) for one in (first, second))
    merge(world.cm, conversation_id=guest.pk, into_id=host.pk)
    decided(world, "let_talk", conversation_id=host.pk)
    assert [answered(world, one).state for one in (first, second)] == ["refused"] * 2


def test_going_slow_the_second_answer_waits_for_an_hour_and_then_leaves_by_itself(world: World, clock: Any) -> None:
    mention, beside = comment(world), comment(world)
    decided(world, "slow", mention_id=mention.pk)
    assert answered(world, mention).state == "cleared"
    world.run_outbox("gate.send")
    with brand_scope(world.brand):
        left = Dispatch.objects.get(state="sent").ended_at
    second = answered(world, mention, world.owner)
    assert second.state == "held" and "slow_mode" in reasons(world, second)
    assert answered(world, mention, kind=ActionKind.ACKNOWLEDGE).state == "cleared"
    assert answered(world, beside).state == "cleared"
    clock.move_to(left + HOUR - timedelta(seconds=5))
    world.run_outbox("gate.morning", "gate.send")
    assert world.state_of(second) == "held"
    clock.move_to(left + HOUR + timedelta(seconds=1))
    world.run_outbox("gate.morning")
    world.run_outbox("gate.send")
    assert world.state_of(second) == "sent"


def test_two_that_were_cleared_together_leave_an_hour_apart(world: World, clock: Any) -> None:
    mention = comment(world)
    both = [answered(world, mention) for _ in range(2)]
    decided(world, "slow", mention_id=mention.pk)
    world.run_outbox("gate.send")
    assert sorted(world.state_of(one) for one in both) == ["held", "sent"]
    clock.shift(HOUR + timedelta(seconds=2))
    world.run_outbox("gate.morning")
    world.run_outbox("gate.send")
    assert [world.state_of(one) for one in both] == ["sent"] * 2


def test_it_is_over_when_its_end_has_come(world: World, clock: Any) -> None:
    mention = comment(world)
    decided(world, "let_talk", mention_id=mention.pk)
    clock.shift(timedelta(days=1, seconds=1))
    assert answered(world, mention).state == "cleared"


def test_what_the_brand_decided_is_no_agencys_to_end(world: World) -> None:
    mention = comment(world)
    theirs = decided(world, "slow", world.owner, mention_id=mention.pk)
    ours = decided(world, "slow", mention_id=mention.pk)
    with pytest.raises(Refused, match="not_allowed"):
        end_calm(world.cm, calm_id=theirs.pk)
    end_calm(world.cm, calm_id=ours.pk)
    end_calm(world.owner, calm_id=theirs.pk)


def test_another_brands_decision_binds_nobody_here(world: World, other: World) -> None:
    same = {"remote_id": "comment-of-two"}
    decided(other, "let_talk", mention_id=comment(other, **same).pk)
    assert answered(world, comment(world, **same)).state == "cleared"
