"""What is let be binds whoever answers there, of either side; each guard allowed and refused from one set-up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from clients.autonomy.calm import IN_PUBLIC, PACED
from clients.autonomy.decide import decide
from clients.autonomy.grant import NO_CHARTER
from clients.autonomy.question import Question
from clients.autonomy.vocabulary import ActionKind, EntryPoint, Outcome, Reason, Sensitivity
from tenants.vocabulary import Role, Side

TURN = datetime(2026, 11, 23, 9, tzinfo=UTC)
ANSWER = Question(
    brand="b",
    person="mia",
    side=Side.BRAND,
    role=Role.BRAND_MANAGER,
    via=EntryPoint.PAGE,
    kind=ActionKind.ANSWER,
    channel="wall",
    sensitivity=Sensitivity.ROUTINE,
    digest="d1",
    moment=TURN,
)
EARLY = TURN - timedelta(seconds=1)


def answer(**changes: object) -> tuple[Outcome, set[Reason]]:
    decision = decide(replace(ANSWER, **changes), NO_CHARTER)  # type: ignore[arg-type]
    return decision.outcome, {Reason.LET_TALK, Reason.SLOW_MODE} & set(decision.reasons)


@pytest.mark.parametrize("kind", list(ActionKind))
def test_where_members_talk_nobody_of_ours_speaks_in_public(kind: ActionKind) -> None:
    assert answer(kind=kind)[0] is Outcome.SEND
    refused = (Outcome.REFUSE, {Reason.LET_TALK}), (Outcome.SEND, set())
    assert answer(kind=kind, let_talk=True) == refused[kind not in IN_PUBLIC]


@pytest.mark.parametrize("kind", list(ActionKind))
def test_going_slow_an_answer_is_held_until_its_turn(kind: ActionKind) -> None:
    assert answer(kind=kind, slow_until=TURN) == (Outcome.SEND, set())
    held = (Outcome.HOLD, {Reason.SLOW_MODE}), (Outcome.SEND, set())
    assert answer(kind=kind, slow_until=TURN, moment=EARLY) == held[kind not in PACED]


def test_it_lets_nothing_out_that_stays_in() -> None:
    for changes in ({"holds": ("h",)}, {"said_no": ("d1",)}, {"role": Role.APPROVER}, {"side": Side.AGENCY}):
        without, with_it = answer(**changes), answer(**changes, slow_until=TURN, moment=EARLY)  # type: ignore[arg-type]
        assert without == with_it and without[0] is not Outcome.SEND
