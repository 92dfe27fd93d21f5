"""Pure: what is said of a field, whose word counts, and where a ticket can go."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.crm.reading import read_row
from clients.crm.rules import (
    LIFE,
    Differs,
    Effect,
    FieldRule,
    TicketState,
    checked_policy,
    consent_said,
    first_policy,
    next_state,
    policy_of,
    settled,
)
from tenants.errors import Conflict, Invalid

WORDS = st.sampled_from(["", "a", "b", "c"])


@given(before=st.none() | WORDS, ours=WORDS, theirs=WORDS, differs=st.sampled_from(Differs))
def test_a_field_is_overwritten_only_where_nobody_here_touched_it_or_the_brand_said_so(
    before: str | None, ours: str, theirs: str, differs: Differs
) -> None:
    effect = settled(before=before, ours=ours, theirs=theirs, differs=differs)
    touched_here = bool(ours) and ours != before
    touched_there = theirs != before
    if theirs == ours:
        assert effect is Effect.SAME
    elif not touched_here:
        assert effect is Effect.WRITTEN
    elif not touched_there:
        assert effect is Effect.OURS
    else:
        wanted = {Differs.THEIRS: Effect.WRITTEN, Differs.OURS: Effect.OURS, Differs.ASK: Effect.ASKED}
        assert effect is wanted[differs]


@given(steps=st.lists(st.sampled_from(TicketState), max_size=12))
def test_a_ticket_goes_where_the_table_says_and_nowhere_else(steps: list[TicketState]) -> None:
    state = TicketState.WAITING
    for wanted in steps:
        if wanted in LIFE[state]:
            state = next_state(state, wanted)
            assert state is wanted
        else:
            with pytest.raises(Conflict):
                next_state(state, wanted)
    assert state is not TicketState.WAITING or not any(one in LIFE[TicketState.WAITING] for one in steps)


def test_the_table_is_total_and_nothing_goes_back_to_waiting() -> None:
    assert set(LIFE) == set(TicketState)
    assert all(TicketState.WAITING not in nexts for nexts in LIFE.values())


@pytest.mark.parametrize(("text", "found"), [("oui", "given"), ("0", "withdrawn"), (" ", ""), ("perhaps", None)])
def test_consent_is_said_or_not(text: str, found: str | None) -> None:
    assert consent_said(text) == found


POLICY = first_policy() | {
    "notes": FieldRule("remark", False, False, "brand"),
    "consent:letter": FieldRule("letter", True, False, "shared"),
    "own:size": FieldRule("size", True, False, "brand"),
}


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        ({"name": "Léa"}, []),
        ({"nom": "Léa"}, ["field_not_named"]),
        ({"name": "  "}, ["name_empty"]),
        ({"name": "Léa", "email": "lea"}, ["bad_email"]),
        ({"name": "x" * 201}, ["too_long"]),
        ({"name": "L\0a"}, ["control_characters"]),
        ({"name": "L\ud800a"}, ["control_characters"]),
        ({"name": ["Léa"]}, ["not_a_text"]),
        ({"name": "Léa", "letter": "perhaps"}, ["consent_unclear"]),
        ({"name": "Léa", "handles": "mastodon"}, ["handles_unclear"]),
        ({"name": "Léa", "handles": [{"network": "m"}]}, ["handles_unclear"]),
        ({"name": "Léa", "handles": 3}, ["handles_unclear"]),
        ({"name": "Léa", "size": "x" * 1001}, ["too_long"]),
    ],
)
def test_each_trouble_is_told_by_its_field(raw: dict[str, Any], codes: list[str]) -> None:
    assert [problem.code for problem in read_row(POLICY, raw, "1").problems] == codes


def test_what_the_brand_lets_not_in_is_left_out_and_told() -> None:
    said = read_row(POLICY, {"name": "Léa", "remark": "geheim", "letter": True}, "1")
    assert (said.values, said.left_out, said.consents) == ({"name": "Léa"}, ["remark"], {"letter": "given"})


@given(
    st.dictionaries(
        st.text(max_size=8), st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists), max_size=6
    )
)
def test_reading_never_raises(raw: dict[str, Any]) -> None:
    read_row(POLICY, raw, "1")


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({}, "name_stays_in"),
        ({"name": FieldRule("name", False, False, "shared")}, "name_stays_in"),
        (first_policy() | {"birthday": FieldRule("b", True, False, "brand")}, "field_name_odd"),
        (first_policy() | {"own:size": FieldRule("", True, False, "brand")}, "field_name_missing"),
        (first_policy() | {"own:size": FieldRule("email", True, False, "brand")}, "field_twice"),
        (first_policy() | {"own:size": FieldRule("external_id", True, False, "brand")}, "field_twice"),
    ],
)
def test_a_policy_that_cannot_be(policy: dict[str, FieldRule], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        checked_policy(policy)


def test_a_policy_is_stored_and_read_again() -> None:
    assert policy_of({name: rule.plain() for name, rule in POLICY.items()}) == POLICY
    assert not any(rule.outward for rule in first_policy().values())
