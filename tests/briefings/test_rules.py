"""What a briefing may contain, and the hours a brand may write down: each refusal names its field."""

from datetime import date
from typing import Any

import pytest

from clients.briefings.days_off import countries, public_holidays
from clients.briefings.office import DEFAULT, MOST_EXTRA_DAYS, calendar_of, clean_office
from clients.briefings.rules import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_LINES,
    SHAPES,
    Section,
    briefing_digest,
    changed_sections,
    clean_sections,
)
from tenants.errors import Invalid

SECTIONS: dict[str, Any] = {
    "tone": "Warm, never ironic.",
    "key_facts": ["Opened in 1987", "  ", "41 shops"],
    "approved_answers": [{"question": "Where is it made?", "answer": "In Troyes."}, {"question": "", "answer": " "}],
}


def test_every_section_has_a_shape() -> None:
    assert set(SHAPES) == set(Section)


def test_cleaned_sections_are_complete_and_without_blanks() -> None:
    clean = clean_sections(SECTIONS)
    assert list(clean) == [str(section) for section in Section]
    assert clean["key_facts"] == ["Opened in 1987", "41 shops"]
    said = {"key": "", "language": "", "question": "Where is it made?", "answer": "In Troyes."}
    assert clean["approved_answers"] == [said]
    assert (clean["objectives"], clean["house_rules"]) == ("", [])
    assert clean_sections(clean) == clean


@pytest.mark.parametrize(
    ("raw", "code", "field"),
    [
        ({}, "briefing_empty", "objectives"),
        ({"tone": "  "}, "briefing_empty", "objectives"),
        ({"colour": "red"}, "unknown_section", "colour"),
        ({"tone": 3}, "not_text", "tone"),
        ({"tone": "a\x00b"}, "not_text", "tone"),
        ({"tone": "x" * (LONGEST_TEXT + 1)}, "too_long", "tone"),
        ({"key_facts": "one line"}, "not_lines", "key_facts"),
        ({"key_facts": [3]}, "not_text", "key_facts"),
        ({"key_facts": ["x" * (LONGEST_LINE + 1)]}, "too_long", "key_facts"),
        ({"key_facts": ["x"] * (MOST_LINES + 1)}, "too_many_lines", "key_facts"),
        ({"approved_answers": ["yes"]}, "not_lines", "approved_answers"),
        ({"approved_answers": [{"question": "Why?"}]}, "column_missing", "approved_answers"),
        ({"escalation": [{"topic": "Press", "name": "Lou", "contact": "1", "fax": "2"}]}, "not_lines", "escalation"),
    ],
)
def test_what_does_not_fit_names_its_section(raw: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_sections(raw)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_digest_names_content_and_number_and_nothing_else() -> None:
    clean, office = clean_sections(SECTIONS), clean_office({})
    assert briefing_digest(1, clean, office) == briefing_digest(1, dict(reversed(clean.items())), office)
    others = {
        briefing_digest(1, clean, office),
        briefing_digest(2, clean, office),
        briefing_digest(1, clean | {"tone": "Cool."}, office),
        briefing_digest(1, clean, office | {"region": "57"}),
    }
    assert len(others) == 4


def test_changed_sections_are_told_in_reading_order() -> None:
    clean = clean_sections(SECTIONS)
    assert changed_sections(clean, clean) == []
    newer = clean | {"house_rules": ["Be kind"], "objectives": "Listen"}
    assert changed_sections(clean, newer) == [Section.OBJECTIVES, Section.HOUSE_RULES]


def test_the_default_hours_are_clean() -> None:
    assert clean_office({}) == DEFAULT
    assert clean_office(DEFAULT) == DEFAULT


def test_hours_are_stored_as_the_arithmetic_reads_them() -> None:
    office = clean_office(
        {"hours": [[[1320, 120]], [], [], [], [], [], []], "extra_days": ["2026-12-24", "2026-12-24"]}
    )
    assert office["hours"][:2] == [[[1320, 1440]], [[0, 120]]]
    assert office["extra_days"] == ["2026-12-24"]
    assert date(2026, 12, 24) in calendar_of(office, 2026).holidays


@pytest.mark.parametrize(
    ("raw", "code", "field"),
    [
        ({"shape": 1}, "unknown_setting", "shape"),
        ({"time_zone": "Mars/Olympus"}, "unknown_time_zone", "time_zone"),
        ({"time_zone": 4}, "unknown_time_zone", "time_zone"),
        ({"hours": [[]] * 7}, "no_working_hours", "hours"),
        ({"hours": "always"}, "bad_hours", "hours"),
        ({"hours": [None] * 7}, "bad_hours", "hours"),
        ({"hours": [[5]] * 7}, "bad_hours", "hours"),
        ({"hours": None}, "bad_hours", "hours"),
        ({"country": "ZZ"}, "unknown_country", "country"),
        ({"country": None}, "unknown_country", "country"),
        ({"region": "Texas"}, "unknown_region", "region"),
        ({"country": "", "region": "57"}, "unknown_region", "region"),
        ({"extra_days": ["tomorrow"]}, "bad_date", "extra_days"),
        ({"extra_days": [20261224]}, "bad_date", "extra_days"),
        ({"extra_days": "2026-12-24"}, "bad_date", "extra_days"),
        ({"extra_days": ["2026-12-24"] * (MOST_EXTRA_DAYS + 1)}, "too_many_days", "extra_days"),
    ],
)
def test_bad_hours_name_their_setting(raw: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_office(raw)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_public_holidays_follow_country_and_region() -> None:
    assert date(2026, 7, 14) in public_holidays("FR", "", 2026)
    assert date(2026, 12, 26) not in public_holidays("FR", "", 2026)
    assert date(2026, 12, 26) in public_holidays("FR", "57", 2026)  # Moselle keeps two more
    assert date(2029, 7, 14) in public_holidays("FR", "", 2026)
    assert public_holidays("", "", 2026) == frozenset()
    assert "57" in countries()["FR"]
