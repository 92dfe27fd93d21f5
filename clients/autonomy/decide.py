"""May it go out?  Refused by default; any objection wins; a rule that fails refuses.

The same function answers when an item is submitted and again at the moment of sending, for every path to the outside.
"""

from clients.autonomy.calm import paced
from clients.autonomy.cooling import slept_on
from clients.autonomy.decision import Decision
from clients.autonomy.grant import Charter
from clients.autonomy.levels import APPROVE, CLOSED, PROPOSE, REPORT, STANDING, TRUST, VETO, Level
from clients.autonomy.question import Question
from clients.autonomy.rules import OBJECTIONS, approval, level_that_holds
from clients.autonomy.vocabulary import (
    BRAND_ROLES_THAT_ACT,
    HOLD,
    REFUSE,
    SEND,
    WAIT_APPROVAL,
    WAIT_BRAND,
    WAIT_VETO,
    Basis,
    Reason,
    WindowState,
)
from tenants.vocabulary import Side

BRAND, BY_LEVEL = Side.BRAND, Basis.LEVEL
LEVEL_PERMITS, APPROVED, ON_HOLD = Reason.LEVEL_PERMITS, Reason.APPROVED, Reason.ON_HOLD
"""Looked up once: see `levels`."""


def decide(question: Question, charter: Charter) -> Decision:
    """Never raises: what cannot be decided is refused, with the reason `rule_failed`."""
    try:
        return _decide(question, charter)
    except Exception:  # noqa: BLE001  INVARIANT: a failing rule refuses, whatever failed
        return Decision(REFUSE, (Reason.RULE_FAILED,))


def _decide(q: Question, charter: Charter) -> Decision:
    objections = [reason for reason, objects in OBJECTIONS if objects(q)]
    if objections:
        return Decision(REFUSE, tuple(objections))
    if q.holds:
        return Decision(HOLD, (ON_HOLD,))
    return paced(q, slept_on(q, _for_brand(q) if q.side is BRAND else _for_agency(q, charter)))


def _for_brand(q: Question) -> Decision:
    """The brand's own voice needs no grant; only who holds no right to publish needs a colleague's yes."""
    if q.role in BRAND_ROLES_THAT_ACT:
        return Decision(SEND, (Reason.BRAND_ACTS,), TRUST, basis=Basis.BRAND)
    return _if_approved(q, APPROVE, "", ())


def _for_agency(q: Question, charter: Charter) -> Decision:
    level, grant, why = level_that_holds(q, charter)
    if level is CLOSED:
        return Decision(REFUSE, (*why, Reason.LEVEL_CLOSED), level, grant)
    if level is PROPOSE:
        return Decision(WAIT_BRAND, (*why, Reason.BRAND_PERFORMS), level, grant)
    if level >= REPORT:
        return Decision(SEND, (*why, LEVEL_PERMITS), level, grant, BY_LEVEL)
    if level >= STANDING and q.standing:
        return Decision(SEND, (*why, Reason.STANDING_MATCHED), level, grant, Basis.STANDING)
    if level is VETO and approval(q) is not APPROVED:
        return _if_silent(q, level, grant, why)
    return _if_approved(q, level, grant, why)


def _if_approved(q: Question, level: Level, grant: str, why: tuple[Reason, ...]) -> Decision:
    found = approval(q)
    if found is APPROVED:
        return Decision(SEND, (*why, found), level, grant, Basis.APPROVAL)
    return Decision(WAIT_APPROVAL, (*why, found), level, grant)


def _if_silent(q: Question, level: Level, grant: str, why: tuple[Reason, ...]) -> Decision:
    """Silence counts only for this very content, only once the notice was delivered, and only when the window is over."""
    window = q.window if q.window.digest == q.digest else None
    if window and window.state is WindowState.BOUNCED:
        return Decision(WAIT_APPROVAL, (*why, Reason.NOTICE_NOT_DELIVERED), level, grant)
    if window and window.state is WindowState.LAPSED and window.closes_at and q.moment >= window.closes_at:
        return Decision(SEND, (*why, Reason.VETO_WINDOW_LAPSED), level, grant, Basis.SILENCE)
    return Decision(WAIT_VETO, (*why, Reason.VETO_WINDOW_PENDING), level, grant)
