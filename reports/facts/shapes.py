"""The values that every report, page, file and answer is made of: codes, whole numbers and what the rows themselves say. Pure.

No wording: what a code is called is for whoever shows it. Numbers are whole (see `Unit`), so that the same facts have the same
bytes wherever they are written (`canonical`). None is 'there is none', never 0: a median of no rounds, a share of nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from clients.briefings.goals import Direction
from clients.disclosure.rules import InfoClass, strictest
from reports.facts.periods import Period

Dimensions = tuple[tuple[str, str], ...]
"""By what a figure is told apart, in order: (('channel', '<uuid>'), ('kind', 'answer')). () for the whole."""
Cell = str | int | None


class Unit(StrEnum):
    """What a whole number counts."""

    COUNT = "count"
    SHARE = "share"  # hundredths of a percent: 10000 is all
    WORKING = "working"  # minutes of the brand's working time
    DURATION = "duration"  # minutes by the wall
    MONEY = "money"  # cents


class Reached(StrEnum):
    """Whether a figure got where its goal wants it."""

    YES = "yes"
    NO = "no"
    UNDER_WAY = "under_way"  # its period is not over
    NOT_MEASURABLE = "not_measurable"  # there is no value to hold against it: never the same as missed


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of one period. `code` names its definition, which says in words what is counted.

    `before`: the same of the period before; `goal`: what the brand wants it to be, `direction` on which side of that, `reached`
    whether it is there. `rows`: on how many rows it rests, of those the reader may read; `withheld`: how many more are above
    their class. `info_class`: the strictest of those rows, and `public` alone where they are closed to the reader as a whole:
    then nothing else is told either.
    """

    code: str
    unit: Unit
    value: int | None
    before: int | None = None
    goal: int | None = None
    dimensions: Dimensions = ()
    rows: int = 0
    withheld: int = 0
    info_class: InfoClass = InfoClass.SHARED
    direction: Direction | None = None
    reached: Reached | None = None

    @property
    def key(self) -> str:
        """As 'acts.done' or 'acts.done;channel=<uuid>;kind=answer': once in a section, and what it is opened by."""
        return ";".join([self.code, *(f"{name}={value}" for name, value in self.dimensions)])

    @property
    def change(self) -> int | None:
        """By how much it differs from the period before, in its own unit."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def is_closed(self) -> bool:
        """Whether no row that it rests on is for the reader."""
        return self.value is None and self.info_class == InfoClass.PUBLIC


@dataclass(frozen=True, slots=True)
class Point:
    """One place of a series: a period by its code ('2026-W47'), or a day."""

    at: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One figure over several stretches of time, oldest first."""

    code: str
    unit: Unit
    points: tuple[Point, ...]
    dimensions: Dimensions = ()
    goal: int | None = None
    info_class: InfoClass = InfoClass.SHARED


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a listing: of what (`kind` as in 'items.media'), which, and its cells in the listing's order of columns.

    The cells are what the rows themselves say (a title, a name that may be told, a digest), codes, or moments as ISO in UTC.
    """

    kind: str
    id: UUID | None
    cells: tuple[Cell, ...]
    info_class: InfoClass = InfoClass.SHARED


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows worth showing one by one. `total`: how many there are, these among them; `withheld`: how many more are kept back."""

    code: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    withheld: int = 0

    @property
    def info_class(self) -> InfoClass:
        return strictest(row.info_class for row in self.rows)

    def records(self) -> Iterator[dict[str, Cell]]:
        """Each row by the names of its columns."""
        return (dict(zip(self.columns, row.cells, strict=True)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Section:
    """What belongs together, in the order in which it is shown. `withheld`: rows above the reader's class, each counted once."""

    code: str
    figures: tuple[Figure, ...] = ()
    series: tuple[Series, ...] = ()
    listings: tuple[Listing, ...] = ()
    withheld: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened here: nothing to show, no goal that was missed, and nothing that is kept back."""
        return not self.says_something and not self.keeps_something

    @property
    def is_closed(self) -> bool:
        """Whether all that happened here is above the reader's class: that is not the same as nothing."""
        return self.keeps_something and not self.says_something

    @property
    def says_something(self) -> bool:
        """A row behind a figure, a goal, a point with a value, a line."""
        return (
            any(one.rows or one.value or one.goal is not None for one in self.figures)
            or any(one.value for s in self.series for one in s.points)
            or any(one.rows for one in self.listings)
        )

    @property
    def keeps_something(self) -> bool:
        """Rows that the reader may not read, behind whatever is told here; of what is closed to them, there may be."""
        figures = any(one.withheld or one.is_closed for one in self.figures)
        return bool(self.withheld or figures or any(one.withheld for one in self.listings))

    @property
    def info_class(self) -> InfoClass:
        numbers = [one.info_class for one in self.figures] + [one.info_class for one in self.series]
        return strictest([*numbers, *(listing.info_class for listing in self.listings)])


@dataclass(frozen=True, slots=True)
class BrandFacts:
    """Whose facts these are."""

    id: UUID
    name: str
    slug: str
    time_zone: str
    language: str
    began: datetime | None = None
    """When it came here: of the time before there are no figures."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed head of the brand's log: so many lines, this root (hex), at this moment."""

    size: int
    root: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything about one period in one reader's sight. `kind` is that of the report ('weekly', 'audit' ...).

    `ceiling`: nothing stricter is in here. `withheld`: how many rows were left out above it, each counted once. `checkpoint`: the
    newest head of the log when they were made; `closing`: that of the period's end, in a report that proves the log.
    """

    kind: str
    brand: BrandFacts
    period: Period
    ceiling: InfoClass
    sections: tuple[Section, ...]
    withheld: int
    checkpoint: Checkpoint | None
    made_at: datetime
    closing: Checkpoint | None = None

    @property
    def info_class(self) -> InfoClass:
        """The class of the whole: the strictest of what is in it."""
        return strictest(section.info_class for section in self.sections)

    @property
    def is_first(self) -> bool:
        """Whether the brand was not here yet in the period before: there is nothing to compare with."""
        return self.brand.began is not None and self.period.before.until <= self.brand.began

    def section(self, code: str) -> Section | None:
        return next((one for one in self.sections if one.code == code), None)

    def figures(self) -> Iterator[tuple[Section, Figure]]:
        """Every figure with its section, in order."""
        return ((section, figure) for section in self.sections for figure in section.figures)
