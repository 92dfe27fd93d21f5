"""Custody as a machine of random steps, and what must come of each, worked out a second time without looking at the table.

Beside every step stands whether it must be allowed and whose hands the conversation must be in afterwards. After each: exactly
one holder, the stored row is what its steps add up to, the steps follow one another without a gap, and the sides' times add up
to the time that has passed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any, ClassVar

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from clients.autonomy.vocabulary import EntryPoint
from clients.custody import actions
from clients.custody.models import Conversation, Holding, Offer
from clients.custody.queries import holder_for
from clients.custody.rules import Holder, LapseTo, Voice, held_times
from clients.custody.steps import Said, hear
from clients.people.actor import Actor, process_of
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope, durable
from tests.custody.conftest import begin, standing
from tests.proof._scene import code_of
from tests.world import World

ROLES = (Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER, Role.BRAND_OWNER, Role.BRAND_MANAGER)
SIDE_OF = {role: Side.AGENCY if role in ROLES[:2] else Side.BRAND for role in ROLES}
who = st.sampled_from(ROLES)


@dataclass(frozen=True)
class Expected:
    """A conversation as the rules in words make it."""

    holder: Holder
    state: str = "open"
    locked: bool = False
    agency_held: bool = False
    offered: Holder | None = None
    lapse_to: str = "giver"
    giver: Holder | None = None

    def given(self, to: Holder) -> "Expected":
        """Into other hands, which may return it."""
        giver = self.giver if to == self.holder else self.holder
        asleep = "open" if self.state == "snoozed" else self.state
        return replace(
            self,
            holder=to,
            giver=giver,
            state=asleep,
            offered=None,
            agency_held=self.agency_held or to.side == "agency",
        )


def assert_adds_up(steps: Sequence[Holding], until: datetime) -> None:
    """Numbered without a gap, each from the hands into which the one before it gave; the sides' times are all the time."""
    assert [row.number for row in steps] == list(range(1, len(steps) + 1))
    for before, row in pairwise(steps):
        given = (before.now_side, before.now_person, before.now_team, before.now_state)
        assert given == (row.was_side, row.was_person, row.was_team, row.was_state)
        assert before.at <= row.at
    assert sum(held_times(steps, until).values(), timedelta(0)) == until - steps[0].at


