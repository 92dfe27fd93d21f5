"""Both sides answer at the same moment in conversations that one of them holds: threads, or processes of their own as well."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from clients.autonomy.vocabulary import ActionKind, EntryPoint
from clients.custody import actions
from clients.custody.models import Conversation
from clients.items.models import Item
from clients.outbox.models import OutboxRow
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.custody.conftest import begin
from tests.proof._scene import at_once, due_rows, surprises, work_off
from tests.proof._workers import worker_processes
from tests.world import World

DOORS = (EntryPoint.PAGE, EntryPoint.API, EntryPoint.WORKER, EntryPoint.MAIL_LINK)
ROLE = {Side.AGENCY: Role.COMMUNITY_MANAGER, Side.BRAND: Role.BRAND_OWNER}
OTHER = {Side.AGENCY: Side.BRAND, Side.BRAND: Side.AGENCY}
IN_A_ROUND = 4
"""Conversations that are fought over at once; each side answers twice in each."""


@dataclass(slots=True)
class Told:
    """What was to come out and what was not, by its words, and what did."""

    right: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)
    wall: set[str] = field(default_factory=set)
    conversations: int = 0
    broken: int = 0

    @property
    def all(self) -> int:
        return len(self.right) + len(self.wrong)

    @property
    def out(self) -> int:
        return len(self.right & self.wall)

    @property
    def wrong_out(self) -> int:
        return len(self.wrong & self.wall)

    @property
    def lost(self) -> int:
        return len(self.right - self.wall)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer to be. It crosses to another process, so it names things and holds none."""

    target: str
    handle: str
    side: Side
    text: str


def answer_at_once(world: World, wanted: int, processes: int) -> Told:
    """`wanted` answers and more, in rounds; what was cleared before its side lost the conversation counts among them."""
    told = Told()
    with worker_processes(world, processes, _speak_all) as crew:
        while told.all < wanted:
            attempts = _round(world, told)
            if crew:
                crew.start(attempts)
                told.broken += len(crew.finish())
            else:
                told.broken += len(surprises(at_once([partial(_speak, world, each) for each in attempts])))
    settle(world)
    told.wall = set(world.on_the_wall())
    return told


def _round(world: World, told: Told) -> list[Attempt]:
    """Conversations that have just changed hands, and what both sides are about to say in them, in no order."""
    attempts = []
    for _ in range(IN_A_ROUND):
        holder = random.choice(list(Side))
        one, target, early = _changed_hands(world, holder)
        told.wrong.add(early)
        told.conversations += 1
        for side in (*Side, *Side):
            attempts.append(Attempt(target, one.handle, side, f"Réponse {random.random()}"))
            (told.right if side is holder else told.wrong).add(attempts[-1].text)
    random.shuffle(attempts)
    return attempts


def _changed_hands(world: World, holder: Side) -> tuple[Conversation, str, str]:
    """A conversation that has just come into the hands of `holder`, and an answer that was cleared for the other side before."""
    target = f"dit-{random.random()}"
    one = begin(world, remote_id=target)
    if holder is Side.AGENCY:
        actions.take_back(world.owner, conversation_id=one.pk)
    early = Attempt(target, one.handle, OTHER[holder], f"Trop tard {random.random()}")
    assert submit(world, early).state == "cleared"
    actions.take_back(world.actor(ROLE[holder]), conversation_id=one.pk)
    return one, target, early.text


def submit_answer(world: World, one: Conversation, side: Side, text: str) -> Item:
    """An answer to what was said first in it; nothing ties it to the conversation."""
    with brand_scope(world.brand):
        target = one.turns.values_list("remote_id", flat=True).earliest("number")
    return submit(world, Attempt(target, one.handle, side, text))


def submit(world: World, attempt: Attempt) -> Item:
    """By some door, aimed by what it answers or by whom it goes to."""
    aim = random.choice(({"target": attempt.target}, {"recipient": f"@{attempt.handle.upper()}"}))
    by = world.actor(ROLE[attempt.side], random.choice(DOORS))
    return world.submitted(attempt.text, by, kind=random.choice((ActionKind.ANSWER, ActionKind.ACKNOWLEDGE)), **aim)


def _speak(world: World, attempt: Attempt) -> None:
    submit(world, attempt)
    work_off(world, due_rows(world, "gate.send"))


def _speak_all(world: World, attempts: Sequence[Any]) -> None:
    """One process's share, at once. Raises what no answer of the house is."""
    if found := surprises(at_once([partial(_speak, world, each) for each in attempts])):
        raise found[0]


def settle(world: World) -> None:
    """Let workers do everything that is due or was put off for seconds."""
    for _ in range(4):
        with brand_scope(world.brand):
            undone = OutboxRow.objects.filter(done_at=None, kind="gate.send")
            undone.filter(due_at__lt=timezone.now() + timedelta(minutes=1)).update(due_at=timezone.now())
        work_off(world, due_rows(world, "gate.send"))
