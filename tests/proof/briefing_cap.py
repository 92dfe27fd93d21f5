"""What a person may do hangs on the briefing they have read, and nobody alone changes what both sides share.

In one brand, at a level where everything routine leaves at once: the same act before a new version, after it and after it was
acknowledged, for each role of the agency. Then proposals in both orders of the two sides, of shared sections and of the
brand's own; refused, withdrawn, stale, of another digest, by the wrong role, agreed to by a row that no action wrote. Last,
topics: acts with and without their words, sensitive, forbidden, under embargo, at submitting and again when they leave.
Every refusal stands beside an act that passes from the same set-up.

Seen to fall short when: the gate's facts took every version for read; no section counted as shared; `agreed_by` counted rows
without a seal; `words_of` gave the title only; topics were asked at submitting only.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from clients.autonomy.vocabulary import Reason
from clients.briefings.actions import (
    Written,
    acknowledge_briefing,
    agree_briefing,
    propose_briefing,
    refuse_briefing,
    withdraw_briefing,
)
from clients.briefings.models import BriefingProposal
from clients.briefings.queries import number_in_force
from clients.disclosure.rules import InfoClass
from clients.gate.models import DecisionRecord
from clients.gate.replay import replay
from clients.items.models import Item
from tenants.vocabulary import Role
from tenants.walls.scope import brand_scope
from tests.proof._scene import code_of, due_rows, scene, work_off
from tests.world import World

SHARED = dict.fromkeys(("tone", "house_rules", "watch_list"), InfoClass.SHARED)
AGENCY = (Role.COMMUNITY_MANAGER, Role.AGENCY_MANAGER, Role.AGENCY_OWNER)
ROUNDS = {"small": 1, "full": 12}
LONGEST_PACE = 60.0
"""Seconds until a channel has let everything out that was cleared before."""
# Forms of the words 'licencier', 'maison rivale', 'nouveau four', and texts that only look like them.
TOUCHING = {
    "sensitive_topic": ("Ils ont licencié", "LICENCIÉES hier", "ils vont licencier"),
    "forbidden_topic": ("Chez Maison Rivale", "chez MAISON   RIVALE", "les maisons rivales"),
    "embargoed_topic": ("Le nouveau four", "nos nouveaux fours", "NOUVEAU-FOUR"),
}
CLEAN = ("Les fraises dès samedi", "La maison est ouverte", "Un four neuf et nouveau")


@dataclass(slots=True)
class Tally:
    """What was permitted, what was refused, and where it was not what it should have been."""

    permitted: int = 0
    refused: int = 0
    astray: list[str] = field(default_factory=list)

    def expect(self, name: str, found: object, wanted: object, *, passes: bool) -> None:
        if found != wanted:
            self.astray.append(f"{name}: {found} instead of {wanted}")
        elif passes:
            self.permitted += 1
        else:
            self.refused += 1


def run(scale: str) -> tuple[str, bool]:
    """Figures and verdict."""
    world = scene()
    world.sign(
        *(
            {"channel": "", "kind": "", "sensitivity": s, "level": n}
            for s, n in (("routine", 6), ("sensitive", 2), ("crisis", 1))
        )
    )
    tally = Tally()
    for turn in range(ROUNDS[scale]):
        for role in AGENCY:
            _capped(world, tally, role, turn)
        _both_sides(world, tally, turn)
        _topics(world, tally)
    for line in tally.astray[:10]:
        print(f"  differs: {line}")
    figures = (
        f"{tally.permitted} permitted, {tally.refused} refused or waiting, {len(tally.astray)} not as they should be"
    )
    return figures, not tally.astray and tally.permitted > 0 and tally.refused > 0


# --- The cap ----------------------------------------------------------------------------------------------------------


def _capped(world: World, tally: Tally, role: Role, turn: int) -> None:
    """The same act: leaves, waits with the reason shown, leaves again."""
    _all_read(world)
    tally.expect(f"{role} has read", _act(world, role), ("cleared", 6, True), passes=True)
    _published(world, tone=f"Ton {role} {turn}", shared=turn == 0)
    tally.expect(f"{role} has not", _act(world, role), ("waiting", 2, False), passes=False)
    _read(world, role)
    tally.expect(f"{role} has again", _act(world, role), ("cleared", 6, True), passes=True)


def _act(world: World, role: Role) -> tuple[str, int, bool]:
    """(where it stands, the level that held, whether the reason was not the briefing)."""
    item = world.submitted("Bonjour à tous !", by=world.actor(role))
    kept = _last(world, item)
    return world.state_of(item), kept.level, Reason.BRIEFING_NOT_ACKNOWLEDGED not in kept.reasons


# --- Two sides --------------------------------------------------------------------------------------------------------


def _both_sides(world: World, tally: Tally, turn: int) -> None:
    """One side alone changes nothing of what is shared; both together do; what is the brand's it changes alone."""
    _published(world, classes=SHARED, tone=f"Ton commun {turn}", house_rules=["Soyez bons"], watch_list=[])
    head, owner = world.actor(Role.AGENCY_MANAGER), world.owner
    orders: tuple[tuple[str, Any, Any], ...] = (("brand first", owner, head), ("agency first", head, owner))
    for name, first, second in orders:
        stays = _number(world)
        proposal = _proposed(first, stays, tone=f"{name} {turn}")
        tally.expect(f"{name}: alone", _number(world), stays, passes=False)
        tally.expect(f"{name}: twice", _agrees(first, proposal), "already_said", passes=False)
        tally.expect(f"{name}: unseen", _agrees(second, proposal, "0" * 64), "stale_version", passes=False)
        tally.expect(f"{name}: by a manager", _agrees(world.cm, proposal), "not_allowed", passes=False)
        tally.expect(f"{name}: both", (_agrees(second, proposal), _number(world)), ("", stays + 1), passes=True)
        tally.expect(f"{name}: again", _agrees(second, proposal), "already_decided", passes=False)
    _endings(world, tally, turn)
    _forged(world, tally, turn)
    stays = _number(world)
    done = propose_briefing(actor=owner, base=stays, changes={"forbidden_topics": [f"sujet {turn} {stays}"]})
    tally.expect("the brand's own", (done.proposal, _number(world)), (None, stays + 1), passes=True)


