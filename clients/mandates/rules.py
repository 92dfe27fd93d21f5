"""The life of a mandate and of a charter version, as tables of data: what may follow what, and who may make it follow.

No Django, no clock. A step is allowed when the table knows it from the present state, the role may do its verb, and the
person has stepped up where the table asks for it; the actions check exactly these three things, in this order.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from clients.autonomy.vocabulary import MandateState
from clients.people.rules import Verb


class MandateStep(StrEnum):
    ACTIVATE = "activate"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"
    RESIGN = "resign"


@dataclass(frozen=True, slots=True)
class Move:
    """From where to where, who may, and whether they must prove again who they are."""

    sources: frozenset[MandateState]
    target: MandateState
    verb: Verb
    step_up: bool = False


S = MandateState
LIVE = frozenset({S.OFFERED, S.ACTIVE, S.SUSPENDED})

# Suspending takes rights away, so those who may lower a level may do it, at once and without proof; giving needs the owner.
MANDATE_LIFE: dict[MandateStep, Move] = {
    MandateStep.ACTIVATE: Move(frozenset({S.OFFERED}), S.ACTIVE, Verb.MANDATE_DECIDE, step_up=True),
    MandateStep.SUSPEND: Move(frozenset({S.ACTIVE}), S.SUSPENDED, Verb.CHARTER_LOWER),
    MandateStep.RESUME: Move(frozenset({S.SUSPENDED}), S.ACTIVE, Verb.MANDATE_DECIDE, step_up=True),
    MandateStep.END: Move(LIVE, S.ENDED, Verb.MANDATE_DECIDE, step_up=True),
    MandateStep.RESIGN: Move(LIVE, S.ENDED, Verb.MANDATE_RESIGN),
}


class CharterState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class CharterStep(StrEnum):
    SIGN = "sign"
    SUPERSEDE = "supersede"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


C = CharterState
CHARTER_LIFE: dict[CharterState, dict[CharterStep, CharterState]] = {
    C.PROPOSED: {CharterStep.SIGN: C.IN_FORCE, CharterStep.DECLINE: C.DECLINED, CharterStep.WITHDRAW: C.WITHDRAWN},
    C.IN_FORCE: {CharterStep.SUPERSEDE: C.SUPERSEDED},
    C.SUPERSEDED: {},
    C.DECLINED: {},
    C.WITHDRAWN: {},
}


class SignatureKind(StrEnum):
    """By what right a version holds: the owner's signature, or because it only takes away from a signed one."""

    SIGNED = "signed"
    LOWERED = "lowered"


def after(state: MandateState, step: MandateStep) -> MandateState | None:
    """The mandate state that follows, or None where the table does not know the step."""
    move = MANDATE_LIFE[step]
    return move.target if state in move.sources else None


def charter_after(state: CharterState, step: CharterStep) -> CharterState | None:
    """The state of a charter version that follows, or None."""
    return CHARTER_LIFE[state].get(step)


def state_on(state: MandateState, starts_on: date, ends_on: date | None, day: date) -> MandateState:
    """What the mandate amounts to on `day`, in the brand's time: the dates agreed bite without anybody pressing a button."""
    if state is S.ACTIVE and day < starts_on:
        return S.OFFERED
    if state in LIVE and ends_on is not None and day > ends_on:
        return S.ENDED
    return state


def dates_fit(starts_on: date, ends_on: date | None) -> bool:
    return ends_on is None or starts_on <= ends_on
