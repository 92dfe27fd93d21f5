"""What cannot be undone sleeps on it: a deletion before the next working morning, or by one person alone, leaves on no path.

Each situation is played on each path: by the page (HTTP forms of people who are signed in), by the worker (its outbox rows, one
forged past the gate's answer), by direct calls. Expected states stand in the table `SITUATIONS` and owe nothing to the gate's
own code. Then random histories (deletions and bans, by either side, yeses, stops, nights and weekends passing) against an oracle
of a few lines. Afterwards everything on the wall is counted against receipts, and every answer is replayed. On the full scale a
comment on a real WordPress is hidden and, after the cooling-off, deleted; it is looked at from outside each time.

The clock is moved for our side alone (`time_machine`); rows of the outbox are taken when that clock says they are due.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import time_machine
from django.urls import reverse

from clients.autonomy.vocabulary import EntryPoint
from clients.channels.models import MemoryPost
from clients.gate.actions import resume, send_dispatch, stop
from clients.gate.actions.reasking import ask_cooled_again
from clients.gate.models import DecisionRecord, Dispatch, Receipt
from clients.gate.replay import replay
from clients.items.models import Item
from clients.mentions.models import Mention
from clients.moderation.actions import ask_acts
from clients.moderation.models import Act
from clients.outbox.models import OutboxRow
from clients.outbox.registry import Later
from clients.people.actor import Actor, process_of
from tenants import hosts
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.moderation.conftest import approve, comment, publish_rules
from tests.proof._pages import host_of, signed_in
from tests.proof._real_comment import FRIDAY, MONDAY, PARIS, SUNDAY, WANTED, hidden_then_deleted, work
from tests.proof._scene import quiet, scene
from tests.world import World

HISTORIES = {"small": 15, "full": 1_000}
SLOW, URGENT = "1", "2"


@dataclass(frozen=True)
class Situation:
    """`at`: when the deletion is looked at. `yes`: whether a second person said so. What then is so, in the item's own words."""

    name: str
    at: datetime
    yes: bool
    rule: str
    state: str
    reasons: frozenset[str] = frozenset()

    @property
    def leaves(self) -> bool:
        return self.state == "sent"


COOLING, ALONE, UNCITED = "cooling_off", "second_person_missing", "rule_not_cited"
SITUATIONS = (
    Situation("within the cooling-off, with both", SUNDAY, True, SLOW, "held", frozenset({COOLING})),
    Situation("within the cooling-off, alone", SUNDAY, False, SLOW, "waiting", frozenset({COOLING, ALONE})),
    Situation("after the morning, alone", MONDAY, False, SLOW, "waiting", frozenset({ALONE})),
    Situation("after the morning, with both", MONDAY, True, SLOW, "sent"),
    Situation("an urgent rule, at once and alone", FRIDAY, False, URGENT, "sent"),
)


