"""The section of the briefing that says within what time members hear from the brand."""

import pytest

from clients.briefings.entries import ServiceTarget, service_of
from clients.briefings.rules import clean_some
from tenants.errors import Invalid

LINE = {"channel": "email", "topic": "", "sensitivity": "crisis", "acknowledge_within": "007", "answer_within": "90"}


def test_a_line_is_read_as_it_was_written() -> None:
    assert service_of(clean_some({"service": [LINE]})) == [ServiceTarget("email", "", "crisis", 7, 90)]


def test_a_version_from_before_has_no_such_section() -> None:
    assert service_of({}) == []


@pytest.mark.parametrize(
    ("column", "typed", "code"),
    [
        ("acknowledge_within", "0", "not_a_number"),
        ("answer_within", "2 h", "not_a_number"),
        ("answer_within", "", "column_missing"),
        ("sensitivity", "huge", "unknown_choice"),
    ],
)
def test_what_cannot_be_reckoned_with_is_refused_by_its_section(column: str, typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_some({"service": [LINE | {column: typed}]})
    assert (refused.value.code, refused.value.field) == (code, "service")
