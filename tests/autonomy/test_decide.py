"""The decision core: each level shown permitting and refusing from one set-up, and the whole against the oracle."""

from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings

from clients.autonomy.decide import decide
from clients.autonomy.decision import record_digest
from clients.autonomy.grant import ANY, NO_CHARTER, Charter, Grant, Hours
from clients.autonomy.levels import Level
from clients.autonomy.question import Question, Window, Yes
from clients.autonomy.vocabulary import (
    IRREVERSIBLE,
    ActionKind,
    Basis,
    EntryPoint,
    MandateState,
    Outcome,
    Reason,
    Sensitivity,
    WindowState,
)
from tenants.vocabulary import Role, Side
from tests.autonomy import oracle
from tests.autonomy.strategies import charters, questions

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=timezone(timedelta(hours=1)))  # a Wednesday
ASK = Question(
    brand="b",
    person="cm",
    side=Side.AGENCY,
    role=Role.COMMUNITY_MANAGER,
    via=EntryPoint.PAGE,
    kind=ActionKind.PUBLISH,
    channel="wall",
    sensitivity=Sensitivity.ROUTINE,
    digest="d1",
    moment=NOON,
    mandate=MandateState.ACTIVE,
    briefing_version=1,
    briefing_acknowledged=True,
    authors=("cm",),
)
YES = Yes("bea", Side.BRAND, Role.APPROVER, "d1")


def at(level: Level, **limits: object) -> Charter:
    return Charter(1, (Grant(ANY, ANY, Sensitivity.ROUTINE, level, **limits),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("level", "plain", "approved"),
    [
        (Level.CLOSED, Outcome.REFUSE, Outcome.REFUSE),
        (Level.PROPOSE, Outcome.WAIT_BRAND, Outcome.WAIT_BRAND),
        (Level.APPROVE, Outcome.WAIT_APPROVAL, Outcome.SEND),
        (Level.STANDING, Outcome.WAIT_APPROVAL, Outcome.SEND),
        (Level.VETO, Outcome.WAIT_VETO, Outcome.SEND),
        (Level.REPORT, Outcome.SEND, Outcome.SEND),
        (Level.TRUST, Outcome.SEND, Outcome.SEND),
    ],
)
def test_each_level_without_and_with_the_brands_yes(level: Level, plain: Outcome, approved: Outcome) -> None:
    assert decide(ASK, at(level)).outcome is plain
    assert decide(replace(ASK, yeses=(YES,)), at(level)).outcome is approved


def test_without_a_grant_nothing_goes_out() -> None:
    decision = decide(ASK, NO_CHARTER)
    assert (decision.outcome, decision.level) == (Outcome.REFUSE, Level.CLOSED)
    assert Reason.NO_GRANT in decision.reasons


@pytest.mark.parametrize(
    "yes",
    [
        replace(YES, digest="d2"),  # another content
        replace(YES, side=Side.AGENCY, role=Role.AGENCY_OWNER),  # the other side
        replace(YES, role=Role.AUDITOR),  # a role that may not
        replace(YES, person="cm"),  # the author
    ],
)
def test_a_yes_that_is_not_the_brands_to_this_content_counts_for_nothing(yes: Yes) -> None:
    assert decide(replace(ASK, yeses=(YES,)), at(Level.APPROVE)).sends
    assert decide(replace(ASK, yeses=(yes,)), at(Level.APPROVE)).outcome is Outcome.WAIT_APPROVAL


def test_all_who_are_needed_must_say_yes() -> None:
    both = replace(ASK, needs=("bea", "bob"), yeses=(YES,))
    assert decide(both, at(Level.APPROVE)).outcome is Outcome.WAIT_APPROVAL
    assert decide(replace(both, yeses=(YES, replace(YES, person="bob"))), at(Level.APPROVE)).sends


def test_silence_counts_only_for_this_content_and_after_the_window() -> None:
    lapsed = Window(WindowState.LAPSED, "d1", NOON)
    assert decide(replace(ASK, window=lapsed), at(Level.VETO)).basis is Basis.SILENCE
    for window in (
        replace(lapsed, digest="d2"),
        replace(lapsed, state=WindowState.OPEN),
        replace(lapsed, state=WindowState.UNDELIVERED),
        replace(lapsed, closes_at=NOON + timedelta(seconds=1)),
        replace(lapsed, closes_at=None),
    ):
        assert decide(replace(ASK, window=window), at(Level.VETO)).outcome is Outcome.WAIT_VETO
    bounced = decide(replace(ASK, window=replace(lapsed, state=WindowState.BOUNCED)), at(Level.VETO))
    assert bounced.outcome is Outcome.WAIT_APPROVAL


@pytest.mark.parametrize("kind", sorted(IRREVERSIBLE))
def test_what_cannot_be_taken_back_always_needs_a_yes(kind: ActionKind) -> None:
    asked = replace(ASK, kind=kind)
    assert decide(asked, at(Level.TRUST)).outcome is Outcome.WAIT_APPROVAL
    assert decide(replace(asked, standing="t1"), at(Level.TRUST)).outcome is Outcome.WAIT_APPROVAL
    assert decide(replace(asked, yeses=(YES,)), at(Level.TRUST)).sends


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"side": None, "role": None}, Reason.NO_SIDE),
        ({"role": Role.ANALYST}, Reason.ROLE_MAY_NOT_ACT),
        ({"mandate": MandateState.SUSPENDED}, Reason.MANDATE_NOT_ACTIVE),
        ({"channel_open": False}, Reason.CHANNEL_NOT_OPEN),
        ({"said_no": ("d1",)}, Reason.BRAND_SAID_NO),
        ({"not_after": NOON - timedelta(seconds=1)}, Reason.TIME_WINDOW_OVER),
    ],
)
def test_any_objection_wins_over_the_highest_level_and_a_yes(change: dict[str, object], reason: Reason) -> None:
    fine = replace(ASK, yeses=(YES,))
    assert decide(fine, at(Level.TRUST)).sends
    decision = decide(replace(fine, **change), at(Level.TRUST))  # type: ignore[arg-type]
    assert decision.outcome is Outcome.REFUSE
    assert reason in decision.reasons


