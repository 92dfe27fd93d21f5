"""Sleeping on it: what takes something of somebody else's away for good waits until the next morning, and for a second person.

A rule that the brand has marked urgent needs neither. Nothing here lets out what the rest of the decision keeps in, so no level
ever gives more by it.
"""

from clients.autonomy.decision import Decision
from clients.autonomy.question import Question
from clients.autonomy.vocabulary import (
    HOLD,
    IRREVERSIBLE,
    MODERATING,
    REFUSE,
    ROLES_THAT_APPROVE,
    WAIT_APPROVAL,
    Reason,
)
from tenants.vocabulary import Side

FOR_GOOD = MODERATING & IRREVERSIBLE


def rule_not_cited(q: Question) -> bool:
    return q.moderates and not q.rule


def slept_on(q: Question, answer: Decision) -> Decision:
    """The answer, or what it waits for. A moment that nobody knows has not come."""
    if not q.moderates or q.urgent or q.kind not in FOR_GOOD or answer.outcome is REFUSE:
        return answer
    cooling = (Reason.COOLING_OFF,) if q.cools_until is None or q.moment < q.cools_until else ()
    if not answer.sends:
        return answer._replace(reasons=answer.reasons + cooling)
    alone = () if seconded(q) else (Reason.SECOND_PERSON_MISSING,)
    if not (cooling or alone):
        return answer
    outcome = WAIT_APPROVAL if alone else HOLD
    return answer._replace(outcome=outcome, reasons=answer.reasons + cooling + alone, basis=None)


def seconded(q: Question) -> bool:
    """Whether somebody who did not ask for it stands behind this very content: whoever does it, or a yes of the brand."""
    if q.person not in q.authors:
        return True
    said = {y.person for y in q.yeses if y.side is Side.BRAND and y.role in ROLES_THAT_APPROVE and y.digest == q.digest}
    return not said.issubset(q.authors)
