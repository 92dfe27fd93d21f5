"""Conversations merged, taken apart and split in any order, with notes beside them, and what must be true after every step.

Every message stands in exactly one conversation that one can open; what one side wrote for itself alone is read by nobody of
the other, whatever became of the conversation; nothing that may not be done leaves a trace.
"""

from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from clients.conversations.actions import note_beside, open_from_mention, split_off
from clients.conversations.queries import conversation_of_mention, notes_beside, notes_kept_aside, whole_thread
from clients.custody.actions import accept, merge, part, pass_on
from clients.custody.models import Conversation, Turn
from clients.custody.rules import Holder
from clients.disclosure.rules import InfoClass
from clients.people.actor import Actor
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.conversations.conftest import heard
from tests.proof._scene import code_of
from tests.world import World

SIDE_OF = {Role.COMMUNITY_MANAGER: Side.AGENCY, Role.BRAND_OWNER: Side.BRAND}
READERS = (*SIDE_OF, Role.AGENCY_MANAGER, Role.AUDITOR, Role.APPROVER)
SECRET = {Side.AGENCY: "ENTRE NOUS", Side.BRAND: "À LA MARQUE"}
which, who = st.integers(0, 30), st.sampled_from(list(SIDE_OF))


class TalksMachine(RuleBasedStateMachine):
    """A handful of messages of one member. `world` is set by whoever runs it."""

    world: ClassVar[World]
    parted: ClassVar[int] = 0
    merged: ClassVar[int] = 0
    number: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.said: list[UUID] = []
        self.talks: list[UUID] = []
        self.noted = {Side.AGENCY: 0, Side.BRAND: 0, None: 0}
        self.looks = 0

    @initialize(into=which)
    def somebody_wrote(self, into: int) -> None:
        """In every course something was split off and something merged: what follows is about that."""
        self.a_message_begins_one()
        self.a_message_begins_one()
        self.a_message_goes_on(0)
        self.notes(0, Role.COMMUNITY_MANAGER, aside=True)
        self.splits(2)
        self.merges(1 + into % 2, into % 2, Role.COMMUNITY_MANAGER)

    @rule()
    def a_message_begins_one(self) -> None:
        self.talks.append(self.hear("").pk)

    @rule(before=which)
    def a_message_goes_on(self, before: int) -> None:
        """Whatever became of what it answers: it is heard where that stands now."""
        target = self.said[before % len(self.said)]
        with brand_scope(self.world.brand):
            turn = Turn.objects.filter(mention=target).order_by("seen_at").last()
            assert turn is not None
            there = conversation_of_mention(target)
        assert self.hear(turn.remote_id) == there

    def hear(self, before: str) -> Conversation:
        type(self).number += 1
        mention = heard(self.world, f"Mot {self.number}", f"r{self.number}", before)
        self.said.append(mention.pk)
        return open_from_mention(self.world.cm, mention_id=mention.pk)

    @rule(one=which, into=which, by=who)
    def merges(self, one: int, into: int, by: Role) -> None:
        found, other = self.talk(one), self.talk(into)
        act = lambda: merge(self.world.actor(by), conversation_id=found, into_id=other)  # noqa: E731
        type(self).merged += not code_of(act)

    @rule(one=which, by=who)
    def parts(self, one: int, by: Role) -> None:
        code_of(lambda: part(self.world.actor(by), conversation_id=self.talk(one)))

    @rule(one=which)
    def splits(self, one: int) -> None:
        """By whoever holds it; who may not is in `test_splitting`."""
        with brand_scope(self.world.brand):
            said = Turn.objects.filter(mention=self.said[one % len(self.said)]).order_by("seen_at")
            turn = said.select_related("conversation").last()
        assert turn is not None
        by = next(role for role, side in SIDE_OF.items() if side == turn.conversation.holder_side)
        begun: list[Conversation] = []
        act = lambda: begun.append(  # noqa: E731
            split_off(self.world.actor(by), conversation_id=turn.conversation_id, turn_id=turn.pk)
        )
        if not code_of(act):
            type(self).parted += 1
            self.talks.append(begun[0].pk)

    @rule(one=which, to=who)
    def passes(self, one: int, to: Role) -> None:
        """Into the hands of somebody of that side, where the other holds it."""
        found, taker = self.talk(one), self.world.actor(to)
        giver = self.world.actor(next(role for role in SIDE_OF if role is not to))
        holder = Holder(SIDE_OF[to], taker.person_id)
        if not code_of(lambda: pass_on(giver, conversation_id=found, to=holder, note="Pour vous.")):
            accept(taker, conversation_id=found)

    @rule(one=which, by=who, aside=st.booleans())
    def notes(self, one: int, by: Role, aside: bool) -> None:
        side = SIDE_OF[by] if aside else None
        text = SECRET[side] if side else "POUR TOUS"
        shared = None if aside else InfoClass.SHARED
        note_beside(self.world.actor(by), conversation_id=self.talk(one), text=text, info_class=shared, aside=aside)
        self.noted[side] += 1

    def talk(self, number: int) -> UUID:
        return self.talks[number % len(self.talks)]

    @invariant()
    def every_message_stands_in_exactly_one(self) -> None:
        with brand_scope(self.world.brand):
            stand = Conversation.objects.filter(pk__in=self.talks, merged_into=None)
            seen = {talk.pk: [turn.mention for turn in whole_thread(talk)] for talk in stand}
            where = [(mention, talk) for talk, mentions in seen.items() for mention in mentions]
            assert sorted(m for m, _ in where) == sorted(self.said)
            for mention, talk in where:
                found = conversation_of_mention(mention)
                assert found is not None and found.pk == talk

    @invariant()
    def what_is_for_one_side_is_read_by_no_other(self) -> None:
        """Read by another of them after every step: by each several times in a course."""
        self.looks += 1
        role = READERS[self.looks % len(READERS)]
        read = self.read_by(self.world.actor(role))
        side = Side.AGENCY if role in {Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER} else Side.BRAND
        other = next(one for one in SECRET if one is not side)
        assert SECRET[other] not in read, (role, read)
        assert read.count("POUR TOUS") == self.noted[None]
        assert read.count(SECRET[side]) == self.noted[side]

    def read_by(self, actor: Actor) -> list[str]:
        with brand_scope(self.world.brand):
            stand = list(Conversation.objects.filter(pk__in=self.talks, merged_into=None))
            if actor.side is Side.BRAND:
                assert sum(notes_kept_aside(actor, talk) for talk in stand) == self.noted[Side.AGENCY]
            return [note.text for talk in stand for note in notes_beside(actor, talk)]
