"""Two reports side by side: every figure and every line of either, with what each lacks told for what it is."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.utils.translation import override

from reports.facts.shapes import Facts, Figure, Listing, Row, Section, Unit
from reports.kinds.comparing import Both, Line, Rows, Together, compared, remarks
from tests.reports.kinds.examples import FACEBOOK, MASTODON, NAMES, WEEK, facts_of, figure

AWA, LEA = UUID(int=71), UUID(int=72)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


def beside(ours: tuple[Section, ...], theirs: tuple[Section, ...]) -> list[Together]:
    return compared(Both(of(*ours), earlier(*theirs), NAMES, "en"))


def of(*sections: Section, withheld: int = 0) -> Facts:
    return facts_of("weekly", *sections, withheld=withheld)


def earlier(*sections: Section, withheld: int = 0) -> Facts:
    return facts_of("weekly", *sections, period=WEEK.before, withheld=withheld)


def lines(found: list[Together]) -> dict[str, tuple[str, str, str]]:
    return {line.label: (line.ours, line.theirs, line.change) for part in found for line in part.lines}


def done(*figures: Figure) -> tuple[Section, ...]:
    return (Section("done", figures),)


def test_every_figure_of_either_is_told_and_what_was_not_there_was_none() -> None:
    ours = done(figure("acts.done", 12, 9), figure("acts.done", 12, 9, kind="answer", channel=FACEBOOK))
    theirs = done(figure("acts.done", 9), figure("acts.done", 9, kind="answer", channel=MASTODON))
    assert lines(beside(ours, theirs)) == {
        "Acts in the brand’s name": ("12", "9", "+3"),
        "Acts in the brand’s name – answer, Facebook · Maison Verte": ("12", "0", "+12"),
        "Acts in the brand’s name – answer, Mastodon": ("0", "9", "\u22129"),
    }


def test_a_time_of_nothing_is_nothing_and_a_share_of_something_is_none() -> None:
    ours = (
        Section("clocks", (figure("clocks.median", 74, unit=Unit.WORKING, clock="answer"),)),
        Section("channels", (figure("channels.share", 10_000, unit=Unit.SHARE, channel=FACEBOOK),)),
    )
    theirs = (
        Section("clocks"),
        Section("channels", (figure("channels.share", 10_000, unit=Unit.SHARE, channel=MASTODON),)),
    )
    assert lines(beside(ours, theirs)) == {
        "Median time – Answer": ("1\u00a0h\u00a014", "\u2013", ""),
        "Share of acts – Facebook · Maison Verte": ("100%", "0%", "+100.0\u202fpts"),
        "Share of acts – Mastodon": ("0%", "100%", "\u2212100.0\u202fpts"),
    }


def test_what_one_lacks_or_keeps_is_nothing_to_compare_with() -> None:
    ours, theirs = (figure("words.veto", 3),), (figure("reads.noted", 4),)
    found = beside((Section("brakes", ours),), (Section("reads", theirs),))
    assert [(one.title, one.lacking) for one in found] == [
        ("Vetoes, holds and incidents", True),
        ("Who saw what is confidential", True),
    ]
    assert lines(found) == {"Vetoes": ("3", "\u2013", ""), "Readings noted": ("\u2013", "4", "")}
    closed = replace(figure("reads.noted", None), withheld=7)
    part = figure("reads.noted", 4, act="read", side="brand")
    (told,) = beside((Section("reads", (closed,)),), (Section("reads", (*theirs, part)),))
    assert told.lines[0] == Line("Readings noted", "\u2013", "4", "", (7, 0))
    assert (told.lines[1].ours, told.lines[1].theirs, told.lines[1].change) == ("\u2013", "4", "")


def test_before_the_brand_came_there_was_nothing_to_count() -> None:
    ours, theirs = of(*done(figure("acts.done", 2, kind="answer", channel=FACEBOOK))), earlier(*done())
    began = replace(theirs.brand, began=WEEK.since)
    ((line,),) = [part.lines for part in compared(Both(ours, replace(theirs, brand=began), NAMES, "en"))]
    assert (line.ours, line.theirs, line.change) == ("2", "\u2013", "")


def members(*rows: tuple[UUID | None, str | None, int]) -> tuple[Section, ...]:
    cells = (Row("community.member", pk, (at, name, said, 1)) for at, (pk, name, said) in enumerate(rows, 1))
    found = tuple(cells)
    return (
        Section(
            "members", listings=(Listing("members", ("place", "name", "said", "conversations"), found, len(found)),)
        ),
    )


def test_members_are_the_same_by_who_they_are_and_nobody_guesses_at_the_others() -> None:
    ((listing,),) = [
        one.listings for one in beside(members((AWA, "Awa", 5)), members((LEA, "Léa", 4), (AWA, "Awa", 2)))
    ]
    assert listing == Rows(
        "Most active members",
        Line("How many", "1", "2", "\u22121"),
        (Line("Awa", "5", "2", "+3"), Line("Léa", "0", "4", "\u22124")),
    )
    ((unsure,),) = [one.listings for one in beside(members((AWA, "Awa", 5)), members((None, None, 4)))]
    assert unsure.lines == (Line("Awa", "5", "\u2013", ""),)


def test_lines_of_either_are_there_or_not_and_what_is_kept_is_counted() -> None:
    columns = ("day", "subject", "text")
    ours = Listing("watch", columns, (Row("press.watchnote", AWA, ("2026-11-25", "Salon", "Paris")),), 1, 2)
    theirs = Listing("watch", columns, (Row("press.watchnote", LEA, ("2026-11-18", "Foire", "")),), 1)
    ((listing,),) = [
        one.listings for one in beside((Section("coming", listings=(ours,)),), (Section("coming", listings=(theirs,)),))
    ]
    assert listing.count == Line("How many", "1", "1", "±0", (2, 0))
    assert listing.lines == (
        Line("25\u00a0November, Salon", "there", "\u2013", ""),
        Line("18\u00a0November, Foire", "\u2013", "there", ""),
    )


def test_what_makes_two_periods_unequal_is_said_before_their_numbers() -> None:
    ours, theirs = of(*done(figure("acts.done", 3))), earlier(*done(figure("acts.done", 2)), withheld=2)
    assert remarks(Both(ours, theirs, {}, "en")) == [
        "9–15\u00a0November 2026: 2 rows are not shown: they are kept more strictly than this report."
    ]
    running = replace(ours, period=WEEK.told_at(datetime(2026, 11, 18, 9, tzinfo=UTC)))
    told = remarks(Both(running, theirs, {}, "en"))
    assert "still runs: figures until" in told[0] and "not equally long" in told[-1]
