"""What becomes of a thing that is moderated, as a table of data, and what may be asked of it when. Pure: no Django, no clock.

What takes it away for good comes after what can be undone: a thing is hidden before it is deleted, wherever its network hides at
all, unless the house rule cited is urgent.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from clients.autonomy.vocabulary import ActionKind
from tenants.errors import Conflict, Invalid, Refused


class CaseState(StrEnum):
    """What anybody sees of the thing outside."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    GONE = "gone"


class AppealState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"  # the act stands
    UNDONE = "undone"  # the act was wrong, and what can be undone is


class CalmKind(StrEnum):
    """Decisions to do less than one could."""

    SLOW = "slow"  # answers come slowly and rarely: one an hour
    LET_TALK = "let_talk"  # members sort it out among themselves: nobody of ours speaks there


HIDE, UNHIDE, DELETE, BAN = ActionKind.HIDE, ActionKind.UNHIDE, ActionKind.DELETE, ActionKind.BAN
ACTS = (HIDE, UNHIDE, DELETE, BAN)
S = CaseState

LIFE: dict[CaseState, dict[ActionKind, CaseState]] = {
    S.VISIBLE: {HIDE: S.HIDDEN, DELETE: S.GONE, BAN: S.VISIBLE},
    S.HIDDEN: {UNHIDE: S.VISIBLE, DELETE: S.GONE, BAN: S.HIDDEN},
    S.GONE: {BAN: S.GONE},
}
"""State and act that has left give the next state. A ban is about the member: the thing stays as it is."""

UNDO_WITHIN = timedelta(hours=1)
MOST_AT_ONCE = 200
CALM_AT_MOST = timedelta(days=180)
SLOW_GAP = timedelta(hours=1)
"""How far apart our answers in one place are while we go slow."""
LONGEST_WORDS = 1_000
LONGEST_APPEAL = 4_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: its state, and the acts upon it that are neither done nor over."""

    state: CaseState
    under_way: frozenset[ActionKind] = frozenset()


def after(state: CaseState, act: ActionKind) -> CaseState:
    """The state once the act has left. What the table does not know changes nothing: the network did what it did."""
    return LIFE[CaseState(state)].get(act, CaseState(state))


def askable(standing: Standing, takes: Collection[ActionKind], *, urgent: bool = False) -> list[ActionKind]:
    """The acts that may be asked for now, over a channel that takes these kinds; in the order in which they are offered."""
    return [act for act in ACTS if problem_with(act, standing, takes, urgent=urgent) == ""]


def problem_with(act: ActionKind, standing: Standing, takes: Collection[ActionKind], *, urgent: bool = False) -> str:
    """Why an act may not be asked for: a code; '' where it may."""
    if act not in takes:
        return "act_not_possible"
    if act not in LIFE[standing.state]:
        return "act_makes_no_sense"
    if act in standing.under_way:
        return "act_under_way"
    hides_first = HIDE in takes and standing.state is S.VISIBLE and HIDE not in standing.under_way
    return "hide_first" if act is DELETE and hides_first and not urgent else ""


def require_askable(
    acts: Collection[ActionKind], standing: Standing, takes: Collection[ActionKind], *, urgent: bool
) -> list[ActionKind]:
    """The acts in the order in which they are to be asked for: what is hidden now may be deleted later.

    Raises Invalid('nothing_chosen' | 'unknown_act', 'act'), Conflict('act_not_possible' | 'act_makes_no_sense' |
    'act_under_way' | 'hide_first').
    """
    if not acts:
        raise Invalid("nothing_chosen", "act")
    if not set(acts) <= set(ACTS):
        raise Invalid("unknown_act", "act")
    ordered = [act for act in ACTS if act in acts]
    for act in ordered:
        problem = problem_with(act, standing, takes, urgent=urgent)
        if problem:
            raise Conflict(problem, act=str(act))
        standing = Standing(standing.state, standing.under_way | {act})
    return ordered


def require_another(person: UUID | None, acted: Collection[UUID]) -> None:
    """An appeal is for somebody who had no part in the act. Raises Refused('own_act')."""
    if person is None or person in acted:
        raise Refused("own_act")


def checked_words(words: str, field: str, *, most: int = LONGEST_WORDS, needed: bool = True) -> str:
    """Raises Invalid('words_missing' | 'too_long', field)."""
    clean = words.strip()
    if needed and not clean:
        raise Invalid("words_missing", field)
    if len(clean) > most:
        raise Invalid("too_long", field, most=most)
    return clean


def checked_until(until: datetime | None, now: datetime) -> datetime:
    """Raises Invalid('not_a_moment' | 'time_past' | 'too_far', 'until')."""
    if until is None:
        raise Invalid("not_a_moment", "until")
    if until <= now:
        raise Invalid("time_past", "until")
    if until > now + CALM_AT_MOST:
        raise Invalid("too_far", "until")
    return until
