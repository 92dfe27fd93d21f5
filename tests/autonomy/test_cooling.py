"""What takes something of somebody else's away for good sleeps on it: each guard allowed and refused from one set-up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from clients.autonomy.decide import decide
from clients.autonomy.grant import NO_CHARTER
from clients.autonomy.question import Question, Yes
from clients.autonomy.vocabulary import ActionKind, EntryPoint, Outcome, Reason, Sensitivity
from tenants.vocabulary import Role, Side

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
YES = Yes("olga", Side.BRAND, Role.APPROVER, "d1")
DELETE = Question(
    brand="b",
    person="mia",
    side=Side.BRAND,
    role=Role.BRAND_MANAGER,
    via=EntryPoint.PAGE,
    kind=ActionKind.DELETE,
    channel="wall",
    sensitivity=Sensitivity.ROUTINE,
    digest="d1",
    moment=MORNING,
    authors=("mia",),
    yeses=(YES,),
    moderates=True,
    rule="3",
    cools_until=MORNING,
)
EARLY = MORNING - timedelta(seconds=1)


def answer(**changes: object) -> tuple[Outcome, set[Reason]]:
    decision = decide(replace(DELETE, **changes), NO_CHARTER)  # type: ignore[arg-type]
    slept = {Reason.COOLING_OFF, Reason.SECOND_PERSON_MISSING, Reason.RULE_NOT_CITED}
    return decision.outcome, slept & set(decision.reasons)


def test_after_the_night_with_two_people_it_goes_out() -> None:
    assert answer() == (Outcome.SEND, set())


@pytest.mark.parametrize("kind", [ActionKind.DELETE, ActionKind.BAN])
def test_before_the_morning_it_is_held(kind: ActionKind) -> None:
    assert answer(kind=kind, moment=EARLY) == (Outcome.HOLD, {Reason.COOLING_OFF})
    assert answer(kind=kind, cools_until=None) == (Outcome.HOLD, {Reason.COOLING_OFF})


def test_without_a_second_person_it_waits_for_one() -> None:
    assert answer(yeses=()) == (Outcome.WAIT_APPROVAL, {Reason.SECOND_PERSON_MISSING})
    assert answer(yeses=(), moment=EARLY)[1] == {Reason.COOLING_OFF, Reason.SECOND_PERSON_MISSING}
    own, other_content = replace(YES, person="mia"), replace(YES, digest="d2")
    agency = Yes("gina", Side.AGENCY, Role.AGENCY_MANAGER, "d1")
    for yes in (own, other_content, agency, replace(YES, role=Role.AUDITOR)):
        assert answer(yeses=(yes,))[0] is Outcome.WAIT_APPROVAL


def test_whoever_does_what_another_asked_for_is_the_second() -> None:
    assert answer(yeses=(), authors=("carl",)) == (Outcome.SEND, set())


def test_an_urgent_rule_waits_for_neither() -> None:
    assert answer(yeses=(), moment=EARLY, urgent=True) == (Outcome.SEND, set())


def test_hiding_is_not_slept_on_but_cites_a_rule() -> None:
    hide = {"kind": ActionKind.HIDE, "yeses": (), "cools_until": None}
    assert answer(**hide) == (Outcome.SEND, set())
    assert answer(**hide, rule="") == (Outcome.REFUSE, {Reason.RULE_NOT_CITED})
    assert answer(rule="", urgent=True) == (Outcome.REFUSE, {Reason.RULE_NOT_CITED})


def test_what_is_ours_is_ours_to_take_back() -> None:
    assert answer(moderates=False, rule="", yeses=(), cools_until=None) == (Outcome.SEND, set())


def test_a_stop_is_told_before_the_night() -> None:
    assert answer(moment=EARLY, holds=("h",)) == (Outcome.HOLD, set())
