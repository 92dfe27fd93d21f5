"""One making of facts: what it looks at, what it has left out so far, and the figures of a section that are plain counts."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q

from clients.disclosure.rules import InfoClass
from reports.facts.counting import Counted, Tally, is_closed, tallies
from reports.facts.definitions import DEFINITIONS, Definition, of_section
from reports.facts.periods import Period
from reports.facts.reaching import Target, reached
from reports.facts.shapes import Dimensions, Figure, Section
from reports.facts.sight import Sight
from reports.facts.sources import Source

WHOLE = 10_000
"""All, as a share: hundredths of a percent."""
EVERY, ROWS = "every", "__rows"


@dataclass(slots=True)
class Gathering:
    """Facts under way. `withheld`: by source how many rows of the period are above the reader's class, whatever figure asked.

    `known`: when the brand came here, and now. Of a period that was over by then, or has not begun, there is nothing to tell:
    that is not 0.
    """

    sight: Sight
    period: Period
    known: tuple[datetime, datetime]
    goals: Mapping[str, Target] = field(default_factory=dict)
    is_over: bool = True
    withheld: dict[str, int] = field(default_factory=dict)

    def counts(self, section: str) -> list[Figure]:
        """The plain counts of a section in the order of the registry: the whole, then each part. One query for each breakdown."""
        definitions = [one for one in of_section(section) if one.counted]
        found: dict[str, list[Figure]] = {one.code: [] for one in definitions}
        for (source, by), group in _queries(definitions).items():
            for dimensions, told in self._told(source, group, by):
                for one in group:
                    if not by or _is_any(told[one.code]):
                        found[one.code].append(self.figure(one, told[one.code], dimensions, told.get(one.code + ROWS)))
        return [figure for one in definitions for figure in found[one.code]]

    def figure(self, one: Definition, tally: Tally, dimensions: Dimensions = (), rows: Tally | None = None) -> Figure:
        """A count as a figure. What is closed to the reader as a whole has no value: that is not the same as none."""
        if is_closed(one.source, self.sight):
            return self.closed(one.code)
        figure = Figure(one.code, one.unit, tally.now, tally.before, dimensions=dimensions)
        resting = rows or tally
        figure = replace(figure, rows=resting.now, withheld=resting.withheld, info_class=tally.info_class)
        return self.aimed(figure)

    def is_known(self, period: Period) -> bool:
        """Whether the brand has been here on any of its days."""
        began, now = self.known
        return period.until > began and period.has_begun(now)

    def derived(
        self,
        code: str,
        value: int | None,
        before: int | None,
        dimensions: Dimensions = (),
        *,
        rows: int = 0,
        withheld: int = 0,
        info_class: InfoClass = InfoClass.SHARED,
    ) -> Figure:
        """A figure that is no plain count."""
        unit = DEFINITIONS[code].unit
        figure = Figure(code, unit, value, before, None, dimensions, rows, withheld, info_class)
        return self.aimed(figure)

    def closed(self, code: str) -> Figure:
        """One whose rows are not for the reader at all."""
        return self.derived(code, None, None, info_class=InfoClass.PUBLIC)

    def aimed(self, figure: Figure) -> Figure:
        """With the goal that was agreed for the very figure, if one was; without numbers of times when the brand was not here."""
        value = figure.value if self.is_known(self.period) else None
        before = figure.before if self.is_known(self.period.before) else None
        figure, target = replace(figure, value=value, before=before), self.goals.get(figure.key)
        if target is None:
            return figure
        got = reached(value, target.number, target.direction, is_over=self.is_over)
        return replace(figure, goal=target.number, direction=target.direction, reached=got)

    def section(self, make: Callable[["Gathering"], Section]) -> Section:
        """One section, with how many rows it leaves out itself."""
        alone = replace(self, withheld={})
        section = make(alone)
        for name, count in alone.withheld.items():
            self.withheld[name] = max(self.withheld.get(name, 0), count)
        return replace(section, withheld=sum(alone.withheld.values()))

    def left_out(self, source: Source, count: int) -> None:
        """So many rows of a source are above the reader's class: each is counted once, however many figures leave it out."""
        self.withheld[source.name] = max(self.withheld.get(source.name, 0), count)

    def _told(
        self, source: Source, group: Iterable[Definition], by: tuple[str, ...]
    ) -> Iterator[tuple[Dimensions, dict[str, Tally]]]:
        self.sight.require(source.verb)
        what = {one.code: Counted(one.where(), one.of) for one in group}
        what |= {one.code + ROWS: Counted(one.where()) for one in group if one.of != "pk"}
        if not by:
            what[EVERY] = Counted(Q())
        names = {f"c{number}": one for number, one in enumerate(what)}
        asked = {short: what[name] for short, name in names.items()}
        for dimensions, tally in tallies(source, self.sight, self.period, asked, by).items():
            told = {names[short]: one for short, one in tally.items()}
            if EVERY in told:
                self.left_out(source, told[EVERY].withheld)
            yield dimensions, told


def share_of(part: int | None, whole: int | None) -> int | None:
    """In hundredths of a percent, rounded down; None of nothing."""
    return part * WHOLE // whole if part is not None and whole else None


def _queries(definitions: Iterable[Definition]) -> dict[tuple[Source, tuple[str, ...]], list[Definition]]:
    """What is asked together: one source, told apart alike."""
    found: dict[tuple[Source, tuple[str, ...]], list[Definition]] = {}
    for one in definitions:
        if one.whole:
            found.setdefault((one.source, ()), []).append(one)
        if one.by:
            found.setdefault((one.source, one.by), []).append(one)
    return found


def _is_any(tally: Tally) -> bool:
    return bool(tally.now or tally.before)
