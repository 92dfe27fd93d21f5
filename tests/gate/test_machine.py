"""Everybody does anything in any order, over the real database; a small model says what may be on the wall afterwards."""

from collections.abc import Callable
from itertools import count
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from clients.approvals.actions import set_policy
from clients.approvals.models import Hold
from clients.channels.models import MemoryPost
from clients.gate.actions import (
    approve_batch,
    approve_item,
    approve_with_edit,
    ask_change,
    perform_item,
    refuse_item,
    resume,
    stop,
    submit_item,
    veto_item,
    withdraw_item,
)
from clients.gate.models import DecisionRecord, Dispatch, Receipt
from clients.gate.replay import replay
from clients.items.actions import create_item, edit_item
from clients.items.life import LIFE, ItemState
from clients.items.models import Item, ItemVersion
from clients.outbox.models import OutboxRow
from tenants.errors import RelaisError
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.world import World

AGENCY = [Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER]
BRINGERS = st.sampled_from([*AGENCY, *AGENCY, Role.BRAND_MANAGER, Role.APPROVER])
BRAND = [Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER]
ANYBODY = st.sampled_from([*BRAND, *BRAND, Role.AGENCY_OWNER, Role.COMMUNITY_MANAGER])
MAY_APPROVE = {Role.BRAND_OWNER, Role.BRAND_MANAGER, Role.APPROVER}
NUMBERS = st.integers(0, 1)
TEXTS = count()


def reachable(start: str) -> set[str]:
    seen, edge = {start}, [start]
    while edge:
        following = {str(to) for to in LIFE[ItemState(edge.pop())].values()} - seen
        seen |= following
        edge += following
    return seen


REACHABLE = {str(state): reachable(str(state)) for state in ItemState}


