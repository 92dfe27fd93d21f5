"""The protocol of each class, with a scripted network: a crash at every point, alone and with a stop after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from clients.channels.actions import connect_channel
from clients.channels.models import Channel
from clients.channels.port import SendFailed
from clients.gate.actions import approve_item, look_now, resume, sending, stop
from clients.gate.actions.failing import MOST_ATTEMPTS, settled_at
from clients.gate.models import Dispatch, Receipt
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from tenants.errors import Conflict
from tenants.walls.scope import brand_scope
from tests.gate.scripted import FIND_POINTS, POINTS, Network, network, work
from tests.world import World, at

MONDAY = "2026-11-23T10:00+01:00"
LOST = SendFailed("deadline", permanent=False, maybe_sent=True)
REFUSED = SendFailed("line_down", permanent=False, maybe_sent=False)
BLIND = SendFailed("line_down", permanent=False, maybe_sent=False)


@dataclass
class Scene:
    """One item on one scripted network, and a clock."""

    world: World
    there: Network
    clock: Any
    channel: Channel
    item: Item

    def work(self, point: str = "", late: float = 0.0) -> int:
        return work(self.world.brand, at=point, there=self.there, late=late)

    def wait(self, seconds: float) -> None:
        self.clock.shift(timedelta(seconds=seconds))

    def to_the_end(self) -> None:
        """Workers come back as often as they are asked to."""
        for _ in range(60):
            self.work()
            with brand_scope(self.world.brand):
                left = OutboxRow.objects.filter(kind="gate.send", done_at=None).order_by("due_at").first()
            if left is None:
                return
            self.wait(max((left.due_at - timezone.now()).total_seconds(), 0.0))
        raise AssertionError("it never ends")

    @property
    def dispatch(self) -> Dispatch:
        with brand_scope(self.world.brand):
            return Dispatch.objects.filter(item=self.item).order_by("created_at").last()  # type: ignore[return-value]

    @property
    def receipts(self) -> int:
        with brand_scope(self.world.brand):
            return Receipt.objects.filter(item_id=self.item.pk).count()

    @property
    def state(self) -> str:
        return self.world.state_of(self.item)

    @property
    def outcome(self) -> tuple[str, int, int]:
        """(state, public there, receipts)."""
        return self.state, len(self.there.public), self.receipts


@pytest.fixture
def scenes(world: World) -> Iterator[Any]:
    """`scenes(letter)`: a cleared item on a network of that class, on a Monday with a clock that stands still."""
    open_ones: list[Any] = []

    def make(letter: str, **changes: Any) -> Scene:
        there = network(letter)
        travel = time_machine.travel(at(MONDAY), tick=False)
        open_ones.extend([there, travel])
        net, clock = there.__enter__(), travel.__enter__()
        world.charter(6)
        channel = connect_channel(actor=world.owner, kind=net.kind, name=f"Réseau {letter}")
        item = world.submitted("Une fois.", channels=(str(channel.pk),), **changes)
        return Scene(world, net, clock, channel, item)

    yield make
    for each in reversed(open_ones):
        each.__exit__(None, None, None)


# --- A crash at every point --------------------------------------------------------------------------------------------


def reached(letter: str, point: str) -> bool:
    """Only class B prepares."""
    return letter == "B" or point not in ("before_prepare", "after_prepare")


@pytest.mark.parametrize("letter", "ABC")
@pytest.mark.parametrize("point", POINTS)
def test_after_a_crash_there_is_exactly_one_effect_and_one_receipt(scenes: Any, letter: str, point: str) -> None:
    scene = scenes(letter)
    scene.work(point, late=14)
    scene.to_the_end()
    assert scene.outcome == ("sent", 1, 1)


@pytest.mark.parametrize("point", POINTS)
def test_of_class_d_nothing_is_sent_again_by_itself(scenes: Any, point: str) -> None:
    scene = scenes("D")
    scene.work(point)
    scene.to_the_end()
    sent = len(scene.there.public)
    assert sent == (0 if point in ("marked", "prepared", "before_call") else 1)
    certain = point == "committed" or not reached("D", point)
    assert scene.outcome == (("sent", 1, 1) if certain else ("uncertain", sent, 0))


@pytest.mark.parametrize("letter", "ABC")
@pytest.mark.parametrize("point", POINTS)
def test_after_a_crash_and_a_stop_nothing_new_leaves_and_what_left_is_found(
    scenes: Any, letter: str, point: str
) -> None:
    scene = scenes(letter)
    scene.work(point, late=14)
    left, drafts = len(scene.there.public), dict(scene.there.drafts)
    stop(scene.world.owner)
    scene.to_the_end()
    assert (len(scene.there.public), scene.there.drafts) == (left, drafts)
    assert scene.outcome == (("sent", 1, 1) if left else ("held", 0, 0))


@pytest.mark.parametrize("letter", "ABC")
@pytest.mark.parametrize("first", ["marked", "before_call", "after_call"])
@pytest.mark.parametrize("second", [*POINTS, *FIND_POINTS])
def test_a_second_crash_waits_anew(scenes: Any, letter: str, first: str, second: str) -> None:
    scene = scenes(letter)
    scene.work(first, late=14)
    if letter == "C":
        scene.wait(31)
    scene.work()  # the outbox row as the first left it; class C comes back later and loses nothing
    scene.work(second, late=14)
    scene.to_the_end()
    assert scene.outcome == ("sent", 1, 1)


@pytest.mark.parametrize("letter", "ABC")
def test_only_a_repeat_looks_back_and_as_far_as_the_first_call_that_nobody_heard_of(scenes: Any, letter: str) -> None:
    """Not to when the act was cleared, long before: the same words may have gone out since by another act."""
    scene = scenes(letter)
    scene.there.plan.append(REFUSED)
    scene.work()
    scene.wait(60)
    scene.work("after_call")
    first = scene.dispatch.begun_at
    scene.wait(40)
    if letter != "C":
        scene.work("after_call")
    scene.to_the_end()
    assert scene.outcome == ("sent", 1, 1)
    assert first is not None and first - scene.dispatch.created_at >= timedelta(seconds=60)
    told = scene.there.begun
    assert told[:2] == [None, None] and len(told) > 2 and set(told[2:]) == {first}


def test_a_draft_is_stored_before_it_is_made_public_and_a_crash_goes_on_from_it(scenes: Any) -> None:
    scene = scenes("B")
    scene.work("after_prepare")
    assert scene.dispatch.remote_draft == ""
    scene.work("prepared")
    stored = scene.dispatch.remote_draft
    assert stored == scene.there.drafts[str(scene.dispatch.pk)]
    assert scene.there.calls.count("prepare") == 2  # the second found the draft of the first
    scene.to_the_end()
    assert scene.there.calls.count("prepare") == 2
    assert (scene.outcome, len(scene.there.drafts)) == (("sent", 1, 1), 1)


def test_without_a_draft_nothing_can_have_left(scenes: Any) -> None:
    scene = scenes("B")
    scene.work("before_prepare")
    stop(scene.world.owner)
    scene.work()
    assert (scene.outcome, scene.there.calls) == (("held", 0, 0), [])


@pytest.mark.parametrize("failure", [REFUSED, SendFailed("text_not_taken", permanent=True, maybe_sent=False)])
def test_a_draft_that_cannot_be_made_is_a_clean_failure(scenes: Any, monkeypatch: Any, failure: SendFailed) -> None:
    scene = scenes("B")
    made = Network.prepare

    def refuse(self: Network, outbound: Any, until: float) -> str:
        if len(self.calls) < 1:
            self.calls.append("refused")
            raise failure
        return made(self, outbound, until)

    monkeypatch.setattr(Network, "prepare", refuse)
    scene.work()
    assert scene.state == ("failed" if failure.permanent else "cleared")
    scene.to_the_end()
    assert scene.outcome == (("failed", 0, 0) if failure.permanent else ("sent", 1, 1))


# --- Class C: looking ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arrived", [True, False])
def test_class_c_looks_only_when_a_no_means_something(scenes: Any, arrived: bool) -> None:
    scene = scenes("C")
    scene.work("after_call" if arrived else "before_call", late=14)
    scene.work()
    assert (scene.state, "find" in scene.there.calls) == ("sending", False)
    with brand_scope(scene.world.brand):
        moment = settled_at(scene.dispatch)
        assert OutboxRow.objects.get(kind="gate.send", done_at=None).due_at == moment
    assert moment - timezone.now() >= timedelta(seconds=20)
    scene.wait((moment - timezone.now()).total_seconds() - 1)
    assert (scene.work(), "find" in scene.there.calls) == (0, False)
    scene.wait(1)
    scene.work()
    assert "find" in scene.there.calls
    if not arrived:
        assert (scene.state, scene.dispatch.state) == ("cleared", "pending")
    scene.to_the_end()
    assert scene.outcome == ("sent", 1, 1)


def test_an_answer_that_is_lost_is_looked_for_and_not_sent_again(scenes: Any) -> None:
    scene = scenes("C")
    scene.there.plan = [LOST]
    scene.to_the_end()
    assert scene.outcome == ("sent", 1, 1)
    assert scene.there.calls == ["send", "find"]


def test_looking_that_fails_is_tried_again_and_at_last_a_person_is_asked(scenes: Any) -> None:
    scene = scenes("C")
    scene.there.plan, scene.there.finds = [LOST], [BLIND, BLIND]
    scene.to_the_end()
    assert scene.outcome == ("sent", 1, 1)
    assert scene.there.calls == ["send", "find", "find", "find"]


def test_looking_that_fails_for_ever_ends_in_doubt(scenes: Any) -> None:
    scene = scenes("C")
    scene.there.plan, scene.there.finds = [LOST], [BLIND] * 50
    scene.to_the_end()
    assert scene.outcome == ("uncertain", 1, 0)
    assert scene.there.calls.count("find") == MOST_ATTEMPTS
    assert scene.there.calls.count("send") == 1


# --- The brake and the clock --------------------------------------------------------------------------------------------


def test_a_brake_lifted_during_the_pause_after_a_failure_still_holds_the_act(scenes: Any) -> None:
    scene = scenes("A")
    due = scene.dispatch.due_at
    scene.there.plan = [REFUSED]
    scene.work()
    assert (scene.dispatch.state, scene.dispatch.due_at) == ("pending", due)
    hold = stop(scene.world.owner)
    scene.wait(5)
    resume(scene.world.owner, hold_id=hold.pk)
    scene.to_the_end()
    assert scene.outcome == ("held", 0, 0)
    assert scene.item.version is not None
    approve_item(scene.world.approver, item_id=scene.item.pk, seen_digest=scene.item.version.digest)
    scene.to_the_end()
    assert scene.outcome == ("sent", 1, 1)


def test_without_a_brake_the_pause_holds_nothing(scenes: Any) -> None:
    scene = scenes("A")
    scene.there.plan = [REFUSED]
    scene.to_the_end()
    assert scene.outcome == ("sent", 1, 1)


@pytest.mark.parametrize("letter", "ABC")
def test_whoever_waited_too_long_for_the_brake_marks_anew(scenes: Any, monkeypatch: Any, letter: str) -> None:
    scene = scenes(letter)
    patient = sending.let_leave

    def slow(brand: Any) -> None:
        patient(brand)
        monkeypatch.setattr(sending, "let_leave", patient)
        scene.wait(11)

    scene.work("prepared")
    monkeypatch.setattr(sending, "let_leave", slow)
    scene.to_the_end()
    assert scene.outcome == ("sent", 1, 1)


def test_an_unhurried_first_mark_is_taken_back_and_nobody_doubts(scenes: Any, monkeypatch: Any) -> None:
    scene = scenes("D")
    patient = sending.let_leave

    def slow(brand: Any) -> None:
        patient(brand)
        scene.wait(11)

    with monkeypatch.context() as waiting:
        waiting.setattr(sending, "let_leave", slow)
        scene.work()
    assert (scene.outcome, scene.dispatch.attempts, scene.there.calls) == (("cleared", 0, 0), 0, [])
    scene.to_the_end()
    assert scene.outcome == ("sent", 1, 1)


# --- Altered rows -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", "ABCD")
def test_a_content_that_was_altered_ends_as_a_failure(scenes: Any, letter: str) -> None:
    scene = scenes(letter)
    alter(scene)
    scene.to_the_end()
    assert (scene.outcome, scene.there.calls) == (("failed", 0, 0), [])
    assert (scene.dispatch.state, scene.dispatch.error) == ("failed", "content_altered")


@pytest.mark.parametrize("letter", "ABCD")
def test_altered_after_a_crash_it_ends_in_doubt(scenes: Any, letter: str) -> None:
    scene = scenes(letter)
    scene.work("after_call")
    alter(scene)
    scene.to_the_end()
    assert (scene.state, len(scene.there.public)) == ("uncertain", 1)


def alter(scene: Scene) -> None:
    """As only the owner of the database can."""
    from django.db import connections

    from tenants.walls.backend.base import OWNER

    schema = scene.world.brand.schema_name
    with connections[OWNER].cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{schema}".items_itemversion DISABLE TRIGGER USER')
        cursor.execute(
            f"""UPDATE "{schema}".items_itemversion SET content = jsonb_set(content, '{{text}}', '"Autre"')"""
        )
        cursor.execute(f'ALTER TABLE "{schema}".items_itemversion ENABLE TRIGGER USER')


# --- A person looks -----------------------------------------------------------------------------------------------------


def doubtful(scenes: Any, letter: str) -> Scene:
    scene = scenes(letter)
    scene.there.plan, scene.there.finds = [LOST], [SendFailed("gone", permanent=True, maybe_sent=False)]
    if letter in "AB":
        scene.there.plan = [SendFailed("gone", permanent=True, maybe_sent=True)]
        scene.there.finds = []
    scene.to_the_end()
    assert scene.state == "uncertain"
    return scene


@pytest.mark.parametrize("letter", "ABC")
def test_a_look_finds_what_left_and_writes_its_receipt(scenes: Any, letter: str) -> None:
    scene = doubtful(scenes, letter)
    assert look_now(scene.world.cm, dispatch_id=scene.dispatch.pk)
    assert scene.outcome == ("sent", 1, 1)
    assert scene.there.calls.count("send") == 1
    assert scene.there.begun[-1] == scene.dispatch.begun_at is not None


@pytest.mark.parametrize("letter", "ABC")
def test_a_look_that_sees_nothing_decides_nothing_and_never_sends(scenes: Any, letter: str) -> None:
    scene = doubtful(scenes, letter)
    scene.there.landed = []
    assert not look_now(scene.world.cm, dispatch_id=scene.dispatch.pk)
    assert scene.outcome == ("uncertain", 0, 0)
    assert scene.there.calls.count("send") == 1


def test_who_cannot_look_is_told_why(scenes: Any) -> None:
    scene = doubtful(scenes, "D")
    with pytest.raises(Conflict, match="cannot_look_up"):
        look_now(scene.world.cm, dispatch_id=scene.dispatch.pk)
    assert scene.state == "uncertain"


def test_what_is_certain_is_not_looked_for(scenes: Any) -> None:
    scene = scenes("A")
    scene.to_the_end()
    with pytest.raises(Conflict, match="not_in_this_state"):
        look_now(scene.world.cm, dispatch_id=scene.dispatch.pk)
