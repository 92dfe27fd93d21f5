"""By which words somebody is found, and that nobody else is."""

import pytest
from django.db import connection

from clients.audit.erasing.values import GONE, Sought, worth_seeking

LEA = worth_seeking(["Léa Martin", "@lea.martin", "lea@example.org", "+33 6 12 34 56 78", 'd"Arc \\o/', "xy"])
SOUGHT = Sought(LEA, kept=("lea.martin.paris", "Léa Martin-Dupuis"))
FOUND = [
    ("LÉA  MARTIN!", f"{GONE}!"),
    ("Le\u0301a Martin", GONE),
    ("https://s.example/@lea.martin", f"https://s.example/@{GONE}"),
    ("?to=lea%40example.org", f"?to={GONE}"),
    ("06 12 34 56 78, 06.12.34.56.78", f"{GONE}, {GONE}"),
    ("(+33612345678)", f"({GONE})"),
    ("Lea@Example.ORG.", f"{GONE}."),
    ('von d"arc \\O/ selbst', f"von {GONE} selbst"),
    ("lea.martin.paris et lea.martin", f"lea.martin.paris et {GONE}"),
]
LEFT = ["Léa Martine", "Cléa Martin", "lea.martin.paris", "Léa Martin-Dupuis", "6123456789", "xy", "Martin Léa", ""]


@pytest.mark.parametrize(("text", "rest"), FOUND)
def test_found_and_taken_out_and_nothing_around_it(text: str, rest: str) -> None:
    assert SOUGHT.found_in(text)
    assert SOUGHT.without(text) == rest
    assert not SOUGHT.found_in(rest)
    assert len(rest) <= len(text)


@pytest.mark.parametrize("text", LEFT)
def test_others_stay(text: str) -> None:
    assert not SOUGHT.found_in(text)
    assert SOUGHT.without(text) == text


def test_inside_json_and_the_names_of_its_keys() -> None:
    given = {"a": ["Léa Martin", 3, None, {"lea@example.org": True}]}
    assert SOUGHT.without(given) == {"a": [GONE, 3, None, {GONE: True}]}


@pytest.mark.parametrize("text", [text for text, _ in FOUND])
def test_the_database_lets_no_row_through_that_python_would_find(db: None, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(%s::text)::text ~ %s, jsonb_build_object('x', %s::text)::text", [text, SOUGHT.sieve, text]
        )
        seen, as_json = cursor.fetchone()
    assert seen
    assert SOUGHT.found_in(as_json)


def test_nobody_is_found_by_nothing() -> None:
    assert not Sought(()).found_in("anything")
