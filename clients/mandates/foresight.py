"""What would have happened under another charter: the past's own questions, asked again.  Pure.

The reader of decisions is handed in from above, since the gate stands above mandates. Each question is asked as it was asked
then, with what was known then; only the daily caps are counted afresh, because another charter sends other acts.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from clients.autonomy.decide import decide
from clients.autonomy.decision import Decision
from clients.autonomy.grant import Charter
from clients.autonomy.question import Question
from clients.autonomy.vocabulary import Outcome

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Example:
    """One act of the past, what the gate said, and what it would have said."""

    question: Question
    before: Decision
    after: Decision


@dataclass(frozen=True, slots=True)
class Shift:
    """All acts whose outcome would have changed in the same way, and the first few of them."""

    before: Outcome
    after: Outcome
    count: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Foresight:
    total: int
    unchanged: int
    shifts: tuple[Shift, ...]

    @property
    def would_send_more(self) -> int:
        return sum(s.count for s in self.shifts if s.after is Outcome.SEND)

    @property
    def would_send_less(self) -> int:
        return sum(s.count for s in self.shifts if s.before is Outcome.SEND)


def foresee(past: Iterable[tuple[Question, Decision]], proposed: Charter) -> Foresight:
    """Replay `past` (one pair per act, in order of time) under `proposed`."""
    sent: Counter[tuple[date, str]] = Counter()
    found: dict[tuple[Outcome, Outcome], list[Example]] = {}
    counts: Counter[tuple[Outcome, Outcome]] = Counter()
    for question, before in past:
        after = _asked_again(question, proposed, sent)
        way = (before.outcome, after.outcome)
        counts[way] += 1
        if before.outcome is not after.outcome and len(examples := found.setdefault(way, [])) < EXAMPLES:
            examples.append(Example(question, before, after))
    shifts = (Shift(*way, counts[way], tuple(examples)) for way, examples in found.items())
    unchanged = sum(n for (old, new), n in counts.items() if old is new)
    return Foresight(counts.total(), unchanged, tuple(sorted(shifts, key=lambda s: -s.count)))


def _asked_again(question: Question, proposed: Charter, sent: Counter[tuple[date, str]]) -> Decision:
    day, act = question.moment.date(), (question.channel, question.kind, question.sensitivity)
    counted = tuple((g.key, sent[day, g.key]) for g in proposed.covering(*act) if g.daily_cap is not None)
    decision = decide(replace(question, sent_today=counted), proposed)
    if decision.sends:
        sent.update((day, g.key) for g in proposed.held_by(*act, question.moment))
    return decision
