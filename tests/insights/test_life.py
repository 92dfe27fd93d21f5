"""An insight's life by machine: anybody does anything in any order while days pass, and a small model says what stands there."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from typing import Any, ClassVar

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from clients.autonomy.vocabulary import EntryPoint
from clients.disclosure.actions import exchange, open_link
from clients.disclosure.models import ShareLink
from clients.insights import actions as insights
from clients.insights.models import Asking, Closing, Insight, InsightStep
from clients.insights.rules import LIFE, OWED, State, Step, after, fold
from clients.outbox.registry import Later
from clients.people.actor import process_of
from tenants.errors import RelaisError
from tenants.models import WorkPointer
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import heard
from tests.insights.conftest import CONTACT, DAY, noted, sources
from tests.world import World

BEGIN = datetime(2026, 11, 2, 10, tzinfo=UTC)
NUMBERS = count()
WRITERS = st.sampled_from([Role.COMMUNITY_MANAGER, Role.BRAND_OWNER, Role.AUDITOR])
MAY_WRITE = {Role.COMMUNITY_MANAGER, Role.BRAND_OWNER}


class Life(RuleBasedStateMachine):
    """The model keeps the state that the table gives, whether a word is owed, and whom one told."""

    world: ClassVar[World]
    clock: ClassVar[Any]

    @initialize()
    def begin(self) -> None:
        self.clock.move_to(BEGIN)
        self.now = BEGIN
        text = f"Vie {next(NUMBERS)}"
        mention = heard(self.world, text, text, author_handle=f"@{text}")
        self.insight = noted(self.world, mention_id=mention.pk)
        self.state, self.told, self.taken = State.NOTED, False, 1
        self.due: datetime | None = None
        self.link: Any = None
        self.person, self.once, self.answered = False, False, False

    @rule(who=WRITERS, once=st.booleans(), days=st.integers(1, 20))
    def ask(self, who: Role, once: bool, days: int) -> None:
        given = self.given(days, once)
        contact = self.world.people[CONTACT].pk
        done = self.tried(lambda: insights.ask_department(self.world.actor(who), to_person=contact, **given))
        assert self.agrees(done, Step.ASK, who in MAY_WRITE)
        if done:
            self.owes(self.now + days * DAY, once, link=None)

    @rule(who=WRITERS, once=st.booleans(), days=st.integers(1, 20))
    def ask_outside(self, who: Role, once: bool, days: int) -> None:
        given = self.given(days, once)
        made = self.tried(lambda: insights.ask_by_link(self.world.actor(who), recipient="x", **given))
        assert self.agrees(made, Step.ASK, who is Role.BRAND_OWNER)
        if made:
            link = exchange(self.world.brand, token=made.token, code="")
            assert link is not None
            open_link(self.world.brand, link_id=link)
            self.owes(self.now + days * DAY, once, link=link)

    @rule()
    def answer(self) -> None:
        open_here = self.person or self.link is not None
        if self.link is not None:
            link = self.link
            done = self.tried(lambda: insights.answer_by_link(self.world.brand, link_id=link, text="Oui"))
            if self.now >= self.link_ends:
                assert done is None
                return
        else:
            asking = self.newest()
            actor = self.world.actor(CONTACT)
            done = asking and self.tried(lambda: insights.answer_asking(actor, asking_id=asking.pk, text="Oui"))
        assert self.agrees(done, Step.ANSWER, open_here)
        if done:
            self.due, self.answered = None, True
            if self.once:
                self.person, self.link = False, None

    @rule(who=WRITERS)
    def withdraw(self, who: Role) -> None:
        open_here = self.person or self.link is not None
        done = self.tried(lambda: insights.withdraw_asking(self.world.actor(who), insight_id=self.insight.pk))
        assert self.agrees(done, Step.WITHDRAW, who in MAY_WRITE and open_here)
        if done:
            self.nobody_owes()

    @rule(who=st.sampled_from([Role.APPROVER, Role.COMMUNITY_MANAGER]), what=st.sampled_from(["will_do", "done", "no"]))
    def decide(self, who: Role, what: str) -> None:
        given = {"insight_id": self.insight.pk, "decision": what, "why": "Parce que."}
        done = self.tried(lambda: insights.decide_insight(self.world.actor(who), **given))
        assert self.agrees(done, Step.DECIDE, who is Role.APPROVER)
        if done:
            self.nobody_owes()

    @rule(who=WRITERS)
    def tell(self, who: Role) -> None:
        source = sources(self.world, self.insight)[0]
        given = {"insight_id": self.insight.pk, "source_id": source.pk, "text": "Voilà."}
        done = self.tried(lambda: insights.begin_closing(self.world.actor(who), **given))
        assert self.agrees(done, Step.TELL, who in MAY_WRITE and not self.told)
        self.told = self.told or done is not None

    @rule(who=WRITERS, note=st.sampled_from(["", "Sans suite"]))
    def close(self, who: Role, note: str) -> None:
        worded = bool(note) or self.state is State.DECIDED
        done = self.tried(lambda: insights.close_insight(self.world.actor(who), insight_id=self.insight.pk, note=note))
        assert self.agrees(done, Step.CLOSE, who in MAY_WRITE and worded)

    @rule(who=WRITERS)
    def reopen(self, who: Role) -> None:
        done = self.tried(lambda: insights.reopen_insight(self.world.actor(who), insight_id=self.insight.pk))
        assert self.agrees(done, Step.REOPEN, who in MAY_WRITE)

    @rule(days=st.sampled_from([1, 3, 15]))
    def wait(self, days: int) -> None:
        self.now += days * DAY + timedelta(minutes=1)
        self.clock.move_to(self.now)
        asking = self.newest()
        if asking is not None:
            house = process_of(self.world.brand, EntryPoint.WORKER, "insights")
            with suppress(Later):
                insights.lapse_asking(house, asking_id=asking.pk)
        if self.state is State.ASKED and self.due is not None and self.due <= self.now:
            self.state = State.LATE
            self.taken += 1

    @invariant()
    def it_stands_where_its_steps_lead(self) -> None:
        with brand_scope(self.world.brand):
            row = Insight.objects.get(pk=self.insight.pk)
            steps = list(InsightStep.objects.filter(insight=row).order_by("number"))
            assert Closing.objects.filter(insight=row).count() == int(self.told)
        assert row.state == self.state == fold(steps)
        assert [one.number for one in steps] == list(range(1, self.taken + 1))
        for before, one in pairwise(steps):
            assert one.was == before.now
            assert after(one.was, Step(one.step)) == one.now

    @invariant()
    def a_word_is_owed_just_while_it_was_asked_for(self) -> None:
        with brand_scope(self.world.brand):
            row = Insight.objects.get(pk=self.insight.pk)
            open_ones = list(Asking.objects.filter(insight=row, closed_at=None))
            shut = ShareLink.objects.filter(asking__insight=row, asking__closed_at__isnull=False, revoked_at=None)
            assert not shut.exists()
        assert len(open_ones) == int(self.person or self.link is not None)
        assert (row.due_at is not None) == (row.state in OWED) == (self.due is not None)
        pointers = WorkPointer.objects.filter(kind="asked", object_id__in=[one.pk for one in open_ones]).count()
        assert pointers == int(self.person and not self.answered)

    def given(self, days: int, once: bool) -> dict[str, Any]:
        due = self.now + days * DAY
        return {"insight_id": self.insight.pk, "department": "product", "due": due, "once": once}

    def owes(self, due: datetime, once: bool, *, link: Any) -> None:
        self.due, self.once, self.link, self.person, self.answered = due, once, link, link is None, False
        self.link_ends = min(due + 7 * DAY, self.now + 30 * DAY)

    def nobody_owes(self) -> None:
        self.due, self.person, self.link = None, False, None

    def agrees(self, done: Any, step: Step, allowed: bool) -> bool:
        """Whether it was done just where the table and the guard say so; then the model stands there, too."""
        then = after(self.state, step)
        if done:
            self.state, self.taken = then or self.state, self.taken + 1
        return bool(done) == (allowed and then is not None)

    def newest(self) -> Asking | None:
        with brand_scope(self.world.brand):
            return Asking.objects.filter(insight=self.insight).order_by("-at", "-id").first()

    def tried(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except RelaisError:
            return None


def test_whatever_anybody_does(world: World) -> None:
    Life.world = world
    with time_machine.travel(BEGIN) as clock:
        Life.clock = clock
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=8, stateful_step_count=16, deadline=None, database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip


@pytest.mark.parametrize("state", list(State))
def test_every_state_leads_on(state: State) -> None:
    """Nothing ends in a corner: from everywhere it can be closed, and from there be taken up again."""
    reached, new = {state}, {state}
    while new:
        new = {there for one in new for there in LIFE[one].values()} - reached
        reached |= new
    assert reached == set(State)


def test_an_open_question_is_never_closed_over() -> None:
    assert all(after(state, Step.CLOSE) is None for state in OWED)
