"""Crashes, failures, stops and time in any order, on a network of each class: never two effects, never one after a stop."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from clients.channels.actions import connect_channel
from clients.channels.port import SendFailed
from clients.gate.actions import approve_item, resume, stop
from clients.gate.models import Dispatch, Receipt
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from tenants.errors import Conflict
from tenants.walls.scope import brand_scope
from tests.gate.scripted import FIND_POINTS, POINTS, Network, network, work
from tests.world import World, at

FAILURES = {
    "refused": SendFailed("line_down", permanent=False, maybe_sent=False),
    "lost": SendFailed("deadline", permanent=False, maybe_sent=True),
}
TWICE_STOPPED = ("stop", "work", "resume", "wait", "yes", "stop", "work", "yes")
STEPS = st.one_of(
    st.tuples(st.just("work"), st.just("")),
    st.tuples(st.just("die"), st.sampled_from([*POINTS, *FIND_POINTS])),
    st.tuples(st.just("meet"), st.sampled_from(["refused", "lost", "quiet"])),
    st.tuples(st.just("wait"), st.sampled_from([1, 15, 40, 700])),
    st.tuples(st.sampled_from(["stop", "resume", "yes"]), st.just("")),
)


class Course:
    """One item, its network, and what anybody did to them."""

    def __init__(self, world: World, there: Network, clock: Any, channel: Any) -> None:
        self.world, self.there, self.clock = world, there, clock
        self.item = world.submitted("Une fois.", channels=(str(channel.pk),))
        self.hold: Any = None
        self.frozen: tuple[int, int] | None = None

    def take(self, word: str, what: Any) -> None:
        getattr(self, f"_{word}")(what)
        if self.frozen is not None:
            assert self.frozen == self.outside, "something left after a stop"

    @property
    def outside(self) -> tuple[int, int]:
        return len(self.there.public), len(self.there.drafts)

    def _work(self, _: str) -> None:
        work(self.world.brand)

    def _die(self, point: str) -> None:
        work(self.world.brand, at=point, there=self.there, late=14)

    def _meet(self, failure: str) -> None:
        asked = SendFailed("busy", False, False, 429, timezone.now() + timedelta(minutes=5))
        self.there.plan = [FAILURES.get(failure, asked)]

    def _wait(self, seconds: int) -> None:
        self.clock.shift(timedelta(seconds=seconds))

    def _stop(self, _: str) -> None:
        if self.hold is None:
            self.hold, self.frozen = stop(self.world.owner), self.outside

    def _resume(self, _: str) -> None:
        if self.hold is not None:
            resume(self.world.owner, hold_id=self.hold.pk)
            self.hold = self.frozen = None

    def _yes(self, _: str) -> None:
        if self.world.state_of(self.item) == "held":
            assert self.item.version is not None
            try:
                approve_item(self.world.approver, item_id=self.item.pk, seen_digest=self.item.version.digest)
            except Conflict as said:
                # A yes of before, and the brake that holds it now was put on after it: lifting is asked for, not one more yes.
                if said.code != "already_said" or self.hold is None:
                    raise

    def finish(self) -> None:
        """Lift the brake, say yes to what was held, and let workers come as often as they are asked to."""
        self.there.plan = []
        self._resume("")
        for _ in range(80):
            self._yes("")
            work(self.world.brand)
            with brand_scope(self.world.brand):
                left = OutboxRow.objects.filter(kind="gate.send", done_at=None).order_by("due_at").first()
            if left is not None:
                self.clock.shift(max(left.due_at - timezone.now(), timedelta(0)))
            elif self.world.state_of(self.item) != "held":
                return
        raise AssertionError("it never ends")


@pytest.mark.parametrize("letter", "ABCD")
def test_whatever_happens_in_whatever_order(world: World, letter: str) -> None:
    world.charter(6)
    with network(letter) as there:
        channel, days = connect_channel(actor=world.owner, kind=there.kind, name="Réseau"), count()

        @settings(
            max_examples=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate],
        )
        @example([(word, 60 if word == "wait" else "") for word in TWICE_STOPPED])
        @given(st.lists(STEPS, min_size=1, max_size=10))
        def play(steps: list[tuple[str, Any]]) -> None:
            there.landed, there.drafts, there.calls, there.plan = [], {}, [], []
            # Each on a later day: a brake of an earlier course, lifted later than this one begins, would still hold.
            with time_machine.travel(at("2026-11-23T10:00+01:00") + timedelta(days=next(days)), tick=False) as clock:
                course = Course(world, there, clock, channel)
                for word, what in steps:
                    course.take(word, what)
                course.finish()
                judge(world, there, course.item, letter)
                _clear(world)

        play()


def judge(world: World, there: Network, item: Item, letter: str) -> None:
    """One effect and one receipt; of class D at most one effect, and a person is asked where nobody can know."""
    state = world.state_of(item)
    with brand_scope(world.brand):
        receipts = Receipt.objects.filter(item_id=item.pk).count()
        live = Dispatch.objects.filter(item=item).exclude(state="cancelled").count()
    assert live == 1
    # Repeated attempts may end in a failure or a doubt that a person clears up, never in a second effect.
    assert len(there.public) <= 1
    if state == "sent":
        assert (len(there.public), receipts) == (1, 1)
    elif state == "failed":
        assert (len(there.public), receipts) == (0, 0)
    else:
        assert (state, receipts) == ("uncertain", 0)
        assert letter == "D"


def _clear(world: World) -> None:
    """The channel's quiet is not the next course's."""
    from clients.channels.models import Channel

    with brand_scope(world.brand):
        Channel.objects.update(quiet_until=None, next_turn_at=None)
        OutboxRow.objects.filter(done_at=None).update(done_at=timezone.now())
