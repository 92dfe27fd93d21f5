"""Letting be: what people decided to leave to members, or to answer rarely, binds whoever answers, of either side.

Nothing here lets out what the rest of the decision keeps in.
"""

from clients.autonomy.decision import Decision
from clients.autonomy.question import Question
from clients.autonomy.vocabulary import HOLD, ActionKind, Reason

IN_PUBLIC = frozenset({ActionKind.ANSWER, ActionKind.ACKNOWLEDGE, ActionKind.REACT})
"""What speaks where members talk. What goes to one of them alone, and what takes something down, is not bound."""
PACED = frozenset({ActionKind.ANSWER})
"""What waits its turn while we go slow: 'we saw you' is just what a slow answer needs beside it."""


def left_to_members(q: Question) -> bool:
    return q.let_talk and q.kind in IN_PUBLIC


def paced(q: Question, answer: Decision) -> Decision:
    """The answer, or that it is held until its turn."""
    if q.slow_until is None or q.kind not in PACED or not answer.sends or q.moment >= q.slow_until:
        return answer
    return answer._replace(outcome=HOLD, reasons=(*answer.reasons, Reason.SLOW_MODE), basis=None)
