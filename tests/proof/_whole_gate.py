"""The gate from submitting to the wall, driven through the database cell by cell, beside what the oracle says of the same cell.

Seven channels of each sort stand for the seven levels, so one charter serves every cell. The expected question is built
here from the cell, not by the gate's own `facts`. Between submitting and sending something may change (`CHANGES`): the
gate has to ask again.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from clients.approvals.actions import propose_standing, sign_standing
from clients.approvals.rules import Template
from clients.autonomy.grant import ANY, Charter, Grant
from clients.autonomy.levels import Level
from clients.autonomy.question import Question, Yes
from clients.autonomy.vocabulary import IRREVERSIBLE, ActionKind, EntryPoint, MandateState, Sensitivity
from clients.channels.actions import connect_channel
from clients.channels.models import MemoryPost
from clients.gate.actions import approve_item, begin_performing, confirm_performed, submit_item
from clients.gate.models import Dispatch, Receipt
from clients.gate.words import DispatchState
from clients.items.models import Item
from clients.people.actor import Actor, process_of
from tenants.vocabulary import ROLES_OF, Role, Side
from tenants.walls.scope import brand_scope
from tests.autonomy import oracle
from tests.proof._changes import CHANGES, Change, publish_rules
from tests.proof._scene import code_of, digest, due_rows, scene, work_off
from tests.world import World

MAY_SUBMIT = {"agency_owner", "agency_manager", "community_manager", "brand_owner", "brand_manager"}
MAY_CONFIRM = MAY_SUBMIT
AWAY = frozenset({ActionKind.HIDE, ActionKind.DELETE, ActionKind.BAN})
NO_RULE, SLOW, URGENT = "", "1", "2"
TO_COME = timedelta(hours=1)
"""No morning begins so soon after the act was asked for: it is always on a later day."""
BY_PEOPLE = {ActionKind.PHONE_CALL: "phone", ActionKind.EVENT: "field"}
ROLES: tuple[Role | None, ...] = (*Role, None)
STATE_AFTER = {
    "send": "cleared",
    "wait_approval": "waiting",
    "wait_brand": "waiting",
    "wait_veto": "submitted",
    "hold": "held",
    "refuse": "refused",
}
AT_A_TIME = 20


@dataclass(slots=True)
class Cell:
    """Where it stands, who says yes to it afterwards, what it matches; then the item that was made of it."""

    level: Level
    kind: ActionKind
    sensitivity: Sensitivity
    role: Role | None
    via: EntryPoint
    yes_by: Role | None
    in_template: bool
    rule: str = ""
    item: Item | None = None
    yeses: tuple[Yes, ...] = ()
    expected: str = "draft"

    def __str__(self) -> str:
        return f"level {self.level:d} {self.kind} {self.sensitivity} {self.role} {self.via} yes by {self.yes_by}"


@dataclass(slots=True)
class Result:
    cells: int = 0
    sent: int = 0
    refused: int = 0
    differences: list[str] = field(default_factory=list)


def compare(sample: int | None) -> Result:
    """Every cell, or a random sample of them, through the real gate."""
    house = House(scene())
    cells = [Cell(*where, *_spice()) for where in _coordinates()]
    random.shuffle(cells)
    cells = cells[:sample]
    for start in range(0, len(cells), AT_A_TIME):
        house.play(cells[start : start + AT_A_TIME], random.choice(CHANGES))
    house.count_the_wall()
    return house.result


def _coordinates() -> Iterator[tuple[Level, ActionKind, Sensitivity, Role | None, EntryPoint]]:
    for level in Level:
        for kind in ActionKind:
            for sensitivity in Sensitivity:
                for role in ROLES:
                    for via in EntryPoint:
                        yield level, kind, sensitivity, role, via


def level_at(level: Level, sensitivity: Sensitivity) -> int:
    """What the channel of a level gives to each sensitivity: another level each, so that raising one shows."""
    return {"routine": int(level), "sensitive": 6 - level, "crisis": (level + 3) % 7}[sensitivity]


def _changed(question: Question, change: Change) -> Question:
    """How a question reads after a change: what it raises is no longer what a template was signed for."""
    order = list(Sensitivity)
    if change.raises is None or order.index(change.raises) <= order.index(question.sensitivity):
        return replace(question, **change.facts)
    return replace(question, **change.facts | {"sensitivity": change.raises, "standing": ""})


def _spice() -> tuple[Role | None, bool, str]:
    rule = random.choice((SLOW, SLOW, URGENT, NO_RULE))
    return random.choice((None, Role.APPROVER, Role.BRAND_MANAGER, *Role)), random.random() < 0.4, rule


class House:
    """One brand with a channel of each sort for each level, and what has been compared in it."""

    def __init__(self, world: World) -> None:
        self.world, self.result, self.texts = world, Result(), set[str]()
        publish_rules(world)
        self.channels = {
            (sort, level): str(connect_channel(actor=world.owner, kind=sort, name=f"{sort} {level:d}").pk)
            for sort in ("memory", "phone", "field")
            for level in Level
        }
        world.sign(
            *(
                {"channel": channel, "kind": "", "sensitivity": str(sensitivity), "level": level_at(level, sensitivity)}
                for (_, level), channel in self.channels.items()
                for sensitivity in Sensitivity
            )
        )
        for kind in set(ActionKind) - IRREVERSIBLE:
            template = Template("", str(kind), "routine", (), "Standing {number}")
            row = propose_standing(world.cm, title=str(kind), template=template)
            sign_standing(world.owner, standing_id=row.pk, seen_digest=row.digest)

    def play(self, cells: list[Cell], change: Change) -> None:
        """Submit a handful, let the yeses come, change something, let it leave, change back; compare after each step."""
        for cell in cells:
            self._submit(cell)
            self._approve(cell)
        change.make(self.world)
        work_off(self.world, due_rows(self.world, "gate.send"))
        for cell in cells:
            self._after_leaving(cell, change)
        change.unmake(self.world)
        self.result.cells += len(cells)

    def _submit(self, cell: Cell) -> None:
        number = len(self.texts)
        text = f"Standing {number}" if cell.in_template else f"Cell {number}"
        self.texts.add(text)
        channel = self._channel(cell)
        cited = cell.rule if cell.kind in AWAY else ""
        cell.item = self.world.draft(
            text, kind=cell.kind, sensitivity=cell.sensitivity, channels=(channel,), rule=cited
        )
        actor, item_id, seen = self._actor(cell.role, cell.via), cell.item.pk, digest(cell.item)
        code = code_of(lambda: submit_item(actor, item_id=item_id, seen_digest=seen))
        if str(cell.role) in MAY_SUBMIT:
            cell.expected = STATE_AFTER[oracle.answer(self._question(cell), self._charter(cell))]
        elif code != "not_allowed":
            self.result.differences.append(f"{cell}: may not submit, yet {code or 'submitted'}")
        self._compare(cell, "submitted")

    def _approve(self, cell: Cell) -> None:
        """A yes by somebody: it counts only from the brand's approvers, and never to one's own."""
        if cell.yes_by is None or cell.expected not in ("waiting", "submitted"):
            return
        item = cell.item
        assert item is not None
        actor = self._actor(cell.yes_by, cell.via)
        code = code_of(lambda: approve_item(actor, item_id=item.pk, seen_digest=digest(item)))
        allowed = str(cell.yes_by) in oracle.SAY_YES and cell.yes_by is not cell.role
        if allowed is bool(code):
            self.result.differences.append(f"{cell}: {cell.yes_by} said yes: {code or 'counted'}")
        if allowed:
            side = Side.BRAND
            cell.yeses = (Yes(self._person(cell.yes_by), side, cell.yes_by, "d"),)
            cell.expected = STATE_AFTER[oracle.answer(self._question(cell), self._charter(cell))]
        self._compare(cell, "approved")

    def _after_leaving(self, cell: Cell, change: Change) -> None:
        if cell.expected == "cleared":
            answer = oracle.answer(_changed(self._question(cell), change), self._charter(cell))
            cell.expected = "sent" if answer == "send" else STATE_AFTER[answer]
            if cell.kind in BY_PEOPLE:
                self._perform(cell)
            self.result.sent += cell.expected == "sent"
        self.result.refused += cell.expected in ("draft", "refused")
        self._compare(cell, f"sent after {change.name}")

    def _perform(self, cell: Cell) -> None:
        assert cell.item is not None
        actor = self._actor(cell.role, cell.via)
        with brand_scope(self.world.brand):
            dispatch = Dispatch.objects.get(item=cell.item.pk, state=DispatchState.PENDING)
        begun = begin_performing(actor, dispatch_id=dispatch.pk)
        if begun.state == DispatchState.SENDING:
            confirm_performed(actor, dispatch_id=dispatch.pk, done=True)

    def _compare(self, cell: Cell, when: str) -> None:
        state = self.world.state_of(cell.item)  # type: ignore[arg-type]
        if state != cell.expected:
            self.result.differences.append(f"{cell}, {when}: {state} instead of {cell.expected}")

    def count_the_wall(self) -> None:
        """Posts and receipts are exactly the acts that were to be sent."""
        with brand_scope(self.world.brand):
            receipts, posts = Receipt.objects.count(), MemoryPost.objects.count()
            by_hand = Receipt.objects.filter(kind__in=list(BY_PEOPLE)).count()
        if not receipts == self.result.sent == posts + by_hand:
            self.result.differences.append(
                f"{self.result.sent} to be sent, {posts} posts, {by_hand} by hand, {receipts} receipts"
            )

    def _question(self, cell: Cell) -> Question:
        side = None if cell.role is None else Side.AGENCY if cell.role in ROLES_OF[Side.AGENCY] else Side.BRAND
        standing = cell.in_template and cell.kind not in IRREVERSIBLE and cell.sensitivity == "routine"
        return Question(
            brand="b",
            person=self._person(cell.role),
            side=side,
            role=cell.role,
            via=cell.via,
            kind=cell.kind,
            channel=self._channel(cell),
            sensitivity=cell.sensitivity,
            digest="d",
            moment=datetime.now(UTC),
            mandate=MandateState.ACTIVE,
            briefing_acknowledged=True,
            authors=(self._person(Role.COMMUNITY_MANAGER), self._person(cell.role)),
            yeses=cell.yeses,
            standing="t" if standing and side is Side.AGENCY else "",
            moderates=cell.kind in AWAY,
            rule=cell.rule,
            urgent=cell.rule == URGENT,
            cools_until=datetime.now(UTC) + TO_COME,
        )

    def _charter(self, cell: Cell) -> Charter:
        channel = self._channel(cell)
        return Charter(1, tuple(Grant(channel, ANY, s, Level(level_at(cell.level, s))) for s in Sensitivity))

    def _channel(self, cell: Cell) -> str:
        return self.channels[BY_PEOPLE.get(cell.kind, "memory"), cell.level]

    def _actor(self, role: Role | None, via: EntryPoint) -> Actor:
        return self.world.actor(role, via) if role else process_of(self.world.brand, via, "worker")

    def _person(self, role: Role | None) -> str:
        return str(self.world.people[role].pk) if role else ""