def _endings(world: World, tally: Tally, turn: int) -> None:
    """Refused, withdrawn, stale: none of them ever comes into force."""
    head, owner, stays = world.actor(Role.AGENCY_MANAGER), world.owner, _number(world)
    refused, withdrawn, late = (_proposed(head, stays, tone=f"{n} {turn}") for n in ("non", "retrait", "tard"))
    tally.expect(
        "refused without a reason",
        _code(refuse_briefing, owner, refused, reason=" "),
        "refusal_reason_missing",
        passes=False,
    )
    tally.expect(
        "refused by its own side", _code(refuse_briefing, head, refused, reason="Non"), "wrong_side", passes=False
    )
    tally.expect("refused", _code(refuse_briefing, owner, refused, reason="Non"), "", passes=True)
    tally.expect("agreed after a no", _agrees(owner, refused), "already_decided", passes=False)
    tally.expect("withdrawn by the other", _code(withdraw_briefing, owner, withdrawn), "wrong_side", passes=False)
    tally.expect("withdrawn", _code(withdraw_briefing, head, withdrawn), "", passes=True)
    tally.expect("nothing came of it", _number(world), stays, passes=False)
    other = _proposed(head, stays, tone=f"plus vite {turn}")
    tally.expect("the faster one", _agrees(owner, other), "", passes=True)
    tally.expect("stale", _agrees(owner, late), "stale_version", passes=False)


