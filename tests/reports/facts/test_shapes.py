"""Facts as bytes: sorted, stable, and read back to the same; what is strict, empty and left out."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from clients.briefings.goals import Direction
from clients.disclosure.rules import InfoClass
from reports.facts.canonical import COLUMNS, canonical, data_of, digest_of, facts_from, tables
from reports.facts.periods import PeriodKind, period_of
from reports.facts.shapes import (
    BrandFacts,
    Checkpoint,
    Facts,
    Figure,
    Listing,
    Point,
    Reached,
    Row,
    Section,
    Series,
    Unit,
)

ID = UUID(int=7)
DONE = Figure(
    "acts.done", Unit.COUNT, 12, before=9, goal=10, dimensions=(("kind", "answer"),), rows=12,
    direction=Direction.AT_LEAST, reached=Reached.YES,
)  # fmt: skip
NONE = Figure("clocks.answer.median", Unit.WORKING, None)
SECRET = Figure("acts.held", Unit.COUNT, 1, rows=1, info_class=InfoClass.BRAND)
TOPICS = Listing(
    "topics",
    ("topic", "mentions"),
    (Row("theme", ID, ("Fraises; « sucrées » 🍓", 3)), Row("theme", None, ("", None))),
    2,
)
WEEKS = Series("acts.done", Unit.COUNT, (Point("2026-W46", None), Point("2026-W47", 12)))
SECTIONS = (Section("done", (DONE, NONE), (WEEKS,)), Section("talk", listings=(TOPICS,)))
WHOLE = Facts(
    "weekly",
    BrandFacts(ID, "Maison Lise", "lise", "Europe/Paris", "fr"),
    period_of(PeriodKind.WEEK, date(2026, 11, 18), "Europe/Paris"),
    InfoClass.SHARED,
    SECTIONS,
    3,
    Checkpoint(40, "ab" * 32, datetime(2026, 11, 20, 9, tzinfo=UTC)),
    datetime(2026, 11, 21, 9, tzinfo=UTC),
)


def test_the_way_there_and_back() -> None:
    assert facts_from(json.loads(canonical(WHOLE))) == WHOLE
    bare = replace(WHOLE, checkpoint=None, sections=())
    assert facts_from(json.loads(canonical(bare))) == bare


def test_a_period_that_runs_goes_there_and_back_with_what_it_is_compared_up_to() -> None:
    now = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
    running = replace(WHOLE, period=WHOLE.period.told_at(now))
    assert facts_from(json.loads(canonical(running))) == running != WHOLE
    told = data_of(running)["period"]
    assert (told["running"], told["until"]) == (True, "2026-11-18T09:30:00.000000Z")
    assert told["compared_until"] == "2026-11-11T09:30:00.000000Z"
    assert {"running", "compared_until"}.isdisjoint(data_of(WHOLE)["period"])


def test_the_same_facts_are_the_same_bytes_with_sorted_keys() -> None:
    assert canonical(WHOLE) == canonical(replace(WHOLE))
    data = data_of(WHOLE)
    assert canonical(WHOLE) == json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert "« sucrées » 🍓".encode() in canonical(WHOLE)


def test_a_later_making_has_other_bytes_and_the_same_digest() -> None:
    later = replace(WHOLE, made_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert canonical(later) != canonical(WHOLE)
    assert digest_of(later) == digest_of(WHOLE)
    assert digest_of(replace(WHOLE, withheld=4)) != digest_of(WHOLE)


def test_another_schema_is_not_read() -> None:
    with pytest.raises(ValueError, match="unknown_schema"):
        facts_from({**data_of(WHOLE), "schema": "relais-facts-9"})


def test_tables_have_a_row_for_every_figure_point_and_line() -> None:
    found = {name: (columns, list(rows)) for name, columns, rows in tables(WHOLE)}
    assert list(found) == ["figures", "series", "talk.topics"]
    assert found["figures"][0] == COLUMNS
    assert found["figures"][1] == [
        ("done", "acts.done", "kind=answer", "count", 12, 9, 10, "at_least", "yes", 12, 0, "shared"),
        ("done", "clocks.answer.median", "", "working", None, None, None, None, None, 0, 0, "shared"),
    ]
    assert found["series"][1][0] == ("done", "acts.done", "", "count", "2026-W46", None)
    assert found["talk.topics"] == (("topic", "mentions"), [("Fraises; « sucrées » 🍓", 3), ("", None)])


def test_no_data_is_not_zero() -> None:
    assert NONE.change is None and replace(DONE, before=None).change is None and DONE.change == 3
    assert Section("x", (NONE,)).is_empty and not Section("x", (DONE,)).is_empty
    assert Section("x", series=(replace(WEEKS, points=(Point("a", None),)),)).is_empty
    assert not Section("x", listings=(TOPICS,)).is_empty


def test_what_is_kept_is_not_nothing_and_neither_is_a_goal_that_was_missed() -> None:
    nothing, kept = Figure("acts.done", Unit.COUNT, 0), Figure("log.lines", Unit.COUNT, None, withheld=4)
    assert Section("x", (nothing,)).is_empty and not Section("x", (nothing,)).is_closed
    silent = (Section("x", (kept,)), Section("x", withheld=2), Section("x", listings=(Listing("l", ("a",), (), 0, 1),)))
    assert all(one.is_closed and not one.is_empty for one in silent)
    assert not Section("x", (kept, DONE)).is_closed and not Section("x", (kept, DONE)).is_empty
    missed = Section("goals", (replace(nothing, goal=12),))
    assert not missed.is_empty and not missed.is_closed


def test_what_a_section_keeps_goes_there_and_back_and_changes_nothing_where_it_is_nothing() -> None:
    kept = replace(WHOLE, sections=(replace(SECTIONS[0], withheld=3), SECTIONS[1]))
    assert facts_from(json.loads(canonical(kept))) == kept
    assert [section.get("withheld") for section in data_of(kept)["sections"]] == [3, None]


def test_the_class_of_the_whole_is_that_of_its_strictest_part() -> None:
    assert WHOLE.info_class is InfoClass.SHARED
    assert replace(WHOLE, sections=(*SECTIONS, Section("y", (SECRET,)))).info_class is InfoClass.BRAND
    strict = replace(TOPICS, rows=(*TOPICS.rows, Row("theme", ID, ("x", 1), InfoClass.NAMED)))
    assert Section("talk", listings=(strict,)).info_class is InfoClass.NAMED


def test_a_figure_is_named_by_its_code_and_what_it_is_told_apart_by() -> None:
    assert DONE.key == "acts.done;kind=answer" and NONE.key == "clocks.answer.median"
    assert WHOLE.section("talk") is SECTIONS[1] and WHOLE.section("nothing") is None
    assert [figure for _, figure in WHOLE.figures()] == [DONE, NONE]