def test_a_hold_stops_the_brand_too() -> None:
    own = replace(ASK, side=Side.BRAND, role=Role.BRAND_OWNER)
    assert decide(own, NO_CHARTER).basis is Basis.BRAND
    assert decide(replace(own, holds=("h",)), NO_CHARTER).outcome is Outcome.HOLD


def test_an_approver_needs_a_colleague() -> None:
    own = replace(ASK, side=Side.BRAND, role=Role.APPROVER, person="bea", authors=("bea",))
    assert decide(replace(own, yeses=(YES,)), NO_CHARTER).outcome is Outcome.WAIT_APPROVAL
    assert decide(replace(own, yeses=(replace(YES, person="bob"),)), NO_CHARTER).sends


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"hours": Hours(0, 60)}, Reason.OUTSIDE_HOURS),
        ({"daily_cap": 2}, Reason.DAILY_CAP_REACHED),
    ],
)
def test_beyond_a_limit_each_act_needs_a_yes(limits: dict[str, object], reason: Reason) -> None:
    asked = replace(ASK, sent_today=((f"{ANY}|{ANY}|routine", 2),))
    assert decide(asked, at(Level.TRUST)).sends
    decision = decide(asked, at(Level.TRUST, **limits))
    assert (decision.outcome, decision.level) == (Outcome.WAIT_APPROVAL, Level.APPROVE)
    assert reason in decision.reasons


def test_an_ended_grant_falls_back_to_the_wider_one_but_never_above_itself() -> None:
    ended = Grant("wall", ActionKind.PUBLISH, Sensitivity.ROUTINE, Level.VETO, until=date(2026, 11, 17))
    for wide, then in ((Level.APPROVE, Level.APPROVE), (Level.TRUST, Level.VETO)):
        charter = Charter(1, (ended, Grant(ANY, ANY, Sensitivity.ROUTINE, wide)))
        assert decide(ASK, charter).level is then


def test_the_nearest_grant_holds_and_of_two_equally_near_the_lower() -> None:
    wide = Grant(ANY, ANY, Sensitivity.ROUTINE, Level.TRUST)
    by_channel = Grant("wall", ANY, Sensitivity.ROUTINE, Level.REPORT)
    by_kind = Grant(ANY, ActionKind.PUBLISH, Sensitivity.ROUTINE, Level.APPROVE)
    exact = Grant("wall", ActionKind.PUBLISH, Sensitivity.ROUTINE, Level.VETO)
    assert decide(ASK, Charter(1, (wide,))).level is Level.TRUST
    assert decide(ASK, Charter(1, (wide, by_channel))).level is Level.REPORT
    assert decide(ASK, Charter(1, (wide, by_channel, by_kind))).level is Level.APPROVE
    assert decide(ASK, Charter(1, (wide, by_channel, by_kind, exact))).level is Level.VETO


def test_without_the_briefing_read_everything_needs_a_yes() -> None:
    decision = decide(replace(ASK, briefing_acknowledged=False), at(Level.TRUST))
    assert (decision.outcome, decision.level) == (Outcome.WAIT_APPROVAL, Level.APPROVE)
    assert Reason.BRIEFING_NOT_ACKNOWLEDGED in decision.reasons


def test_a_rule_that_fails_refuses() -> None:
    broken = replace(ASK, moment="not a moment")  # type: ignore[arg-type]
    decision = decide(broken, at(Level.TRUST, until=date(2026, 12, 1)))
    assert (decision.outcome, decision.reasons) == (Outcome.REFUSE, (Reason.RULE_FAILED,))


@settings(max_examples=1500, deadline=None)
@given(questions(), charters)
def test_the_core_agrees_with_the_oracle(question: Question, charter: Charter) -> None:
    decision = decide(question, charter)
    assert Reason.RULE_FAILED not in decision.reasons
    assert decision.outcome == oracle.answer(question, charter)


@settings(max_examples=300, deadline=None)
@given(questions(), charters)
def test_the_entry_point_is_never_weighed(question: Question, charter: Charter) -> None:
    answers = {decide(replace(question, via=via), charter).outcome for via in EntryPoint}
    assert len(answers) == 1


@settings(max_examples=300, deadline=None)
@given(questions(), charters)
def test_the_digest_is_the_same_for_the_same_and_other_for_another(question: Question, charter: Charter) -> None:
    decision = decide(question, charter)
    assert record_digest(question, decision, "c") == record_digest(replace(question), decide(question, charter), "c")
    assert record_digest(question, decision, "c") != record_digest(replace(question, digest="x"), decision, "c")
    assert record_digest(question, decision, "c") != record_digest(question, decision, "other")


@given(questions(), charters)
def test_an_old_question_keeps_its_digest_when_the_question_grows(question: Question, charter: Charter) -> None:
    decision = decide(question, charter)
    names = [f.name for f in fields(Question)]
    assert record_digest(question, decision, "c", names) == record_digest(question, decision, "c")
    grown = replace(question, cautions=("forbidden_topic", "briefing_altered", "forbidden_topic"))
    before = [name for name in names if name != "cautions"]
    assert record_digest(grown, decision, "c", before) == record_digest(question, decision, "c", before)