@dataclass
class Tally:
    """`wanted`: acts that were to leave. `asleep`: held, with both people, until the morning comes by itself."""

    played: int = 0
    asleep: list[Act] = field(default_factory=list)
    wanted: int = 0
    kept_in: int = 0
    differences: list[str] = field(default_factory=list)

    def expect(self, name: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.differences.append(f"{name}: {found} instead of {wanted}")


def run(scale: str) -> tuple[str, bool]:
    """Each situation on each path, random histories, and on the full scale a real site."""
    tally, world = Tally(), scene(slug="maison-a")
    with time_machine.travel(FRIDAY - timedelta(hours=1)):
        publish_rules(world)
    with quiet():
        for situation in SITUATIONS:
            for path in (_by_page, _by_worker, _by_call):
                _play(world, situation, path, tally)
    _no_rule_no_act(world, tally)
    _morning_comes(world, tally)
    situations = tally.played
    _histories(world, HISTORIES[scale], tally)
    _books(world, tally)
    real = _real_site(world, tally) if scale == "full" else "no real site on this scale"
    for difference in tally.differences[:20]:
        print(f"  {difference}")
    figures = (
        f"{situations} situations over 3 paths and {tally.played - situations:,} random histories: {tally.kept_in:,} kept in, "
        f"{tally.wanted:,} receipted, {len(tally.differences)} differences; {real}"
    )
    return figures, not tally.differences


# --- Situations on paths -----------------------------------------------------------------------------------------------

Path = Callable[[World, Situation, Mention], Act]


def _play(world: World, situation: Situation, path: Path, tally: Tally) -> None:
    """Asked for on Friday afternoon, looked at when the situation says so."""
    name = f"{situation.name}, {path.__name__.strip('_').replace('_', ' ')}"
    with time_machine.travel(FRIDAY) as clock:
        mention = comment(world, f"{name} {tally.played}")
        act = path(world, situation, mention)
        if situation.yes:
            approve(world, act)
        work(world)
        clock.move_to(situation.at + timedelta(seconds=1))
        work(world)
        if not situation.leaves:
            _push(world, act, situation)
        _note(world, name, act, situation, tally)


def _note(world: World, name: str, act: Act, situation: Situation, tally: Tally) -> None:
    tally.played += 1
    tally.expect(name, world.state_of(act.item_id), situation.state)
    with brand_scope(world.brand):
        receipts = Receipt.objects.filter(item_id=act.item_id).count()
        newest = DecisionRecord.objects.filter(item_id=act.item_id).order_by("-at", "-id")[0]
    tally.expect(f"{name}, receipts", receipts, int(situation.leaves))
    slept = frozenset(newest.reasons) & {COOLING, ALONE, UNCITED}
    # After the morning nobody asks again without a cause: what was said on Friday stands until the yes comes.
    allowed = (situation.reasons, situation.reasons | {COOLING}) if situation.at == MONDAY else (situation.reasons,)
    if slept not in allowed:
        tally.differences.append(f"{name}: {sorted(slept)} instead of {sorted(situation.reasons)}")
    tally.wanted += situation.leaves
    tally.kept_in += not situation.leaves
    if situation.state == "held":
        tally.asleep.append(act)


def _morning_comes(world: World, tally: Tally) -> None:
    """What slept with both people leaves by itself: nobody brings it again."""
    with time_machine.travel(MONDAY + timedelta(hours=1)):
        work(world)
    for act in tally.asleep:
        tally.expect("after the night, by itself", world.state_of(act.item_id), "sent")
        tally.wanted, tally.kept_in = tally.wanted + 1, tally.kept_in - 1


def _push(world: World, act: Act, situation: Situation) -> None:
    """Past the gate's own answer: a forged sending, and the morning called for before its time."""
    with brand_scope(world.brand):
        item = Item.objects.get(pk=act.item_id)
        assert item.version_id is not None
        state = item.state
        Item.objects.filter(pk=item.pk).update(state="cleared")
        forged = Dispatch.objects.create(
            item=item, version_id=item.version_id, channel_id=world.wall.pk, due_at=datetime.now(UTC)
        )
    send_dispatch(world.brand, dispatch_id=forged.pk)
    try:
        ask_cooled_again(process_of(world.brand, EntryPoint.WORKER, "worker"), item_id=item.pk)
    except Later:
        assert (situation.at < MONDAY, state) == (True, "held")


def _by_page(world: World, situation: Situation, mention: Mention) -> Act:
    """The form of the sheet, by somebody who is signed in."""
    hosts.forget()
    client = signed_in(world.people[Role.BRAND_MANAGER], host_of(world))
    where = reverse("mention_moderate", urlconf="portal.urls_brand", args=[mention.pk])
    answer = client.post(where, {"act": _acts(situation), "rule": situation.rule})
    assert answer.status_code == 303, f"the sheet answered {answer.status_code}"
    return _deletion(world, mention)


def _by_worker(world: World, situation: Situation, mention: Mention) -> Act:
    """Asked for in the name of somebody by a process: the path is recorded and never weighed."""
    actor = world.actor(Role.BRAND_MANAGER, EntryPoint.WORKER, stepped_up=False)
    ask_acts(actor, mention_id=mention.pk, acts=_acts(situation), rule=situation.rule)
    return _deletion(world, mention)


def _by_call(world: World, situation: Situation, mention: Mention) -> Act:
    """The action itself, as the interface for programs will call it."""
    actor = world.actor(Role.BRAND_MANAGER, EntryPoint.API)
    ask_acts(actor, mention_id=mention.pk, acts=_acts(situation), rule=situation.rule)
    return _deletion(world, mention)


def _acts(situation: Situation) -> list[str]:
    return ["delete"] if situation.rule == URGENT else ["hide", "delete"]


def _deletion(world: World, mention: Mention) -> Act:
    with brand_scope(world.brand):
        return Act.objects.get(case__mention=mention.pk, kind="delete")


def _no_rule_no_act(world: World, tally: Tally) -> None:
    """An item that cites nothing, or a rule that is not there, is refused whatever takes something away."""
    for kind in ("hide", "delete", "ban"):
        for rule in ("", "77"):
            with time_machine.travel(FRIDAY):
                actor = world.actor(Role.BRAND_OWNER)
                item = world.submitted("", by=actor, kind=kind, target="comment-1", recipient="@x@y.example", rule=rule)
            tally.played, tally.kept_in = tally.played + 1, tally.kept_in + 1
            tally.expect(f"{kind} citing '{rule}'", world.state_of(item), "refused")


# --- Random histories --------------------------------------------------------------------------------------------------


def _histories(world: World, many: int, tally: Tally) -> None:
    """A few weeks around a holiday; what may leave is worked out beside the gate, from the story alone."""
    chance = random.Random(20_261_123)
    for number in range(many):
        _history(world, number, chance, tally)


def _history(world: World, number: int, chance: random.Random, tally: Tally) -> None:
    asked = datetime(2026, 11, 2, tzinfo=PARIS) + timedelta(minutes=chance.randrange(21 * 24 * 60))
    kind, rule = chance.choice(("delete", "ban")), chance.choice((SLOW, SLOW, URGENT))
    asker = world.actor(chance.choice((Role.BRAND_MANAGER, Role.BRAND_OWNER, Role.COMMUNITY_MANAGER)))
    yes_after = chance.choice((None, timedelta(0), timedelta(hours=7), timedelta(days=2), timedelta(days=6)))
    stopped = chance.random() < 0.2
    looks = sorted(
        {timedelta(minutes=1), timedelta(hours=9), timedelta(hours=30), timedelta(days=3), timedelta(days=8)}
    )
    with time_machine.travel(asked) as clock:
        actor = _again(world, asker)
        mention = comment(world, f"Histoire {number}")
        acts = ask_acts(actor, mention_id=mention.pk, acts=_wanted(kind, rule), rule=rule)
        act, said, held = acts[-1], False, None
        for after in looks:
            clock.move_to(asked + after)
            if stopped and held is None:
                held = stop(world.owner, scope="item", value=str(act.item_id))
            if yes_after is not None and after >= yes_after and not said:
                said = _say_yes(world, act, actor)
            work(world)
            due = _may_leave(asked, asked + after, rule, alone=not said, agency=actor.is_agency) and held is None
            tally.expect(f"history {number} after {after}", _left(world, act), due)
        if held is not None:
            resume(world.owner, hold_id=held.pk)
        tally.played += 1
        tally.wanted += _left(world, act)
        tally.kept_in += not _left(world, act)


def _may_leave(asked: datetime, now: datetime, rule: str, *, alone: bool, agency: bool) -> bool:
    """The rule of the house in a few lines: two people and a morning, or an urgent rule; the agency never without the brand."""
    if rule == URGENT:
        return not (agency and alone)
    return not alone and now >= _morning(asked)


def _morning(asked: datetime) -> datetime:
    """Nine o'clock on the next day that is no weekend and none of November's holidays in France."""
    day = asked.astimezone(PARIS).date() + timedelta(days=1)
    while day.weekday() >= 5 or (day.month, day.day) in {(11, 1), (11, 11)}:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 9, tzinfo=PARIS)


