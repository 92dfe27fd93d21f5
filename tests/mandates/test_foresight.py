"""The past asked again: counts by how the outcome changes, examples, and caps counted as they would have filled."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clients.autonomy.decide import decide
from clients.autonomy.grant import ANY, Charter, Grant
from clients.autonomy.levels import Level
from clients.autonomy.question import Question
from clients.autonomy.vocabulary import ActionKind, Outcome
from clients.mandates.foresight import EXAMPLES, foresee
from tests.mandates.charters import ROUTINE, charters, question, questions

NOW = Charter(1, (Grant(ANY, ANY, ROUTINE, Level.APPROVE),))


def past(charter: Charter, *asked: Question) -> list[tuple[Question, object]]:
    return [(q, decide(q, charter)) for q in asked]


def test_the_same_charter_changes_nothing() -> None:
    found = foresee(past(NOW, question(), question()), NOW)
    assert (found.total, found.unchanged, found.shifts) == (2, 2, ())


def test_what_would_have_gone_out_alone_is_counted_with_examples() -> None:
    asked = [question(moment=question().moment + timedelta(minutes=n)) for n in range(5)]
    wider = Charter(2, (Grant(ANY, ActionKind.PUBLISH, ROUTINE, Level.REPORT),))
    found = foresee(past(NOW, *asked, question(kind=ActionKind.BAN)), wider)
    first, second = found.shifts
    assert (first.before, first.after, first.count) == (Outcome.WAIT_APPROVAL, Outcome.SEND, 5)
    assert len(first.examples) == EXAMPLES
    assert (second.after, second.count) == (Outcome.REFUSE, 1)
    assert (found.would_send_more, found.would_send_less) == (5, 0)


def test_a_daily_cap_fills_as_it_would_have_filled() -> None:
    asked = [question(moment=question().moment + timedelta(hours=n)) for n in range(4)]
    asked.append(question(moment=question().moment + timedelta(days=1)))
    capped = Charter(2, (Grant(ANY, ANY, ROUTINE, Level.REPORT, daily_cap=2),))
    assert foresee(past(NOW, *asked), capped).would_send_more == 3


@given(charters, charters, st.lists(questions, max_size=8))
def test_every_act_is_counted_once(old: Charter, new: Charter, asked: list[Question]) -> None:
    found = foresee(past(old, *asked), new)
    assert found.total == len(asked) == found.unchanged + sum(s.count for s in found.shifts)
