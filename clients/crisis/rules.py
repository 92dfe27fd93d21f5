"""The life of a crisis as a table: who may move it where. Pure.

INVARIANT: what the brand declared, only the brand ends or dismisses; an agency may propose, take part and hand in a review.
"""

from dataclasses import dataclass
from enum import StrEnum

from tenants.errors import Conflict, Invalid, Refused
from tenants.vocabulary import Side


class CrisisState(StrEnum):
    """Proposed by numbers or by anybody; in force by the brand's word or rule; over in one of two ways."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    ENDED = "ended"
    DISMISSED = "dismissed"


OPEN = (CrisisState.PROPOSED, CrisisState.IN_FORCE)


class Move(StrEnum):
    """What can be done with a crisis."""

    PROPOSE = "propose"
    DECLARE = "declare"
    DISMISS = "dismiss"
    END = "end"


class AlertKind(StrEnum):
    """What the numbers, or words, told."""

    VOLUME = "volume"
    NEGATIVE = "negative"
    SIGNAL = "signal"
    SLOW = "slow"


class CallState(StrEnum):
    """One contact of the chain."""

    WAITING = "waiting"
    CALLED = "called"
    PASSED = "passed"  # nobody answered in time; the next one was called
    TAKEN = "taken"
    SPARED = "spared"  # somebody else had taken it before


class OwnActs(StrEnum):
    """What the brand said of what it had itself scheduled before the crisis. Until it says, that is held."""

    GO_ON = "go_on"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Step:
    """From which states, to which, and by whom. `by_itself`: also without a person, where a rule of the brand says so."""

    goes_from: frozenset[CrisisState | None]
    to: CrisisState
    sides: frozenset[Side]
    by_itself: bool = False


BOTH, BRAND = frozenset(Side), frozenset({Side.BRAND})

LIFE: dict[Move, Step] = {
    Move.PROPOSE: Step(frozenset({None}), CrisisState.PROPOSED, BOTH, by_itself=True),
    Move.DECLARE: Step(frozenset({None, CrisisState.PROPOSED}), CrisisState.IN_FORCE, BRAND, by_itself=True),
    Move.DISMISS: Step(frozenset({CrisisState.PROPOSED}), CrisisState.DISMISSED, BRAND),
    Move.END: Step(frozenset({CrisisState.IN_FORCE}), CrisisState.ENDED, BRAND),
}


def moved(move: Move, state: CrisisState | None, side: Side | None) -> CrisisState:
    """The state after a move. Raises Refused('wrong_side'), Conflict('crisis_moved_on') with the state it is in."""
    step = LIFE[move]
    if side not in step.sides and not (side is None and step.by_itself):
        raise Refused("wrong_side", side=str(Side.BRAND))
    if state not in step.goes_from:
        raise Conflict("crisis_moved_on", state=str(state or ""))
    return step.to


SHORTEST_CALL, LONGEST_CALL = 5, 240
"""Minutes that a contact has before the next one is called."""
MOST_ROUNDS = 3
"""How often the whole line is called before it is left to the page."""
LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Terms:
    """The brand's rule. `by_itself`: the kinds of alert that put a crisis in force without a person's word."""

    by_itself: tuple[AlertKind, ...] = ()
    call_minutes: int = 20

    def clean(self) -> "Terms":
        """Raises Invalid('unknown_alert', 'by_itself'), Invalid('minutes_out_of_range', 'call_minutes')."""
        if any(kind not in set(AlertKind) for kind in self.by_itself):
            raise Invalid("unknown_alert", "by_itself")
        if not SHORTEST_CALL <= self.call_minutes <= LONGEST_CALL:
            raise Invalid("minutes_out_of_range", "call_minutes", least=SHORTEST_CALL, most=LONGEST_CALL)
        chosen = {AlertKind(kind) for kind in self.by_itself}
        return Terms(tuple(kind for kind in AlertKind if kind in chosen), self.call_minutes)


def checked_text(text: str, field: str = "text") -> str:
    """Words somebody wrote. Raises Invalid('text_empty' | 'too_long' | 'control_characters')."""
    clean = text.replace("\r\n", "\n").strip()
    if not clean:
        raise Invalid("text_empty", field)
    if len(clean) > LONGEST_TEXT:
        raise Invalid("too_long", field, most=LONGEST_TEXT)
    if any(ord(c) < ord(" ") and c not in "\n\t" for c in clean):
        raise Invalid("control_characters", field)
    return clean
