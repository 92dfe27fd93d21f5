"""`only_lowers` against the decision itself: never a wrong yes, and never a no without a moment that proves it."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings

from clients.autonomy.decide import decide
from clients.autonomy.grant import ANY, Charter, Grant, Hours
from clients.autonomy.levels import Level
from clients.autonomy.question import Question
from clients.autonomy.rules import level_that_holds
from clients.autonomy.vocabulary import ActionKind
from clients.mandates.lowering import closing, first_raise, only_lowers, raises_in
from tests.mandates.charters import CHANNELS, DAYS, KINDS, ROUTINE, UNNAMED, at, charters, grants, question, questions

PUBLISH = ActionKind.PUBLISH


def one(**limits: object) -> Charter:
    return Charter(1, (replace(Grant("c1", PUBLISH, ROUTINE, Level.REPORT), **limits),))


def level(q: Question, charter: Charter) -> Level:
    return level_that_holds(q, charter)[0]


NARROW = Hours(540, 1080, frozenset(range(5)))
WIDE = Hours(480, 1200, frozenset(range(6)))


@pytest.mark.parametrize(
    ("wider", "narrower"),
    [
        (one(), one(level=Level.VETO)),
        (one(), one(hours=WIDE)),
        (one(hours=WIDE), one(hours=NARROW)),
        (one(), one(daily_cap=5)),
        (one(daily_cap=5), one(daily_cap=4)),
        (one(), one(until=date(2026, 12, 31))),
        (one(until=date(2026, 12, 31)), one(until=date(2026, 12, 30))),
        (one(), Charter(1, ())),
    ],
)
def test_lowering_passes_and_the_way_back_does_not(wider: Charter, narrower: Charter) -> None:
    assert only_lowers(wider, narrower)
    assert not only_lowers(narrower, wider)


def test_removing_the_nearer_grant_raises_where_a_wider_one_gives_more() -> None:
    wide = Grant(ANY, ANY, ROUTINE, Level.TRUST)
    closed = Grant("c1", PUBLISH, ROUTINE, Level.CLOSED)
    assert first_raise(Charter(1, (wide, closed)), Charter(2, (wide,))) == ("c1", PUBLISH, ROUTINE)


def test_a_cap_under_another_key_counts_other_acts() -> None:
    capped = Grant(ANY, ANY, ROUTINE, Level.REPORT, daily_cap=5)
    same_cap_nearer = Grant("c1", ANY, ROUTINE, Level.REPORT, daily_cap=5)
    assert not only_lowers(Charter(1, (capped,)), Charter(2, (capped, same_cap_nearer)))


def test_ending_a_grant_does_not_set_the_wider_one_free_of_its_limits() -> None:
    wide = Grant(ANY, ANY, ROUTINE, Level.REPORT)
    near = Grant("c1", ANY, ROUTINE, Level.REPORT, hours=NARROW, daily_cap=2)
    ended = replace(near, until=date(2026, 11, 1))
    assert only_lowers(Charter(1, (wide, near)), Charter(2, (wide, ended)))
    night = question(moment=at(DAYS[3], 60))
    assert level(night, Charter(2, (wide, ended))) is Level.APPROVE


def test_an_irreversible_kind_never_rises_above_its_ceiling() -> None:
    old, new = Charter(1, (Grant(ANY, ActionKind.BAN, ROUTINE, Level.APPROVE),)), one(kind=ActionKind.BAN, channel=ANY)
    assert only_lowers(old, new)


@given(charters, charters, questions)
@settings(max_examples=1500)
def test_what_only_lowers_never_permits_more(old: Charter, new: Charter, q: Question) -> None:
    if only_lowers(old, new):
        assert level(q, new) <= level(q, old)
        assert not decide(q, new).sends or decide(q, old).sends


@given(charters, grants)
def test_closing_always_lowers_and_leaves_nothing_open_within(old: Charter, cell: Grant) -> None:
    closed = Grant(cell.channel, cell.kind, cell.sensitivity, Level.CLOSED)
    new = Charter(2, closing(old, closed))
    assert only_lowers(old, new)
    for channel, kind in product((*CHANNELS, UNNAMED), KINDS):
        if closed.channel in (ANY, channel) and closed.kind in (ANY, kind):
            assert level(question(channel, kind), new) is Level.CLOSED


@given(charters, charters)
@settings(max_examples=60, deadline=None)
def test_it_says_no_only_where_some_question_would_get_more(old: Charter, new: Charter) -> None:
    for channel, kind in product((*CHANNELS, UNNAMED), KINDS):
        asked = ANY if channel == UNNAMED else channel
        assert raises_in(old, new, asked, kind, ROUTINE) == some_question_gets_more(old, new, channel, kind)


def some_question_gets_more(old: Charter, new: Charter, channel: str, kind: ActionKind) -> bool:
    """The independent oracle: ask everything at every moment and count at which something can change."""
    covering = (*old.covering(channel, kind, ROUTINE), *new.covering(channel, kind, ROUTINE))
    keys = list(dict.fromkeys(g.key for g in covering if g.daily_cap is not None))
    moments = [at(day, minute) for day in far_apart() for minute in (0, 540, 720, 1080)]
    return any(
        level(q, new) > level(q, old)
        for counts in product((0, 1, 2, 3), repeat=len(keys))
        for moment in moments
        for q in (question(channel, kind, moment, sent_today=tuple(zip(keys, counts, strict=True))),)
    )


def far_apart() -> list[date]:
    """The days on which grants end, and a whole week before and after."""
    return [date.fromordinal(n) for n in range(DAYS[0].toordinal() - 7, DAYS[-1].toordinal() + 8)]


@given(grants)
def test_every_charter_only_lowers_itself_and_nothing_lowers_to_nothing(grant: Grant) -> None:
    charter = Charter(1, (grant,))
    assert only_lowers(charter, charter)
    assert only_lowers(charter, Charter(2, ()))
