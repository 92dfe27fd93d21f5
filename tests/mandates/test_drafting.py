"""Bad input: every error names its field, all of them at once, and nothing that reads as a grant is anything else."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.autonomy.grant import Grant
from clients.mandates.drafting import MOST_GRANTS, draft_of, read_grants, validate_grants
from tests.mandates.charters import CHANNELS, grants

GOOD = {"channel": "c1", "kind": "publish", "sensitivity": "routine", "level": 4}
SINCE = date(2026, 1, 1)


def errors_in(*drafts: Any) -> list[tuple[str, str]]:
    return [(e.field, e.code) for e in validate_grants(drafts, CHANNELS, SINCE)]


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"level": 7}, "level", "unknown_level"),
        ({"level": -1}, "level", "unknown_level"),
        ({"level": None}, "level", "unknown_level"),
        ({"level": "much"}, "level", "unknown_level"),
        ({"level": True}, "level", "unknown_level"),
        ({"level": 3.5}, "level", "unknown_level"),
        ({"channel": "c9"}, "channel", "unknown_channel"),
        ({"kind": "shout"}, "kind", "unknown_kind"),
        ({"kind": ["publish"]}, "kind", "unknown_kind"),
        ({"sensitivity": ""}, "sensitivity", "unknown_sensitivity"),
        ({"sensitivity": None}, "sensitivity", "unknown_sensitivity"),
        ({"kind": "delete", "level": 3}, "level", "above_irreversible_ceiling"),
        ({"hours": {"start": 1080, "end": 540}}, "hours.end", "end_before_start"),
        ({"hours": {"start": 540, "end": 540}}, "hours", "hours_empty"),
        ({"hours": {"weekdays": []}}, "hours", "hours_empty"),
        ({"hours": {"weekdays": [7]}}, "hours.weekdays", "unknown_weekday"),
        ({"hours": {"weekdays": "monday"}}, "hours.weekdays", "unknown_weekday"),
        ({"hours": {"start": 1441}}, "hours.start", "not_a_minute"),
        ({"hours": {"end": "late"}}, "hours.end", "not_a_minute"),
        ({"hours": "9 to 5"}, "hours", "not_hours"),
        ({"daily_cap": 0}, "daily_cap", "cap_below_one"),
        ({"daily_cap": "x"}, "daily_cap", "cap_below_one"),
        ({"daily_cap": 10**30}, "daily_cap", "cap_too_high"),
        ({"until": "2025-12-31"}, "until", "end_before_start"),
        ({"until": "soon"}, "until", "not_a_date"),
        ({"colour": "red"}, "colour", "unknown_field"),
    ],
)
def test_one_wrong_value_is_named_and_the_same_line_without_it_passes(
    wrong: dict[str, Any], field: str, code: str
) -> None:
    assert errors_in(GOOD) == []
    assert errors_in({"sensitivity": "crisis", "level": 0}, GOOD | wrong) == [(f"grants.1.{field}", code)]


def test_all_errors_at_once() -> None:
    found = errors_in(GOOD | {"level": 9, "kind": "shout"}, "not a line", GOOD | {"daily_cap": 0})
    assert [field for field, _ in found] == ["grants.0.kind", "grants.0.level", "grants.1", "grants.2.daily_cap"]


def test_the_same_coordinates_twice_overlap_whatever_their_limits() -> None:
    (error,) = validate_grants([GOOD, GOOD | {"level": 2, "until": "2027-01-01"}], CHANNELS)
    assert (error.field, error.code, error.facts) == ("grants.1", "overlapping_grants", {"with": 0})


def test_different_sensitivities_and_any_do_not_overlap() -> None:
    assert errors_in(GOOD, GOOD | {"sensitivity": "crisis"}, GOOD | {"kind": ""}, GOOD | {"channel": None}) == []


def test_too_many_lines_are_not_even_read() -> None:
    assert errors_in(*[GOOD] * (MOST_GRANTS + 1)) == [("grants", "too_many_grants")]


def test_numbers_may_come_as_text_as_forms_send_them() -> None:
    (grant,), errors = read_grants([GOOD | {"level": "5", "daily_cap": "3", "until": "2026-05-01"}], CHANNELS)
    assert (int(grant.level), grant.daily_cap, grant.until, errors) == (5, 3, date(2026, 5, 1), [])


@given(grants)
def test_what_a_grant_is_written_as_reads_as_the_same_grant(grant: Grant) -> None:
    read, errors = read_grants([draft_of(grant)], CHANNELS)
    assert bool(read) is not bool(errors)
    assert not read or read == (grant,)


@given(
    st.lists(
        st.recursive(st.none() | st.booleans() | st.integers() | st.text() | st.floats(), st.lists)
        | st.dictionaries(
            st.sampled_from([*GOOD, "hours", "daily_cap", "until"]),
            st.none()
            | st.integers()
            | st.text()
            | st.floats()
            | st.dictionaries(
                st.sampled_from(["start", "end", "weekdays"]), st.none() | st.integers() | st.lists(st.integers())
            ),
        ),
        max_size=4,
    )
)
def test_nonsense_is_an_error_and_never_an_exception(drafts: list[Any]) -> None:
    read, errors = read_grants(drafts, CHANNELS)
    assert len(read) == len(drafts) or errors
