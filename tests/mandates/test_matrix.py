"""The matrix and its sentences: what a cell holds is what the decision finds, and what changes is told once."""

from dataclasses import replace
from datetime import date

from hypothesis import given

from clients.autonomy.grant import ANY, Charter, Grant, Hours
from clients.autonomy.levels import Level
from clients.autonomy.rules import level_that_holds
from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.mandates.matrix import Cell, Direction, cells, compare, holding
from clients.mandates.sentences import OTHERS, Sentence, sentence_of, sentences_between, sentences_of
from tests.mandates.charters import CHANNELS, DAYS, KINDS, ROUTINE, UNNAMED, at, charters, question

DAY = date(2026, 11, 23)
WIDE = Grant(ANY, ANY, ROUTINE, Level.APPROVE)
NEAR = Grant(
    "c1", ActionKind.PUBLISH, ROUTINE, Level.VETO, Hours(540, 1080, frozenset(range(5))), 3, date(2026, 12, 31)
)
OFFICE = Sentence("limit.hours", {"start": 540, "end": 1080, "weekdays": (0, 1, 2, 3, 4)})
THREE = Sentence("limit.daily_cap", {"count": 3})
YEAR = Sentence("limit.until", {"day": date(2026, 12, 31)})


@given(charters)
def test_within_its_limits_a_cell_gives_what_the_decision_finds(charter: Charter) -> None:
    for channel in (*CHANNELS, UNNAMED):
        for kind in KINDS:
            for day in DAYS:
                found = holding(charter, Cell(channel, kind, ROUTINE), day)
                minutes = [m for m in (0, 539, 540, 720, 1080) if all(h.contain(at(day, m)) for h in found.hours)]
                for minute in minutes[:1]:
                    asked = question(channel, kind, at(day, minute))
                    assert level_that_holds(asked, charter)[0] == found.level


def test_the_matrix_is_full() -> None:
    assert len(list(cells({"c1", "c2", ANY}))) == 3 * len(ActionKind) * len(Sensitivity)


def test_nothing_changes_between_a_charter_and_itself() -> None:
    charter = Charter(1, (WIDE, NEAR))
    assert compare(charter, charter, DAY) == []


def test_the_same_permission_written_differently_is_no_change() -> None:
    spelled = Charter(2, (WIDE, replace(WIDE, kind=ActionKind.PUBLISH)))
    assert compare(Charter(1, (WIDE,)), spelled, DAY) == []


def test_a_new_near_grant_changes_one_cell_and_is_told_as_one_sentence() -> None:
    old, new = Charter(1, (WIDE,)), Charter(2, (WIDE, NEAR))
    (change,) = compare(old, new, DAY)
    assert change.cell == Cell("c1", ActionKind.PUBLISH, ROUTINE)
    assert change.direction is Direction.RAISES
    (told,) = sentences_between(old, new, DAY)
    assert told.code == "change.raises"
    assert told.slots["channels"] == ("c1",)
    assert told.slots["kinds"] == ("publish",)
    assert (told.slots["before"], told.slots["after"], told.slots["was"]) == (2, 4, ())
    assert told.limits == (OFFICE, THREE, YEAR)


def test_a_change_of_everything_is_one_sentence_but_for_what_has_a_ceiling() -> None:
    old, new = Charter(1, ()), Charter(2, (replace(WIDE, level=Level.REPORT),))
    assert len(compare(old, new, DAY, ["c1", "c2"])) == 3 * len(ActionKind)
    told = sentences_between(old, new, DAY, ["c1", "c2"])
    assert [(s.slots["channels"], len(s.slots["kinds"]), s.slots["after"]) for s in told] == [
        ((ANY,), len(ActionKind) - 4, 5),
        ((ANY,), 4, 2),
    ]
    told = sentences_between(Charter(1, ()), Charter(2, (WIDE,)), DAY, ["c1"])
    assert [(s.slots["channels"], s.slots["kinds"]) for s in told] == [((ANY,), (ANY,))]


def test_what_permits_more_is_told_before_what_permits_less() -> None:
    old = Charter(1, (WIDE, NEAR))
    new = Charter(2, (WIDE, replace(NEAR, level=Level.CLOSED), Grant("c2", ANY, ROUTINE, Level.TRUST)))
    told = sentences_between(old, new, DAY)
    assert [s.code for s in told] == ["change.raises", "change.lowers"]
    assert [told[0].slots["channels"], told[1].slots["channels"]] == [("c2",), ("c1",)]


def test_every_other_channel_is_not_every_channel() -> None:
    old, new = Charter(1, (NEAR,)), Charter(2, (NEAR, replace(WIDE, kind=ActionKind.PUBLISH)))
    (told,) = sentences_between(old, new, DAY)
    assert (told.slots["channels"], told.slots["kinds"]) == ((OTHERS,), ("publish",))


def test_more_in_one_respect_and_less_in_another_shifts() -> None:
    other = replace(NEAR, hours=Hours(0, 600), daily_cap=3)
    (change,) = compare(Charter(1, (NEAR,)), Charter(2, (other,)), DAY)
    assert change.direction is Direction.SHIFTS


def test_a_grant_as_a_sentence_with_its_clauses() -> None:
    assert sentence_of(NEAR) == Sentence(
        "grant.4",
        {"channel": "c1", "kind": "publish", "sensitivity": "routine", "level": 4},
        (OFFICE, THREE, YEAR),
    )


def test_the_widest_grant_is_told_first() -> None:
    assert [s.code for s in sentences_of(Charter(1, (NEAR, WIDE)))] == ["grant.2", "grant.4"]
