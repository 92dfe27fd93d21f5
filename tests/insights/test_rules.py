"""What holds for whatever is typed and whenever it is asked: due dates, lines of words, filters, and whom one may tell."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.insights.rules import (
    DUE_AT_MOST,
    FILTERS,
    LIFE,
    OWED,
    State,
    Step,
    checked_due,
    checked_filters,
    checked_line,
    remind_at,
    why_not_told,
)
from tenants.errors import Invalid

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
BEFORE_IT_IS_TOO_FAR = st.timedeltas(timedelta(seconds=1), DUE_AT_MOST)
CONSENTS = ("withdrawn", "none", "given")


@given(BEFORE_IT_IS_TOO_FAR)
def test_a_reminder_lies_between_the_question_and_its_due_date(ahead: timedelta) -> None:
    due = checked_due(NOW + ahead, NOW)
    assert NOW < remind_at(NOW, due) < due
    assert due - remind_at(NOW, due) <= timedelta(days=1)


@given(st.timedeltas())
def test_a_due_date_is_taken_just_where_it_lies_ahead_and_not_too_far(ahead: timedelta) -> None:
    try:
        due = NOW + ahead
    except OverflowError:
        return
    fits = timedelta(0) < ahead <= DUE_AT_MOST
    if fits:
        assert checked_due(due, NOW) == due
    else:
        with pytest.raises(Invalid):
            checked_due(due, NOW)


@given(st.text())
def test_a_line_is_one_line_and_stays_as_it_is_once_it_is_clean(typed: str) -> None:
    with suppress(Invalid):
        clean = checked_line(typed, 80, "name")
        assert "\n" not in clean
        assert checked_line(clean, 80, "name") == clean


@given(st.dictionaries(st.sampled_from([*FILTERS, "other"]), st.text()))
def test_what_no_filter_knows_is_left_out(typed: dict[str, str]) -> None:
    found = checked_filters(typed)
    assert set(found) <= set(FILTERS)
    assert checked_filters(found) == found


@given(st.booleans(), st.booleans())
def test_who_allows_more_is_told_at_least_as_much(answered: bool, wants: bool) -> None:
    told = [why_not_told(answered=answered, consent=one, wants_word=wants) == "" for one in CONSENTS]
    assert told == sorted(told)
    assert not answered or told[0] is False


def test_a_word_is_owed_just_after_it_was_asked_for() -> None:
    """Whatever leads into an owed state asks, gives more time, or lets it pass; every word given leads out."""
    for state, steps in LIFE.items():
        for step, then in steps.items():
            if then in OWED and then is not state:
                assert step in {Step.ASK, Step.EXTEND, Step.LAPSE}
            if step in {Step.ANSWER, Step.DECIDE, Step.WITHDRAW}:
                assert then not in OWED
    assert State.CLOSED not in OWED
