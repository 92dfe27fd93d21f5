"""What is quoted, in which order, and when one is due."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.press.rules import (
    FARTHEST,
    LONGEST_SPAN,
    SHORT_QUOTE,
    Rhythm,
    checked_note,
    checked_span,
    due_after,
    moved,
    quoted,
    shortened,
)
from tenants.errors import Invalid

NOW, TODAY = datetime(2026, 11, 21, 12, tzinfo=UTC), date(2026, 11, 21)


@dataclass
class Licence:
    source: str
    licence: str
    excerpt: int | None


@given(text=st.text(max_size=400), most=st.integers(0, 300))
def test_never_longer_than_the_licence_allows(text: str, most: int) -> None:
    piece = quoted(text, "Le Monde", [Licence("le monde", "CFC", most)])
    assert len(piece.excerpt) <= most
    assert piece.licence == "CFC"
    assert "\n" not in piece.excerpt


def test_a_source_without_a_licence_is_quoted_shortly() -> None:
    text = "mot " * 200
    assert len(quoted(text, "Inconnu", [Licence("Le Monde", "CFC", 0)]).excerpt) <= SHORT_QUOTE
    assert quoted(text, "Le Monde", [Licence("Le Monde", "CFC", 0)]).excerpt == ""
    assert quoted("court", "Inconnu", []).excerpt == "court"
    assert shortened("un deux trois", 9) == "un deux…"
    assert shortened("x" * 20, 5) == "xxxx…"


@given(st.lists(st.integers(), unique=True, min_size=1, max_size=9), st.data(), st.integers(-20, 20))
def test_moving_one_keeps_all_others_in_order(order: list[int], data: st.DataObject, step: int) -> None:
    one = data.draw(st.sampled_from(order))
    after = moved(order, one, step)
    assert [x for x in after if x != one] == [x for x in order if x != one]
    assert after.index(one) == max(0, min(len(order) - 1, order.index(one) + step))


def test_spans_and_notes_are_checked() -> None:
    assert checked_span(NOW, NOW + LONGEST_SPAN)
    for until, code in [(NOW, "end_before_start"), (NOW + LONGEST_SPAN + timedelta(seconds=1), "span_too_long")]:
        with pytest.raises(Invalid, match=code):
            checked_span(NOW, until)
    assert checked_note(TODAY, " Salon  du pain ", " x ", TODAY) == ("Salon du pain", "x")
    wrong = [
        (TODAY - timedelta(days=1), "a", "", "time_past"),
        (TODAY + FARTHEST + timedelta(days=1), "a", "", "too_far"),
        (TODAY, " ", "", "subject_empty"),
        (TODAY, "a" * 201, "", "too_long"),
        (TODAY, "a", "x" * 1001, "too_long"),
    ]
    for day, subject, text, code in wrong:
        with pytest.raises(Invalid, match=code):
            checked_note(day, subject, text, TODAY)


def test_due_on_the_brands_clocks_also_over_the_night_they_change() -> None:
    paris = ZoneInfo("Europe/Paris")
    now = datetime(2026, 10, 24, 9, 30, tzinfo=paris)  # a Saturday; the clocks go back that night
    assert due_after(now, Rhythm.DAILY, time(9), 0) == datetime(2026, 10, 25, 9, tzinfo=paris)
    assert due_after(now, Rhythm.DAILY, time(10), 0) == datetime(2026, 10, 24, 10, tzinfo=paris)
    assert due_after(now, Rhythm.WEEKLY, time(9), 0) == datetime(2026, 10, 26, 9, tzinfo=paris)
    assert due_after(now, Rhythm.WEEKLY, time(9), 5) == datetime(2026, 10, 31, 9, tzinfo=paris)
    assert due_after(now, Rhythm.NEVER, time(9), 5) is None
