"""How soon members hear from us: `clients.service.fairness` reckons, here it is put side by side with the period before."""

from collections.abc import Iterable

from django.db.models import QuerySet

from clients.custody.clocks import ClockKind
from clients.disclosure.rules import InfoClass, strictest
from clients.service.fairness import COLUMNS, figures_of
from clients.service.models import Clock
from clients.service.rules import Figure as Reckoned
from clients.service.rules import Part
from reports.facts.counting import rows_seen
from reports.facts.definitions import CLOCKS, FAIR
from reports.facts.gathering import Gathering
from reports.facts.periods import Period
from reports.facts.shapes import Dimensions, Figure
from reports.facts.sources import ROUNDS

PERCENT = 100
"""Hundredths in one."""
Names = tuple[ClockKind, str]


def clocks(making: Gathering) -> list[Figure]:
    """Both clocks over all rounds."""
    return _figures(making, Part.ALL, [code for code, *_ in CLOCKS])


def fairness(making: Gathering) -> list[Figure]:
    """Of each channel, language and band of activity: how many, how soon, how many in time."""
    return [one for part in (Part.CHANNEL, Part.LANGUAGE, Part.BAND) for one in _figures(making, part, FAIR)]


def rounds(making: Gathering, period: Period, *, seen: bool = True) -> QuerySet[Clock]:
    """The clocks that began in a period and may be read, or those that may not."""
    readable = rows_seen(ROUNDS, making.sight)
    found: QuerySet[Clock] = ROUNDS.rows().filter(ROUNDS.within(period))
    return found.filter(readable) if seen else found.exclude(readable)


def told_of(figure: Reckoned, code: str) -> int | None:
    """One column of what was reckoned, as a whole number of the figure's unit."""
    if code == "in_time":
        return None if figure.in_time is None else figure.in_time * PERCENT
    number: int | None = getattr(figure, code)
    return number


def _figures(making: Gathering, part: Part, codes: Iterable[str]) -> list[Figure]:
    making.sight.require(ROUNDS.verb)
    columns = {part: COLUMNS[part]}
    now, before = (
        _by_name(figures_of(rounds(making, one), columns, at=one.until))
        for one in (making.period, making.period.before)
    )
    hidden = _by_name(figures_of(rounds(making, making.period, seen=False), columns))
    making.left_out(ROUNDS, sum(one.rounds for one in hidden.values()))
    names = {(kind, "") for kind in ClockKind} if part is Part.ALL else {*now, *before}
    seen_at = class_of(making, making.period)
    return [
        making.derived(
            f"clocks.{code}" if part is Part.ALL else f"fairness.{part}.{code}",
            _told(now.get(name), code, is_whole=part is Part.ALL),
            _told(before.get(name), code, is_whole=part is Part.ALL),
            _dimensions(part, name),
            rows=now[name].rounds if name in now else 0,
            withheld=hidden[name].rounds if name in hidden else 0,
            info_class=seen_at,
        )
        for code in codes
        for name in sorted(names)
    ]


def _told(figure: Reckoned | None, code: str, *, is_whole: bool) -> int | None:
    """Without any round a count is 0 and a time is nothing; of a channel that had none there is nothing to tell."""
    if figure is not None:
        return told_of(figure, code)
    return 0 if is_whole and code not in {"median", "nine_in_ten", "in_time"} else None


def _by_name(found: Iterable[Reckoned]) -> dict[Names, Reckoned]:
    return {(one.kind, one.name): one for one in found}


def _dimensions(part: Part, name: Names) -> Dimensions:
    clock = (("clock", str(name[0])),)
    return clock if part is Part.ALL else (*clock, (str(part), name[1]))


def class_of(making: Gathering, period: Period) -> InfoClass:
    """The strictest class of a conversation behind the rounds of a period."""
    found = rounds(making, period).order_by().values_list("conversation__info_class", flat=True).distinct()
    return strictest([InfoClass.SHARED, *found])
