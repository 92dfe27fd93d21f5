"""One making of facts: what it looks at, what it has left out so far, and the figures of a section that are plain counts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q

from clients.disclosure.rules import InfoClass
from reports.facts.counting import Counted, Tally, tallies
from reports.facts.definitions import DEFINITIONS, OF, Definition, of_section
from reports.facts.periods import Period
from reports.facts.shapes import Dimensions, Figure
from reports.facts.sight import Sight
from reports.facts.sources import Source

WHOLE = 10_000
"""All, as a share: hundredths of a percent."""
EVERY, ROWS = "every", "__rows"


@dataclass(slots=True)
class Gathering:
    """Facts under way. `withheld`: by source how many rows of the period are above the reader's class, whatever figure asked.

    `began`: when the brand came here. Of a period that was over by then there is nothing to tell: that is not 0.
    """

    sight: Sight
    period: Period
    began: datetime
    goals: Mapping[str, int] = field(default_factory=dict)
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
        closed = one.source.fixed is not None and not self.sight.reads(one.source.fixed)
        figure = Figure(one.code, one.unit, tally.now, tally.before, dimensions=dimensions)
        resting = rows or tally
        figure = replace(figure, rows=resting.now, withheld=resting.withheld, info_class=tally.info_class)
        return replace(figure, value=None, before=None, info_class=InfoClass.PUBLIC) if closed else self.aimed(figure)

    def is_known(self, period: Period) -> bool:
        """Whether the brand was here on any of its days."""
        return period.until > self.began

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

    def aimed(self, figure: Figure) -> Figure:
        """With the goal that the brand set, if it set one for the very figure; without numbers of times when it was not here."""
        value = figure.value if self.is_known(self.period) else None
        before = figure.before if self.is_known(self.period.before) else None
        return replace(figure, value=value, before=before, goal=self.goals.get(figure.key))

    def left_out(self, source: Source, count: int) -> None:
        """So many rows of a source are above the reader's class: each is counted once, however many figures leave it out."""
        self.withheld[source.name] = max(self.withheld.get(source.name, 0), count)

    def _told(
        self, source: Source, group: Iterable[Definition], by: tuple[str, ...]
    ) -> Iterator[tuple[Dimensions, dict[str, Tally]]]:
        self.sight.require(source.verb)
        what = {one.code: Counted(one.where(), OF.get(one.of, "pk")) for one in group}
        what |= {one.code + ROWS: Counted(one.where()) for one in group if one.of in OF}
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
