"""Clocks as rows: kept through rounds, not rewritten by a later briefing, looked at in time; promises until they are kept."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clients.custody.clocks import Kind
from clients.custody.models import Conversation
from clients.custody.rules import Holder, Step, TurnKind, Voice
from clients.custody.steps import move
from clients.service.actions import look_at_clocks
from clients.service.models import Promise
from clients.service.queries import DEEPEST, events_of
from clients.service.steps import promise, reckon
from tenants.errors import Refused
from tenants.vocabulary import Side
from tenants.walls.scope import brand_scope, durable
from tests.service.conftest import MONDAY, begun, clock, due, house, monday, next_look, says, steps, wishes
from tests.world import World, at


def test_both_clocks_begin_with_the_first_word(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False):
        found = begun(world)
    seen, answered = clock(world, found, "acknowledge"), clock(world, found, "answer")
    assert (seen.due_at, answered.due_at) == (monday("11:00"), monday("18:00"))
    assert (seen.target, answered.target, seen.band) == (120, 540, "newcomer")
    assert next_look(world, found) == monday("10:30")


def test_an_acknowledgement_stops_one_and_an_answer_both(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found = begun(world)
        clocks.move_to(monday("09:20"))
        says(world, found, Voice.AGENCY, TurnKind.ACKNOWLEDGEMENT)
        assert clock(world, found, "acknowledge").stopped_by == "agency"
        assert clock(world, found, "answer").state == "running"
        clocks.move_to(monday("12:00"))
        says(world, found, Voice.BRAND, TurnKind.ANSWER)
        answered = clock(world, found, "answer")
        assert (answered.state, answered.stopped_by, answered.working_agency) == ("stopped", "brand", 3 * 3600)
        assert next_look(world, found) is None


def test_a_pass_gives_each_side_its_time(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found = begun(world)
        clocks.move_to(monday("10:00"))
        steps(world, found, Step.ACCEPT, to=Holder(Side.BRAND))
        clocks.move_to(monday("13:00"))
        says(world, found, Voice.BRAND, TurnKind.ANSWER)
    answered = clock(world, found, "answer")
    assert (answered.working_agency, answered.working_brand) == (3600, 3 * 3600)
    assert answered.due_at == monday("18:00")


def test_a_question_pauses_and_waiting_alone_does_not(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found = begun(world)
        steps(world, found, Step.WAIT)
        assert clock(world, found, "answer").state == "running"
        says(world, found, Voice.AGENCY, TurnKind.QUESTION)
        clocks.move_to(monday("17:00"))
        says(world, found, Voice.MEMBER)
    answered = clock(world, found, "answer")
    assert (answered.state, answered.asleep, answered.due_at) == ("running", 8 * 3600, at("2027-03-23T17:00+01:00"))


def test_a_second_round_leaves_the_first_as_it_was(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found = begun(world)
        clocks.move_to(monday("10:00"))
        says(world, found, Voice.AGENCY, TurnKind.ANSWER)
        steps(world, found, Step.CLOSE)
        clocks.move_to(monday("14:00"))
        steps(world, found, Step.SAID)
        says(world, found, Voice.MEMBER)
        steps(world, found, Step.CLOSE)
    assert clock(world, found, "answer", 1).working_agency == 3600
    second = clock(world, found, "answer", 2)
    assert (second.stopped_at, second.stopped_by, second.band) == (monday("14:00"), "", "regular")


def test_a_later_briefing_rewrites_no_figure(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found = begun(world)
        clocks.move_to(monday("10:00"))
        says(world, found, Voice.AGENCY, TurnKind.ANSWER)
        wishes(world, {"acknowledge_within": "10", "answer_within": "20"})
        clocks.move_to(monday("11:00"))
        says(world, found, Voice.MEMBER)
    assert (clock(world, found, "answer", 1).target, clock(world, found, "answer", 2).target) == (540, 20)
    assert clock(world, found, "answer", 1).breached_at is None


def test_merged_it_is_answered_by_the_answer_in_the_other(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found, into = begun(world), begun(world, handle="@lea2")
        clocks.move_to(monday("10:00"))
        with durable(world.brand):
            host = Conversation.objects.get(pk=into.pk)
        steps(world, found, Step.MERGE, into=host)
        clocks.move_to(monday("12:00"))
        says(world, into, Voice.AGENCY, TurnKind.ANSWER)
        assert clock(world, found, "answer").stopped_at == monday("12:00")
        clocks.move_to(monday("13:00"))
        steps(world, found, Step.SPLIT)
        says(world, found, Voice.MEMBER)
    assert clock(world, found, "answer", 1).stopped_at == monday("12:00")
    assert clock(world, found, "answer", 2).started_at == monday("13:00")


def test_reading_two_that_went_in_and_out_of_each_other_is_no_tree(world: World) -> None:
    """Each stay is read at each depth once: not once for every way that leads there."""
    with time_machine.travel(MONDAY, tick=False) as clocks:
        pair = begun(world), begun(world, handle="@lea2")
        with durable(world.brand):
            for minute in range(1, 13, 2):
                guest, host = pair if minute % 4 == 1 else pair[::-1]
                into = Conversation.objects.get(pk=host.pk)
                clocks.move_to(monday(f"09:{minute:02}"))
                move(house(world), Conversation.objects.get(pk=guest.pk), Step.MERGE, into=into)
                clocks.move_to(monday(f"09:{minute + 1:02}"))
                move(house(world), Conversation.objects.get(pk=guest.pk), Step.SPLIT)
        clocks.move_to(monday("10:00"))
        with brand_scope(world.brand), CaptureQueriesContext(connection) as seen:
            events = events_of(pair[0])
    assert len(seen) <= 2 * (DEEPEST + 1)
    assert [event.kind for event in events].count(Kind.MERGED) == 3


def test_a_breach_is_told_once(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found = begun(world)
        clocks.move_to(monday("11:00:01"))
        look_at_clocks(house(world), conversation_id=found.pk)
        look_at_clocks(house(world), conversation_id=found.pk)
        assert due(world) == ["service.call"]
    assert clock(world, found, "acknowledge").told_at == monday("11:00:01")


def test_what_was_late_before_it_came_to_us_is_shown_and_not_rung(world: World) -> None:
    with time_machine.travel(MONDAY, tick=False):
        found = begun(world, said_at=at("2027-03-01T09:00+01:00"))
        look_at_clocks(house(world), conversation_id=found.pk)
        assert due(world) == []
        assert next_look(world, found) is None
    late = clock(world, found, "answer")
    assert (late.breached_at, late.told_at) == (at("2027-03-01T18:00+01:00"), None)


def test_only_the_house_looks(world: World) -> None:
    found = begun(world)
    with pytest.raises(Refused):
        look_at_clocks(world.cm, conversation_id=found.pk)


@pytest.mark.parametrize(
    ("answered", "state"), [("14:00", "kept"), ("16:00", "late"), (None, "broken")], ids=["in time", "late", "never"]
)
def test_a_promise_is_tracked_until_kept(world: World, answered: str | None, state: str) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found = begun(world)
        turn = says(world, found, Voice.AGENCY, TurnKind.ACKNOWLEDGEMENT)
        with durable(world.brand):
            promise(world.cm, turn=turn, until=monday("15:00"))
            promise(world.cm, turn=turn, until=monday("15:00"))
            reckon(found)
        if answered:
            clocks.move_to(monday(answered))
            says(world, found, Voice.AGENCY, TurnKind.ANSWER)
        clocks.move_to(monday("17:00"))
        look_at_clocks(house(world), conversation_id=found.pk)
        with brand_scope(world.brand):
            assert Promise.objects.get().state == state


@pytest.mark.parametrize("rounds", [1, 3])
def test_reading_again_costs_a_fixed_number_of_queries(
    world: World, rounds: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with time_machine.travel(MONDAY, tick=False) as clocks:
        found = begun(world)
        for minute in range(1, rounds):
            clocks.move_to(monday(f"09:0{minute}"))
            says(world, found, Voice.AGENCY, TurnKind.ANSWER)
            says(world, found, Voice.MEMBER)
        with durable(world.brand), django_assert_num_queries(11):
            reckon(found)