def _forged(world: World, tally: Tally, turn: int) -> None:
    """A yes of the brand that somebody with SQL wrote: the agency's own yes puts nothing in force."""
    stays = _number(world)
    proposal = propose_briefing(actor=world.cm, base=stays, changes={"tone": f"faux {turn}"}).proposal
    assert proposal is not None
    with brand_scope(world.brand), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO briefings_agreement (id, proposal_id, said, digest, side, person_id, person_name, role, reason,"
            " seal, at) VALUES (gen_random_uuid(), %s, 'agree', %s, 'brand', %s, 'x', 'brand_owner', '', '', now())",
            [proposal.pk, proposal.digest, world.owner.person_id],
        )
    code = _agrees(world.actor(Role.AGENCY_MANAGER), proposal)
    tally.expect("a forged yes", (code, _number(world)), ("", stays), passes=False)


# --- Topics -----------------------------------------------------------------------------------------------------------


def _topics(world: World, tally: Tally) -> None:
    """Words of each kind, and texts without them; what was cleared before an embargo is asked again as it leaves."""
    _published(world)
    _all_read(world)
    before = world.submitted("Le nouveau four", not_before=timezone.now() + timedelta(seconds=1))
    tally.expect("before the embargo", world.state_of(before), "cleared", passes=True)
    _published(
        world,
        sensitive_topics=["licencier"],
        forbidden_topics=["maison rivale"],
        embargoes=[{"words": "nouveau four", "until": "2999-12-31"}],
    )
    _all_read(world)
    for reason, texts in TOUCHING.items():
        for text in texts:
            item = world.submitted(text)
            told = reason in _last(world, item).reasons
            tally.expect(f"{reason}: {text}", (world.state_of(item), told), ("waiting", True), passes=False)
            own = world.submitted(text, by=world.owner)
            tally.expect(f"the brand itself: {text}", world.state_of(own), "cleared", passes=True)
    for text in CLEAN:
        tally.expect(text, world.state_of(world.submitted(text)), "cleared", passes=True)
    with brand_scope(world.brand):
        from clients.gate.models import Dispatch

        Dispatch.objects.filter(item=before.pk).update(due_at=timezone.now())
    until = time.monotonic() + LONGEST_PACE
    while world.state_of(before) == "cleared" and time.monotonic() < until:  # its channel lets acts out one by one
        work_off(world, due_rows(world, "gate.send"))
        time.sleep(0.1)
    tally.expect("under embargo when it leaves", world.state_of(before), "waiting", passes=False)


# --- Small change -----------------------------------------------------------------------------------------------------


def _published(
    world: World, *, classes: dict[str, InfoClass] | None = None, shared: bool = False, **sections: Any
) -> None:
    """The next version, by the brand; where both share a section, the agency agrees."""
    empty: dict[str, Any] = {"sensitive_topics": [], "forbidden_topics": [], "embargoes": []}
    done: Written = propose_briefing(
        actor=world.owner,
        base=_number(world),
        changes=empty | sections | {"objectives": f"Version {_number(world) + 1}"},
        classes=classes,
        note="why",
    )
    if done.proposal is not None:
        agree_briefing(
            actor=world.actor(Role.AGENCY_MANAGER), proposal_id=done.proposal.pk, seen_digest=done.proposal.digest
        )


def _proposed(by: Any, base: int, **changes: Any) -> BriefingProposal:
    done = propose_briefing(actor=by, base=base, changes=changes)
    assert done.proposal is not None and done.version is None
    return done.proposal


def _agrees(by: Any, proposal: BriefingProposal, digest: str = "") -> str:
    return _code(agree_briefing, by, proposal, seen_digest=digest or proposal.digest)


def _code(act: Callable[..., object], by: Any, proposal: BriefingProposal, **given: Any) -> str:
    return code_of(lambda: act(actor=by, proposal_id=proposal.pk, **given)) or ""


def _number(world: World) -> int:
    with brand_scope(world.brand):
        return number_in_force()


def _read(world: World, role: Role) -> None:
    acknowledge_briefing(actor=world.actor(role), number=_number(world))


def _all_read(world: World) -> None:
    for role in AGENCY:
        _read(world, role)


def _last(world: World, item: Item) -> DecisionRecord:
    """The gate's last answer, which replays."""
    with brand_scope(world.brand):
        kept = DecisionRecord.objects.filter(item_id=item.pk).order_by("at", "id").last()
        assert kept is not None and replay(kept).same
        return kept