class Gate(RuleBasedStateMachine):
    """The model: which content got a yes of whom, which got a no, who brought what, which level holds, which brakes are on."""

    world: ClassVar[World]

    @initialize(level=st.sampled_from([2, 2, 5]))
    def begin(self, level: int) -> None:
        self.items: list[UUID] = []
        self.states: dict[UUID, str] = {}
        self.yes: dict[UUID, set[tuple[str, Role]]] = {}
        self.no: dict[UUID, set[str]] = {}
        self.brought: dict[UUID, list[Role]] = {}
        self.performed: set[UUID] = set()
        self.authors: dict[UUID, Role] = {}
        self.holds: dict[UUID, tuple[str, str]] = {}
        self.set_level(level)
        self.create(AGENCY[0], bring=True)
        self.create(AGENCY[1], bring=True)

    def teardown(self) -> None:
        for hold in getattr(self, "holds", {}):
            resume(self.world.owner, hold_id=hold)
        self.holds = {}
        with brand_scope(self.world.brand):
            kept = DecisionRecord.objects.filter(item_id__in=getattr(self, "items", []))
            assert all(replay(each).same for each in kept)
            # What is left belongs to this run's items: the next run knows nothing of them.
            OutboxRow.objects.filter(done_at=None).update(done_at=timezone.now())

    # --- What people do ---

    @rule(role=BRINGERS, bring=st.booleans())
    def create(self, role: Role, bring: bool) -> None:
        item = create_item(self.world.actor(role), content=self.world.content(f"Texte {next(TEXTS)}"))
        self.items.append(item.pk)
        self.states[item.pk], self.authors[item.pk] = "draft", role
        self.yes[item.pk], self.no[item.pk], self.brought[item.pk] = set(), set(), []
        if bring:
            self.submitted(item.pk, role)

    @precondition(lambda self: self.items)
    @rule(which=NUMBERS, role=BRINGERS, new=st.booleans())
    def edit(self, which: int, role: Role, new: bool) -> None:
        pk, seen = self.seen(which)
        with brand_scope(self.world.brand):
            first = ItemVersion.objects.get(item=pk, number=1).exact_content()
        content = self.world.content(f"Texte {next(TEXTS)}") if new else first
        self.tried(lambda: edit_item(self.world.actor(role), item_id=pk, seen_digest=seen, content=content))

    @precondition(lambda self: self.items)
    @rule(which=NUMBERS, role=BRINGERS)
    def submit(self, which: int, role: Role) -> None:
        self.submitted(self.seen(which)[0], role)

    @precondition(lambda self: self.items)
    @rule(which=NUMBERS, role=ANYBODY, go=st.booleans())
    def approve(self, which: int, role: Role, go: bool) -> None:
        pk, seen = self.seen(which)
        if self.tried(lambda: approve_item(self.world.actor(role), item_id=pk, seen_digest=seen)):
            assert role in MAY_APPROVE
            assert role is not self.authors[pk]
            self.yes[pk].add((seen, role))
        if go:
            self.time_passes()

    @precondition(lambda self: self.items)
    @rule(which=NUMBERS, role=ANYBODY)
    def approve_several(self, which: int, role: Role) -> None:
        """Pressed and never taken back; it takes effect while time stands, because the brand gave itself no time to undo."""
        pk, seen = self.seen(which)
        if self.tried(lambda: approve_batch(self.world.actor(role), items=[(pk, seen)])):
            assert role in MAY_APPROVE
            self.yes[pk].add((seen, role))

    @precondition(lambda self: self.items)
    @rule(which=NUMBERS, role=ANYBODY)
    def approve_other_words(self, which: int, role: Role) -> None:
        pk, seen = self.seen(which)
        content = self.world.content(f"Texte {next(TEXTS)}")
        if self.tried(lambda: approve_with_edit(self.world.actor(role), item_id=pk, seen_digest=seen, content=content)):
            assert role in MAY_APPROVE
            self.yes[pk].add((self.seen(which)[1], role))

    @precondition(lambda self: self.items)
    @rule(which=NUMBERS, role=ANYBODY, how=st.sampled_from([refuse_item, ask_change, veto_item]))
    def say_no(self, which: int, role: Role, how: Callable[..., Any]) -> None:
        pk, seen = self.seen(which)
        if self.tried(lambda: how(self.world.actor(role), item_id=pk, seen_digest=seen, comment="Non.")):
            assert role in MAY_APPROVE
            self.no[pk].add(seen)

    @precondition(lambda self: self.items)
    @rule(which=NUMBERS, role=ANYBODY)
    def perform(self, which: int, role: Role) -> None:
        pk, seen = self.seen(which)
        if self.tried(lambda: perform_item(self.world.actor(role), item_id=pk, seen_digest=seen)):
            assert role in (Role.BRAND_OWNER, Role.BRAND_MANAGER)
            self.performed.add(pk)

    @precondition(lambda self: self.items)
    @rule(which=NUMBERS, role=BRINGERS)
    def withdraw(self, which: int, role: Role) -> None:
        pk, _ = self.seen(which)
        self.tried(lambda: withdraw_item(self.world.actor(role), item_id=pk))

    # --- What the brand turns ---

    @rule(level=st.sampled_from([1, 2, 2, 5]))
    def set_level(self, level: int) -> None:
        self.level = level
        self.world.charter(level)

    @rule(scope=st.sampled_from(["all", "kind", "channel", "person", "item"]), which=NUMBERS, role=ANYBODY)
    def pull(self, scope: str, which: int, role: Role) -> None:
        item = self.items[which % len(self.items)] if self.items else None
        values = {
            "all": "",
            "kind": "publish",
            "channel": str(self.world.wall.pk),
            "person": str(self.world.people[Role.COMMUNITY_MANAGER].pk),
            "item": str(item),
        }
        kept: list[Hold] = []
        if self.tried(lambda: kept.append(stop(self.world.actor(role), scope=scope, value=values[scope]))):
            assert role in MAY_APPROVE
            self.holds[kept[0].pk] = (scope, values[scope])

    @precondition(lambda self: self.holds)
    @rule(role=ANYBODY)
    def release(self, role: Role) -> None:
        hold = next(iter(self.holds))
        if self.tried(lambda: resume(self.world.actor(role), hold_id=hold)):
            assert role in (Role.BRAND_OWNER, Role.BRAND_MANAGER)
            del self.holds[hold]

    @rule()
    def time_passes(self) -> None:
        with brand_scope(self.world.brand):
            before = set(MemoryPost.objects.values_list("key", flat=True))
        self.world.run_outbox("gate.send", "gate.resume", "gate.batch")
        with brand_scope(self.world.brand):
            for post in MemoryPost.objects.exclude(key__in=before):
                self.may_be_on_the_wall(post)
            waiting = Item.objects.filter(pk__in=self.items, state__in=("cleared", "sending"))
            assert not waiting.exists()

    # --- What must hold ---

    def may_be_on_the_wall(self, post: MemoryPost) -> None:
        dispatch = Dispatch.objects.select_related("version").get(pk=post.key)
        pk, digest = dispatch.item_id, dispatch.version.digest
        assert post.text == dispatch.version.exact_content().text
        assert digest not in self.no[pk]
        assert not [h for h in self.holds.values() if self.covers(h, pk)]
        brand_acts = pk in self.performed or self.brought[pk][-1] is Role.BRAND_MANAGER
        approved = [role for said, role in self.yes[pk] if said == digest]
        assert brand_acts or self.level >= 5 or (approved and self.level >= 2)

    def covers(self, hold: tuple[str, str], pk: UUID) -> bool:
        scope, value = hold
        people = {self.authors[pk], self.brought[pk][-1]}
        return (
            scope in ("all", "kind", "channel")
            or (scope == "item" and value == str(pk))
            or (scope == "person" and Role.COMMUNITY_MANAGER in people)
        )

    @invariant()
    def posts_and_receipts_are_the_same(self) -> None:
        with brand_scope(self.world.brand):
            posts = {post.key: post.text for post in MemoryPost.objects.all()}
            receipts = {str(r.dispatch_id): r.content_digest for r in Receipt.objects.all()}
            assert posts.keys() == receipts.keys()
            assert len(set(Receipt.objects.values_list("item_id", flat=True))) == len(receipts)

    @invariant()
    def items_follow_the_table(self) -> None:
        with brand_scope(self.world.brand):
            for pk, state in Item.objects.filter(pk__in=getattr(self, "items", [])).values_list("pk", "state"):
                assert state in REACHABLE[self.states[pk]]
                self.states[pk] = state

    # --- Ways ---

    def submitted(self, pk: UUID, role: Role) -> None:
        if self.tried(lambda: submit_item(self.world.actor(role), item_id=pk, seen_digest=self.digest(pk))):
            self.brought[pk].append(role)
            self.performed.discard(pk)

    def seen(self, which: int) -> tuple[UUID, str]:
        """One of the newest items, and the digest of its content."""
        pk = self.items[-1 - which % len(self.items)]
        return pk, self.digest(pk)

    def digest(self, pk: UUID) -> str:
        with brand_scope(self.world.brand):
            version = Item.objects.select_related("version").get(pk=pk).version
        assert version is not None
        return str(version.digest)

    def tried(self, act: Callable[[], Any]) -> bool:
        try:
            act()
        except RelaisError:
            return False
        return True


def test_whatever_anybody_does(world: World) -> None:
    set_policy(world.owner, needs=[], decide_minutes=None, on_lapse="hold", veto_minutes=60, undo_seconds=0)
    Gate.world = world
    run_state_machine_as_test(
        Gate,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