class CustodyMachine(RuleBasedStateMachine):
    """One conversation, four people, every step at any time. `world` is set by whoever runs it."""

    world: ClassVar[World]
    steps: ClassVar[int] = 0
    refusals: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.remote_id = f"said-{timezone.now().timestamp()}"
        self.one = begin(self.world, remote_id=self.remote_id)
        self.it = Expected(Holder(Side.AGENCY), agency_held=True)

    def person(self, role: Role) -> Holder:
        return Holder(SIDE_OF[role], self.world.people[role].pk)

    def attempt(self, act: Callable[..., Any], role: Role, allowed: bool, then: Expected, **more: Any) -> None:
        type(self).steps += 1
        actor = self.world.actor(role)
        code = code_of(partial(act, actor, conversation_id=self.one.pk, **more))
        assert (not code) == allowed, (act.__name__, role, code, self.it)
        if code:
            type(self).refusals += 1
        else:
            self.it = then

    def holds(self, role: Role) -> bool:
        return SIDE_OF[role] is self.it.holder.side

    @rule(by=who, to=who, lapse_to=st.sampled_from(LapseTo), wide=st.sampled_from(["person", "side", "team"]))
    def passes(self, by: Role, to: Role, lapse_to: LapseTo, wide: str) -> None:
        target = {"person": self.person(to), "side": Holder(SIDE_OF[to]), "team": Holder(SIDE_OF[to], None, "Shop")}[
            wide
        ]
        it = self.it
        allowed = self.holds(by) and it.offered is None and target != it.holder and it.state != "closed"
        then = replace(it, offered=target, lapse_to=str(lapse_to))
        self.attempt(actions.pass_on, by, allowed, then, to=target, note="?", lapse_to=lapse_to)

    @rule(by=who)
    def accepts(self, by: Role) -> None:
        offered = self.it.offered
        allowed = (
            offered is not None and offered.side is SIDE_OF[by] and offered.person in {None, self.person(by).person}
        )
        to = offered if offered and offered.team else self.person(by)
        self.attempt(actions.accept, by, allowed, self.it.given(to))

    @rule(by=who)
    def declines(self, by: Role) -> None:
        offered = self.it.offered
        allowed = (
            offered is not None and offered.side is SIDE_OF[by] and offered.person in {None, self.person(by).person}
        )
        self.attempt(actions.decline, by, allowed, replace(self.it, offered=None), reason="No.")

    @rule(by=who)
    def withdraws(self, by: Role) -> None:
        allowed = self.holds(by) and self.it.offered is not None
        self.attempt(actions.withdraw, by, allowed, replace(self.it, offered=None))

    @rule(by=who)
    def takes_back(self, by: Role) -> None:
        agency = SIDE_OF[by] is Side.AGENCY
        allowed = not self.holds(by) and (not agency or (self.it.agency_held and not self.it.locked))
        self.attempt(actions.take_back, by, allowed, self.it.given(self.person(by)))

    @rule(by=who)
    def gives_back(self, by: Role) -> None:
        giver = self.it.giver
        allowed = self.holds(by) and giver is not None and self.it.state != "closed"
        then = replace(self.it.given(giver), giver=None) if giver else self.it
        self.attempt(actions.give_back, by, allowed, then)

    @rule(by=who, lock=st.booleans())
    def locks(self, by: Role, lock: bool) -> None:
        act = actions.lock if lock else actions.unlock
        self.attempt(act, by, SIDE_OF[by] is Side.BRAND, replace(self.it, locked=lock))

    @rule(by=who, team=st.sampled_from([None, "", "Evening"]))
    def within_a_side(self, by: Role, team: str | None) -> None:
        allowed = self.holds(by) and self.it.state != "closed"
        if team is None:
            self.attempt(actions.take, by, allowed, replace(self.it, holder=self.person(by)))
        else:
            to = Holder(self.it.holder.side, None, team)
            self.attempt(actions.let_go, by, allowed, replace(self.it, holder=to), team=team)

    @rule(by=who)
    def waits(self, by: Role) -> None:
        allowed = self.holds(by) and self.it.state in {"open", "snoozed"}
        self.attempt(actions.wait_for_member, by, allowed, replace(self.it, state="waiting"))

    @rule(by=who)
    def snoozes(self, by: Role) -> None:
        until = timezone.now() + timedelta(hours=1)
        allowed = self.holds(by) and self.it.state != "closed"
        self.attempt(actions.snooze, by, allowed, replace(self.it, state="snoozed"), until=until)

    @rule(by=who)
    def wakes(self, by: Role) -> None:
        allowed = self.holds(by) and self.it.state in {"waiting", "snoozed"}
        self.attempt(actions.wake, by, allowed, replace(self.it, state="open"))

    @rule(by=who)
    def closes(self, by: Role) -> None:
        allowed = self.holds(by) and self.it.state != "closed"
        self.attempt(actions.close, by, allowed, replace(self.it, state="closed", offered=None))

    @rule(by=who)
    def reopens(self, by: Role) -> None:
        allowed = self.holds(by) and self.it.state == "closed"
        self.attempt(actions.reopen, by, allowed, replace(self.it, state="open"))

    @rule()
    def the_member_speaks(self) -> None:
        with durable(self.world.brand):
            row = Conversation.objects.select_for_update().get(pk=self.one.pk)
            hear(self.house, row, Said(Voice.MEMBER, "…"))
        self.it = replace(self.it, state="open")

    @rule()
    def the_offer_lapses(self) -> None:
        with brand_scope(self.world.brand):
            offer = Offer.objects.filter(conversation=self.one, closed_at=None).first()
            Offer.objects.filter(conversation=self.one, closed_at=None).update(accept_by=timezone.now())
        assert (offer is None) == (self.it.offered is None)
        if offer is None or self.it.offered is None:
            return
        actions.lapse(self.house, offer_id=offer.pk)
        to = replace(self.it.offered, person=None) if self.it.lapse_to == "side" else self.it.holder
        self.it = replace(self.it.given(to) if to != self.it.holder else self.it, offered=None)

    @property
    def house(self) -> Actor:
        return process_of(self.world.brand, EntryPoint.WORKER, "worker")

    @invariant()
    def exactly_one_holds_it(self) -> None:
        stored = standing(self.world, self.one)  # which is what its steps add up to
        assert (stored.holder, str(stored.state), stored.locked) == (self.it.holder, self.it.state, self.it.locked)
        with brand_scope(self.world.brand):
            found = holder_for(self.world.wall.pk, self.remote_id, "")
            rows = list(Holding.objects.filter(conversation=self.one).order_by("number"))
            assert Offer.objects.filter(conversation=self.one, closed_at=None).count() == (self.it.offered is not None)
        assert found is not None and found.side is self.it.holder.side
        assert_adds_up(rows, timezone.now())
