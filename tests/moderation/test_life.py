"""A case's life by machine: anybody does anything in any order while nights pass, and a small model says what stands there."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from clients.autonomy.vocabulary import EntryPoint
from clients.gate.actions import withdraw_item
from clients.gate.models import Receipt
from clients.mentions.models import Mention
from clients.moderation.actions import ask_acts, decide_appeal, follow_act, record_appeal, show_again
from clients.moderation.models import Act, Appeal, Case
from clients.moderation.rules import ACTS, BAN, DELETE, HIDE, UNHIDE, CaseState, Standing, after, askable, problem_with
from clients.outbox.registry import Later
from clients.people.actor import process_of
from tenants.errors import RelaisError
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.moderation.conftest import approve, comment, paris
from tests.world import World

ASKERS = st.sampled_from([Role.BRAND_MANAGER, Role.BRAND_OWNER, Role.COMMUNITY_MANAGER])
NUMBERS = count()
BEGIN = paris("2026-11-02T10:00")


class Life(RuleBasedStateMachine):
    """The model keeps who asked for what and when, and who said yes; what is outside is told by receipts alone."""

    world: ClassVar[World]
    clock: ClassVar[Any]

    @initialize()
    def begin(self) -> None:
        self.mention: Mention = comment(self.world, f"Vie {next(NUMBERS)}")
        self.asked: dict[Any, tuple[datetime, Role, str]] = {}
        self.agreed: set[Any] = set()
        self.looked = True
        self.clock.move_to(BEGIN)
        self.now = BEGIN

    @rule(
        who=ASKERS, acts=st.sets(st.sampled_from(["hide", "delete", "ban"]), min_size=1), cited=st.sampled_from("112")
    )
    def ask(self, who: Role, acts: set[str], cited: str) -> None:
        found = self.tried(lambda: ask_acts(self.world.actor(who), mention_id=self.mention.pk, acts=acts, rule=cited))
        for act in found or ():
            self.asked[act.pk] = (self.now, who, cited)

    @rule(who=ASKERS)
    def show(self, who: Role) -> None:
        case = self.case()
        if case is not None:
            act = self.tried(lambda: show_again(self.world.actor(who), case_id=case.pk))
            if act is not None:
                self.asked[act.pk] = (self.now, who, "")

    @rule(which=st.integers(0, 3))
    def agree(self, which: int) -> None:
        acts = self.acts()
        if acts:
            act = acts[-1 - which % len(acts)]
            with suppress(RelaisError):
                approve(self.world, act)
                self.agreed.add(act.pk)

    @rule(which=st.integers(0, 3))
    def take_back(self, which: int) -> None:
        acts = self.acts()
        if acts:
            act = acts[-1 - which % len(acts)]
            self.tried(lambda: withdraw_item(self.world.owner, item_id=act.item_id))

    @rule(undone=st.booleans())
    def appeal(self, undone: bool) -> None:
        case = self.case()
        if case is None:
            return
        person = self.world.people[Role.AGENCY_MANAGER].pk
        made = self.tried(lambda: record_appeal(self.world.cm, case_id=case.pk, words="Non", to_person=person))
        if made is None:
            return
        verdict, judge = "undone" if undone else "upheld", self.world.actor(Role.AGENCY_MANAGER)
        before = {act.pk for act in self.acts()}
        self.tried(lambda: decide_appeal(judge, appeal_id=made.pk, verdict=verdict, answer="Vu."))
        for act in self.acts():
            if act.pk not in before:
                self.asked[act.pk] = (self.now, Role.AGENCY_MANAGER, "")
        with brand_scope(self.world.brand):
            Appeal.objects.filter(pk=made.pk).update(state="upheld")

    @rule(hours=st.sampled_from([1, 9, 24, 80]))
    def wait(self, hours: int) -> None:
        self.now, self.looked = self.now + timedelta(hours=hours), True
        self.clock.move_to(self.now)
        self.world.run_outbox("gate.send", "gate.morning")
        for act in self.acts():
            worker = process_of(self.world.brand, EntryPoint.WORKER, "moderation")
            with suppress(Later):
                follow_act(worker, act_id=act.pk)

    @invariant()
    def what_left_may_have_left(self) -> None:
        """For good: two people and a night, or an urgent rule; by the agency never without the brand."""
        for act in self.acts():
            moment = self.left(act)
            if moment is None:
                continue
            at, who, cited = self.asked[act.pk]
            if who in (Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER):
                assert act.pk in self.agreed
            if act.kind in ("delete", "ban") and cited != "2":
                assert act.pk in self.agreed
                assert moment.date() > at.date()

    @invariant()
    def the_case_stands_as_the_acts_that_left(self) -> None:
        case = self.case()
        if case is None:
            return
        done = sorted((moment, act.number, act) for act in self.acts() if (moment := self.left(act)))
        state = CaseState.VISIBLE
        for _moment, _number, act in done:
            state = after(state, next(kind for kind in ACTS if kind == act.kind))
        if self.looked:  # a follower looks when time passes
            assert case.state == state

    def case(self) -> Case | None:
        with brand_scope(self.world.brand):
            return Case.objects.filter(mention=self.mention.pk).first()

    def acts(self) -> list[Act]:
        with brand_scope(self.world.brand):
            return list(Act.objects.filter(case__mention=self.mention.pk).order_by("number"))

    def left(self, act: Act) -> datetime | None:
        with brand_scope(self.world.brand):
            return Receipt.objects.filter(item_id=act.item_id).values_list("sent_at", flat=True).first()

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
                max_examples=5,
                stateful_step_count=14,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


EVERYTHING = frozenset(ACTS)


@pytest.mark.parametrize(
    ("state", "offered"),
    [(CaseState.VISIBLE, [HIDE, BAN]), (CaseState.HIDDEN, [UNHIDE, DELETE, BAN]), (CaseState.GONE, [BAN])],
)
def test_what_may_be_asked_for_in_each_state(state: CaseState, offered: list[Any]) -> None:
    assert askable(Standing(state), EVERYTHING) == offered


def test_hiding_comes_first_where_the_network_hides_and_the_rule_may_wait() -> None:
    seen = Standing(CaseState.VISIBLE)
    assert problem_with(DELETE, seen, EVERYTHING) == "hide_first"
    assert problem_with(DELETE, seen, EVERYTHING, urgent=True) == ""
    assert problem_with(DELETE, seen, {DELETE}) == ""
    assert problem_with(DELETE, Standing(CaseState.VISIBLE, frozenset({HIDE})), EVERYTHING) == ""
    assert problem_with(HIDE, seen, {DELETE}) == "act_not_possible"
