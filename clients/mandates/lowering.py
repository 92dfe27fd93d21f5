"""Does a new charter only take away?  Exact, for every question at every moment: no sampling, no 'probably'.  Pure.

What holds in a cell is the lowest among a few grants (see `autonomy.rules.level_granted`): those of the nearest tier that is
still running, and those nearer ones that have ended. A grant gives its level within its hours and below its daily cap, and
APPROVE beyond them. So 'never more' can be decided by asking, for each old grant, whether a moment and a count of acts exist
at which all new grants give more than it. Hours are a set of minutes of the week, kept as the bits of one integer.

INVARIANT: `only_lowers(old, new)` implies level_that_holds(q, new) <= level_that_holds(q, old) for every question q. The
brand's managers may put into force without the owner's signature exactly what passes here (proof part `monotony`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, reduce
from itertools import product

from clients.autonomy.grant import ANY, MINUTES_A_DAY, Charter, Grant, Hours
from clients.autonomy.levels import IRREVERSIBLE_CEILING, Level
from clients.autonomy.vocabulary import IRREVERSIBLE, ActionKind, Sensitivity

WHOLE_WEEK = (1 << 7 * MINUTES_A_DAY) - 1
Where = tuple[str, ActionKind, Sensitivity]


@dataclass(frozen=True, slots=True)
class Term:
    """One grant as far as it matters in one cell: beyond `minutes` or `cap` it gives APPROVE."""

    level: Level
    minutes: int
    cap: int | None
    key: str


def only_lowers(old: Charter, new: Charter) -> bool:
    """Whether `new` permits nothing, in any cell at any moment, that `old` did not."""
    return first_raise(old, new) is None


def first_raise(old: Charter, new: Charter) -> Where | None:
    """A cell in which `new` permits more; None if there is none. The channel ANY stands for all that no grant names."""
    channels = {g.channel for g in (*old.grants, *new.grants)} | {ANY}
    return next((w for w in product(sorted(channels), ActionKind, Sensitivity) if raises_in(old, new, *w)), None)


def closing(old: Charter, closed: Grant) -> tuple[Grant, ...]:
    """The grants of `old` with every one that lies within `closed` shut for good."""

    def within(g: Grant) -> bool:
        same = closed.channel in (ANY, g.channel) and closed.kind in (ANY, g.kind)
        return same and g.sensitivity is closed.sensitivity

    def shut(g: Grant) -> Grant:
        return Grant(g.channel, g.kind, g.sensitivity, Level.CLOSED)

    kept = [shut(g) if within(g) else g for g in old.grants if g.key != closed.key]
    return (*kept, closed)


def raises_in(old: Charter, new: Charter, channel: str, kind: ActionKind, sensitivity: Sensitivity) -> bool:
    """Whether in this cell some moment and some count of acts exist at which `new` gives a higher level."""
    before = tuple(old.tiers(channel, kind, sensitivity))
    after = tuple(new.tiers(channel, kind, sensitivity))
    return before != after and any(
        _exceeds(_terms(after, day, kind, minutes), _terms(before, day, kind, minutes))
        for day, minutes in _stretches(before + after)
    )


def _stretches(tiers: tuple[tuple[Grant, ...], ...]) -> Iterator[tuple[date, int]]:
    """Time cut at every last day: one day of each stretch, and the minutes of the week that occur in it."""
    ends = sorted({g.until for tier in tiers for g in tier if g.until is not None})
    if not ends:
        yield date(2000, 1, 1), WHOLE_WEEK
        return
    yield ends[0], WHOLE_WEEK
    for end, following in zip(ends, [*ends[1:], None], strict=True):
        if end < date.max:
            first = end + timedelta(days=1)
            days = 7 if following is None else min(7, (following - end).days)
            yield first, minutes_of(Hours(weekdays=frozenset((first.weekday() + n) % 7 for n in range(days))))


def _terms(tiers: tuple[tuple[Grant, ...], ...], day: date, kind: ActionKind, minutes: int) -> tuple[Term, ...]:
    """The grants whose minimum holds on `day`; none where nothing runs any more, which is CLOSED."""
    terms: list[Term] = []
    for tier in tiers:
        terms += [_term(g, kind, minutes) for g in tier]
        if any(g.until is None or day <= g.until for g in tier):
            return tuple(terms)
    return ()


def _term(grant: Grant, kind: ActionKind, minutes: int) -> Term:
    level = min(grant.level, IRREVERSIBLE_CEILING) if kind in IRREVERSIBLE else grant.level
    return Term(level, minutes & minutes_of(grant.hours), grant.daily_cap, grant.key)


def _exceeds(new: tuple[Term, ...], old: tuple[Term, ...]) -> bool:
    """Whether the lowest of `new` can be above the lowest of `old`."""
    if not new:
        return False
    floor = min(t.level for t in new)
    if not old:
        return floor > Level.CLOSED
    together = reduce(int.__and__, (t.minutes for t in new))
    if any(t.cap is not None and t.cap < 1 for t in new):
        together = 0
    return any(_above(floor, together, new, term) for term in old)


def _above(floor: Level, together: int, new: tuple[Term, ...], old: Term) -> bool:
    """`together`: the minutes in which every new grant gives more than APPROVE, given that its level is more."""
    if old.level < Level.APPROVE:
        return floor > old.level
    if floor <= Level.APPROVE or not together:
        return False
    if floor > old.level or together & ~old.minutes:
        return True
    return old.cap is not None and not _capped(new, old)


def _capped(new: tuple[Term, ...], old: Term) -> bool:
    """Whether the new grants stop at the old one's daily cap. Only a cap under the same key counts the same acts."""
    return any(t.key == old.key and t.cap is not None and old.cap is not None and t.cap <= old.cap for t in new)


@cache
def minutes_of(hours: Hours | None) -> int:
    """The minutes of a week, Monday 0:00 first, as bits."""
    if hours is None:
        return WHOLE_WEEK
    a_day = ((1 << max(hours.end - hours.start, 0)) - 1) << hours.start
    return reduce(int.__or__, (a_day << day * MINUTES_A_DAY for day in hours.weekdays), 0)
