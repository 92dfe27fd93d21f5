"""One holder at every moment: whoever does not hold a conversation does not answer in it, whatever happens at the same time.

- Random courses of every step by four people of both sides, against the rules in words: exactly one holder, no gap between two
  steps, per-side times that add up, and the gate's answer to who holds it (`tests/custody/machine.py`).
- Every refusal beside its permission, from one set-up.
- Answers of both sides at the same moment, by page, API, worker and mail link, aimed by target or by handle alone, some cleared
  while their side still held it: of all of them exactly the holder's reach the wall (`_both_sides`).
- Taking back while an answer leaves, by both sides, over a network that dawdles: what was not out when it returned never comes
  out, what was out has its receipt, and afterwards the one side answers and the other does not.
- Afterwards the books of every conversation that was fought over: no gap between two steps, and the sides' times are all the
  time that has passed.

Who answers and who sends are threads, and on the full scale processes of their own (for taking back in every other round).

Seen to fall short when: the holder was read without its lock (19 of 80 answers came out after taking back had returned).
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import groupby
from typing import Any

from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from clients.custody import actions
from clients.custody.models import Conversation, Holding
from clients.custody.rules import Holder
from clients.gate.models import DecisionRecord, Receipt
from clients.gate.replay import replay
from clients.items.models import Item
from tenants.vocabulary import Role, Side
from tenants.walls.scope import brand_scope
from tests.custody.conftest import begin, standing
from tests.custody.machine import CustodyMachine, assert_adds_up
from tests.proof._both_sides import OTHER, ROLE, answer_at_once, settle, submit_answer
from tests.proof._scene import at_once, code_of, due_rows, failed_rows, quiet, scene, surprises, work_off
from tests.proof._workers import worker_processes
from tests.proof.stop_races import dawdling_network
from tests.world import World

LONG = True
COURSES = {"small": (6, 25), "full": (150, 40)}
ANSWERS = {"small": 40, "full": 1_000}
RACES = {"small": 40, "full": 1_000}
AT_ONCE = 8


@dataclass(slots=True)
class Tally:
    """Of the races. `pace`: seconds until about half of the answers have left, so that taking back falls in between."""

    races: int = 0
    out: int = 0
    kept: int = 0
    after: int = 0
    unclear: int = 0
    errors: int = 0
    pace: float = 0.2


def run(scale: str) -> tuple[str, bool]:
    """Courses, guards, answers at once, races."""
    world = scene(level=6)
    many = 4 if scale == "full" else 0
    with quiet():
        steps, refusals = _courses(world, *COURSES[scale])
        allowed, refused, wrong = _guards(world)
        told = answer_at_once(world, ANSWERS[scale], processes=many)
        tally = _races(world, RACES[scale], processes=many // 2)
        replayed, books = _replays(world), _books(world)
    errors = told.broken + tally.errors + len(failed_rows(world))
    figures = (
        f"{steps:,} random steps ({refusals:,} refused as they must be), one holder after each; "
        f"{allowed} permissions beside {refused} refusals, {wrong} wrong; "
        f"{told.all:,} answers of {told.conversations} conversations at once ({many or 'no'} processes of their own), "
        f"{told.out:,} of the holder out, {told.wrong_out} of the other side, {told.lost} lost; "
        f"{tally.races:,} taken back while leaving ({tally.out:,} out before, {tally.kept:,} kept in), {tally.after} out after, "
        f"{tally.unclear} unclear; {replayed:,} answers replayed alike; times of {books:,} conversations add up; {errors} errors"
    )
    clean = not (wrong or told.wrong_out or told.lost or tally.after or tally.unclear or errors)
    return figures, clean and steps > 0 and told.out > 0 and tally.out > 0 and tally.kept > 0


def _courses(world: World, examples: int, length: int) -> tuple[int, int]:
    """A course that goes another way than the words say raises, and the part does not hold."""
    machine = type("Machine", (CustodyMachine,), {"world": world})
    chosen = settings(
        max_examples=examples,
        stateful_step_count=length,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
    return machine.steps, machine.refusals


@dataclass(frozen=True, slots=True)
class Guard:
    """One act: who is refused and with which code, then who may (None: nobody, as things stand)."""

    act: Callable[..., Any]
    refused: tuple[tuple[Role, str], ...]
    allowed: Role | None
    more: dict[str, Any] = field(default_factory=dict)


def _course(world: World) -> tuple[Guard, ...]:
    """On one conversation, which the agency holds; each step finds it as the one before has left it."""
    cm, boss, manager = Role.COMMUNITY_MANAGER, Role.BRAND_OWNER, Role.BRAND_MANAGER
    not_theirs, not_asked = ((boss, "held_by_other_side"),), ((boss, "not_offered_to_you"), (cm, "not_offered_to_you"))
    offer = {"to": Holder(Side.BRAND, world.people[manager].pk), "note": "Yours?"}
    keep, later = {"to": Holder(Side.AGENCY), "note": "x"}, {"until": timezone.now() + timedelta(hours=1)}
    return (
        Guard(actions.pass_on, ((cm, "pass_to_holder"),), None, keep),
        Guard(actions.take, not_theirs, cm),
        Guard(actions.pass_on, (*not_theirs, (Role.ANALYST, "not_allowed")), cm, offer),
        Guard(actions.pass_on, ((cm, "already_offered"),), None, offer),
        Guard(actions.withdraw, not_theirs, cm),
        Guard(actions.withdraw, ((cm, "nothing_offered"),), None),
        Guard(actions.pass_on, not_theirs, cm, offer),
        Guard(actions.decline, not_asked, manager, {"reason": "It is yours."}),
        Guard(actions.pass_on, not_theirs, cm, offer),
        Guard(actions.accept, not_asked, manager),
        Guard(actions.accept, ((manager, "nothing_offered"),), None),
        Guard(actions.give_back, ((cm, "held_by_other_side"),), manager),
        Guard(actions.give_back, ((cm, "nothing_to_return"),), None),
        Guard(actions.take_back, ((cm, "already_yours"),), boss),
        Guard(actions.lock, ((cm, "not_allowed"),), boss),
        Guard(actions.take_back, ((cm, "locked_by_brand"), (boss, "already_yours")), None),
        Guard(actions.unlock, ((cm, "not_allowed"),), boss),
        Guard(actions.take_back, ((boss, "already_yours"),), cm),
        Guard(actions.let_go, not_theirs, cm),
        Guard(actions.snooze, not_theirs, cm, later),
        Guard(actions.wake, not_theirs, cm),
        Guard(actions.wait_for_member, not_theirs, cm),
        Guard(actions.close, not_theirs, cm),
        Guard(actions.reopen, not_theirs, cm),
    )


def _guards(world: World) -> tuple[int, int, int]:
    """(allowed, refused, wrong)."""
    one, never = begin(world), begin(world, Side.BRAND)
    found: Counter[str] = Counter()

    def attempt(on: Conversation, guard: Guard, role: Role, expected: str) -> None:
        code = code_of(partial(guard.act, world.actor(role), conversation_id=on.pk, **guard.more))
        found["wrong" if code != expected else "refused" if code else "allowed"] += 1

    attempt(never, Guard(actions.take_back, (), None), Role.COMMUNITY_MANAGER, "never_held_it")
    for guard in _course(world):
        for role, code in guard.refused:
            attempt(one, guard, role, code)
        if guard.allowed is not None:
            attempt(one, guard, guard.allowed, "")
    return found["allowed"], found["refused"], found["wrong"]


def _races(world: World, wanted: int, processes: int) -> Tally:
    tally = Tally()
    with dawdling_network(), worker_processes(world, processes) as crew:
        while tally.races < wanted:
            _race(world, tally, crew if crew and tally.races // AT_ONCE % 2 else None)
    return tally


def _race(world: World, tally: Tally, crew: Any) -> None:
    sides = [random.choice(list(Side)) for _ in range(AT_ONCE)]
    ones = [begin(world, side, remote_id=f"dit-{random.random()}") for side in sides]
    for one, side in zip(ones, sides, strict=True):
        if side is Side.BRAND:  # the agency takes back what it held before
            _held_before(world, one)
    texts = [f"Course {random.random()}" for _ in ones]
    items = [submit_answer(world, one, side, text) for one, side, text in zip(ones, sides, texts, strict=True)]
    rows = due_rows(world, "gate.send")
    takers = [partial(_take_back, world, *each, tally.pace) for each in zip(ones, sides, texts, strict=True)]
    if crew:
        crew.start(rows)
        results = [*at_once(takers), *crew.finish()]
    else:
        results = at_once([*takers, *(partial(work_off, world, [row]) for row in rows)])
    tally.errors += len(surprises(results)) + sum(not isinstance(seen, bool) for seen in results[:AT_ONCE])
    settle(world)
    _judge(world, tally, list(zip(ones, sides, texts, items, results[:AT_ONCE], strict=True)))


def _held_before(world: World, one: Conversation) -> None:
    actions.pass_on(world.owner, conversation_id=one.pk, to=Holder(Side.AGENCY), note="x")
    actions.accept(world.cm, conversation_id=one.pk)
    actions.take_back(world.owner, conversation_id=one.pk)


def _take_back(world: World, one: Conversation, side: Side, text: str, pace: float) -> bool:
    """Whether the answer was out when taking back had returned."""
    time.sleep(random.random() * 2 * pace)
    actions.take_back(world.actor(ROLE[OTHER[side]]), conversation_id=one.pk)
    return text in world.on_the_wall()


def _judge(world: World, tally: Tally, raced: list[tuple[Conversation, Side, str, Item, Any]]) -> None:
    """INVARIANT: out and receipted before it was taken back, or refused for good; and the new holder alone answers."""
    wall = set(world.on_the_wall())
    for one, side, text, item, seen in raced:
        out = text in wall
        tally.races += 1
        tally.out += out
        tally.kept += not out
        tally.after += out and seen is False
        with brand_scope(world.brand):
            receipts = Receipt.objects.filter(item_id=item.pk).count()
        ends = (world.state_of(item), receipts, standing(world, one).holder.side)
        tally.unclear += ends != (("sent", 1) if out else ("refused", 0)) + (OTHER[side],)
    one, side, *_ = raced[0]
    states = [submit_answer(world, one, who, "Après").state for who in (side, OTHER[side])]
    tally.unclear += states != ["refused", "cleared"]
    outs = sum(text in wall for *_, text, _, _ in raced)
    tally.pace *= 0.7 if outs * 2 > len(raced) else 1.4


def _replays(world: World) -> int:
    """Answers that were refused because the other side holds: each, asked again, is the same. ValueError otherwise."""
    with brand_scope(world.brand):
        kept = list(DecisionRecord.objects.filter(reasons__contains=["held_by_other_side"])[:500])
        if not all(replay(one).same for one in kept):
            raise ValueError("an answer does not replay")
    return len(kept)


def _books(world: World) -> int:
    """Every conversation, whatever was done to it at the same moment: AssertionError where its steps do not add up."""
    until = timezone.now()
    with brand_scope(world.brand):
        steps = Holding.objects.order_by("conversation", "number").iterator()
        found = [list(rows) for _, rows in groupby(steps, key=lambda row: row.conversation_id)]
    for rows in found:
        assert_adds_up(rows, max(until, rows[-1].at))
    return len(found)