def _wanted(kind: str, rule: str) -> list[str]:
    return ["hide", kind] if kind == "delete" and rule == SLOW else [kind]


def _again(world: World, actor: Actor) -> Actor:
    """The same person, at the moment that it is now."""
    assert actor.role is not None
    return world.actor(actor.role)


def _say_yes(world: World, act: Act, asker: Actor) -> bool:
    """Somebody of the brand who has not asked for it; whether it counted."""
    if world.state_of(act.item_id) not in ("waiting", "held", "submitted", "in_veto"):
        return True
    assert asker.role is not Role.APPROVER
    approve(world, act)
    return True


def _left(world: World, act: Act) -> bool:
    with brand_scope(world.brand):
        return Receipt.objects.filter(item_id=act.item_id).exists()


def _books(world: World, tally: Tally) -> None:
    """As many deletions and bans there as receipts say, and each answer is the same when it is asked again."""
    for_good = ("delete", "ban")
    with brand_scope(world.brand):
        there = MemoryPost.objects.filter(kind__in=for_good).count()
        receipted = Receipt.objects.filter(kind__in=for_good).count()
        changed = sum(not replay(kept).same for kept in DecisionRecord.objects.iterator())
        broken = list(OutboxRow.objects.exclude(last_error="").values_list("kind", "last_error")[:3])
    tally.expect("acts for good on the wall and receipts", (there, receipted), (tally.wanted, tally.wanted))
    tally.expect("answers that are another when replayed", changed, 0)
    tally.expect("rows of the outbox that failed", broken, [])


# --- A real site -------------------------------------------------------------------------------------------------------


def _real_site(world: World, tally: Tally) -> str:
    """Hidden on Friday, deleted on Monday, and nobody's to see in between."""
    told = hidden_then_deleted(world)
    tally.expect("the comment on WordPress", told.seen, WANTED)
    tally.expect("its receipts and its case", (told.receipts, told.state), (2, "gone"))
    return f"WordPress {told.version}: {' -> '.join(told.seen)}, {told.receipts} receipts"
