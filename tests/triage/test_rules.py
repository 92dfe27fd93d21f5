"""The table of triage: total, each mention in exactly one place, and undone only by whoever did it, shortly after."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from clients.mentions.rules import MentionState, Outcome
from clients.triage.rules import (
    HOLD_LASTS,
    LIFE,
    LONGEST_WORDS,
    SNOOZE_AT_MOST,
    STANDING,
    UNDO_WITHIN,
    UNDOABLE,
    Last,
    NoReply,
    Place,
    Step,
    after,
    checked_filters,
    checked_reason,
    checked_until,
    checked_words,
    collides,
    may_undo,
    place_of,
)
from tenants.errors import Invalid

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
INES, TOM = UUID(int=1), UUID(int=2)
DONE = {place for place, (state, _) in STANDING.items() if state is MentionState.DONE}


def test_every_place_has_a_row_and_every_step_but_undo_is_used() -> None:
    assert set(LIFE) == set(Place) == set(STANDING)
    assert {step for row in LIFE.values() for step in row} == set(Step) - {Step.UNDO}


def test_each_place_is_one_state_and_one_outcome_and_back() -> None:
    assert len(set(STANDING.values())) == len(Place)
    assert {outcome for _, outcome in STANDING.values()} == set(Outcome) | {""}
    assert all(place_of(*standing) is place for place, standing in STANDING.items())
    assert all(bool(outcome) == (state is MentionState.DONE) for state, outcome in STANDING.values())


def test_what_has_its_outcome_gets_no_other_but_by_being_taken_up_again() -> None:
    for place in DONE:
        others = {to for to in LIFE[place].values() if to in DONE}
        assert others <= ({Place.ANSWERED} if place is Place.HANDED else set())
        assert Place.OPEN in LIFE[place].values()


def test_only_a_merge_is_split_and_only_an_answer_is_lost() -> None:
    assert [place for place in Place if Step.SPLIT in LIFE[place]] == [Place.MERGED]
    assert [place for place in Place if Step.LOSE in LIFE[place]] == [Place.ANSWERED]


class Life(RuleBasedStateMachine):
    """Anybody tries anything at any time, beside an oracle that knows no table: one word for where it stands."""

    @initialize()
    def begin(self) -> None:
        self.place, self.now, self.last, self.was = Place.OPEN, NOW, None, Place.OPEN
        self.rows: list[tuple[Place, Step, Place]] = []

    @rule(step=st.sampled_from(sorted(set(Step) - {Step.UNDO})), person=st.sampled_from([INES, TOM, None]))
    def takes(self, step: Step, person: UUID | None) -> None:
        now = after(self.place, step)
        done = self.place in DONE
        if step in {Step.REOPEN, Step.SPLIT, Step.LOSE}:
            fits = {Step.SPLIT: Place.MERGED, Step.LOSE: Place.ANSWERED}
            allowed = done and self.place == fits.get(step, self.place)
            assert (now is not None) == (allowed and not (step is Step.REOPEN and self.place is Place.MERGED))
        elif step is Step.WAKE:
            assert (now is not None) == (self.place is Place.SNOOZED)
        else:
            assert (now is not None) == (not done or (step, self.place) == (Step.ANSWER, Place.HANDED))
        if now is not None:
            self._write(Step(step), now, person)

    @rule(person=st.sampled_from([INES, TOM, None]), minutes=st.integers(0, 20))
    def undoes(self, person: UUID | None, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        if may_undo(self.last, person, self.now):
            assert self.last is not None
            assert self.last.by == person is not None
            assert self.now - self.last.at <= UNDO_WITHIN
            self._write(Step.UNDO, self.was, person)

    @invariant()
    def rows_lead_from_one_to_the_next(self) -> None:
        places = [Place.OPEN, *(now for _, _, now in self.rows)]
        assert [was for was, _, _ in self.rows] == places[:-1]
        assert places[-1] is self.place

    def _write(self, step: Step, now: Place, person: UUID | None) -> None:
        self.rows.append((self.place, step, now))
        self.was, self.place, self.last = self.place, now, Last(step, person, self.now)


TestLife = Life.TestCase


@given(step=st.sampled_from(Step), minutes=st.integers(-5, 15), by=st.sampled_from([INES, TOM, None]))
def test_only_ones_own_last_step_is_undone_and_only_shortly_after(step: Step, minutes: int, by: UUID | None) -> None:
    last = Last(step, by, NOW)
    expected = step in UNDOABLE and by == INES and 0 <= minutes <= 10
    assert may_undo(last, INES, NOW + timedelta(minutes=minutes)) is expected
    assert not may_undo(None, INES, NOW)
    assert Step.UNDO not in UNDOABLE


def test_who_was_shown_the_holder_is_warned_once() -> None:
    assert collides(INES, TOM, "", NOW, NOW)
    assert not collides(INES, TOM, str(INES), NOW, NOW)
    assert collides(INES, TOM, str(TOM), NOW, NOW)
    assert not collides(INES, INES, "", NOW, NOW)
    assert not collides(None, TOM, "", None, NOW)
    assert not collides(INES, TOM, "", NOW - HOLD_LASTS - timedelta(seconds=1), NOW)
    assert not collides(INES, TOM, "", None, NOW)


def test_no_reply_is_a_decision_with_its_reason() -> None:
    assert checked_reason("thanks", " ") == (NoReply.THANKS, "")
    assert checked_reason("other", " déjà dit ") == (NoReply.OTHER, "déjà dit")
    for reason, words, code in [
        ("", "", "unknown_reason"),
        ("other", " ", "words_missing"),
        ("spam", "x" * 1001, "too_long"),
    ]:
        with pytest.raises(Invalid, match=code):
            checked_reason(reason, words)
    assert len(checked_words("x" * LONGEST_WORDS)) == LONGEST_WORDS


def test_a_snooze_ends_later_and_one_day() -> None:
    assert checked_until(NOW + SNOOZE_AT_MOST, NOW)
    for until, code in [(NOW, "time_past"), (NOW + SNOOZE_AT_MOST + timedelta(seconds=1), "too_far")]:
        with pytest.raises(Invalid, match=code):
            checked_until(until, NOW)


@given(st.dictionaries(st.sampled_from(["state", "kind", "source", "mine", "key", "zzz"]), st.text(max_size=120)))
def test_filters_are_known_or_left_out(typed: dict[str, str]) -> None:
    found = checked_filters(typed)
    assert set(found) <= set(typed) - {"zzz"}
    assert checked_filters(found) == found
    assert all(value and len(value) <= 100 for value in found.values())
    assert found.get("state", "open") in {"open", "snoozed", "done", "all"}
