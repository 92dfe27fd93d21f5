"""May it go out?  Refused by default; any objection wins; a rule that fails refuses.

The same function answers when an item is submitted and again at the moment of sending, for every path to the outside.
"""

from clients.autonomy.decision import Decision
from clients.autonomy.grant import Charter
from clients.autonomy.levels import Level
from clients.autonomy.question import Question
from clients.autonomy.rules import OBJECTIONS, approval, level_that_holds
from clients.autonomy.vocabulary import BRAND_ROLES_THAT_ACT, Basis, Outcome, Reason, WindowState
from tenants.vocabulary import Side


def decide(question: Question, charter: Charter) -> Decision:
    """Never raises: what cannot be decided is refused, with the reason `rule_failed`."""
    try:
        return _decide(question, charter)
    except Exception:  # noqa: BLE001  INVARIANT: a failing rule refuses, whatever failed
        return Decision(Outcome.REFUSE, (Reason.RULE_FAILED,))


def _decide(q: Question, charter: Charter) -> Decision:
    objections = tuple(reason for reason, objects in OBJECTIONS if objects(q))
    if objections:
        return Decision(Outcome.REFUSE, objections)
    if q.holds:
        return Decision(Outcome.HOLD, (Reason.ON_HOLD,))
    return _for_brand(q) if q.side is Side.BRAND else _for_agency(q, charter)


def _for_brand(q: Question) -> Decision:
    """The brand's own voice needs no grant; only who holds no right to publish needs a colleague's yes."""
    if q.role in BRAND_ROLES_THAT_ACT:
        return Decision(Outcome.SEND, (Reason.BRAND_ACTS,), Level.TRUST, basis=Basis.BRAND)
    return _if_approved(q, Level.APPROVE, "", ())


def _for_agency(q: Question, charter: Charter) -> Decision:
    level, grant, why = level_that_holds(q, charter)
    if level is Level.CLOSED:
        return Decision(Outcome.REFUSE, (*why, Reason.LEVEL_CLOSED), level, grant)
    if level is Level.PROPOSE:
        return Decision(Outcome.WAIT_BRAND, (*why, Reason.BRAND_PERFORMS), level, grant)
    if level >= Level.REPORT:
        return Decision(Outcome.SEND, (*why, Reason.LEVEL_PERMITS), level, grant, Basis.LEVEL)
    if level >= Level.STANDING and q.standing:
        return Decision(Outcome.SEND, (*why, Reason.STANDING_MATCHED), level, grant, Basis.STANDING)
    if level is Level.VETO and approval(q) is not Reason.APPROVED:
        return _if_silent(q, level, grant, why)
    return _if_approved(q, level, grant, why)


def _if_approved(q: Question, level: Level, grant: str, why: tuple[Reason, ...]) -> Decision:
    found = approval(q)
    if found is Reason.APPROVED:
        return Decision(Outcome.SEND, (*why, found), level, grant, Basis.APPROVAL)
    return Decision(Outcome.WAIT_APPROVAL, (*why, found), level, grant)


def _if_silent(q: Question, level: Level, grant: str, why: tuple[Reason, ...]) -> Decision:
    """Silence counts only for this very content, only once the notice was delivered, and only when the window is over."""
    window = q.window if q.window.digest == q.digest else None
    if window and window.state is WindowState.BOUNCED:
        return Decision(Outcome.WAIT_APPROVAL, (*why, Reason.NOTICE_NOT_DELIVERED), level, grant)
    if window and window.state is WindowState.LAPSED and window.closes_at and q.moment >= window.closes_at:
        return Decision(Outcome.SEND, (*why, Reason.VETO_WINDOW_LAPSED), level, grant, Basis.SILENCE)
    return Decision(Outcome.WAIT_VETO, (*why, Reason.VETO_WINDOW_PENDING), level, grant)
