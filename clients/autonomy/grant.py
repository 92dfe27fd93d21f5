"""What the brand granted: a charter is a set of grants, and for any act at most a few of them are asked, nearest first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import product

from clients.autonomy.levels import Level
from clients.autonomy.vocabulary import ActionKind, Sensitivity

ANY = ""
"""In a grant: any channel, or any action kind."""

MINUTES_A_DAY = 24 * 60
EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Hours:
    """When a grant holds, in the brand's own time. Minutes since midnight, `start` included, `end` not; Monday is 0."""

    start: int = 0
    end: int = MINUTES_A_DAY
    weekdays: frozenset[int] = EVERY_DAY

    def contain(self, moment: datetime) -> bool:
        return self.start <= moment.hour * 60 + moment.minute < self.end and moment.weekday() in self.weekdays


@dataclass(frozen=True, slots=True)
class Grant:
    """A level for (channel or any) x (kind or any) x sensitivity, with optional limits.

    `until` is the last day, in the brand's time, on which the grant holds.
    Beyond `hours` or `daily_cap` each act needs the brand's approval.
    """

    channel: str
    kind: ActionKind | str
    sensitivity: Sensitivity
    level: Level
    hours: Hours | None = None
    daily_cap: int | None = None
    until: date | None = None

    key: str = field(init=False, repr=False, compare=False)
    """The coordinates as one word: the same in every version of a charter, so that a daily cap outlives a new version."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.channel}|{self.kind}|{self.sensitivity}")

    def ended(self, moment: datetime) -> bool:
        return self.until is not None and moment.date() > self.until


Tiers = tuple[tuple[Grant, ...], ...]


@dataclass(frozen=True, slots=True)
class Charter:
    """One version of the matrix, as signed. No two grants share their coordinates (checked when it is proposed)."""

    version: int
    grants: tuple[Grant, ...]
    digest: str = ""
    _cells: dict[tuple[str, str, str], Tiers] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = {(g.channel, str(g.kind), str(g.sensitivity)): g for g in self.grants}
        if len(index) != len(self.grants):
            raise ValueError("overlapping_grants")
        rows = {ANY, *(g.channel for g in self.grants)}
        cells = {cell: _tiers(index, *cell) for cell in product(rows, ActionKind, Sensitivity)}
        object.__setattr__(self, "_cells", cells)

    def tiers(self, channel: str, kind: ActionKind, sensitivity: Sensitivity) -> Tiers:
        """The grants that cover an act, nearest first; those in one tier are equally near. One look-up, however many grants."""
        return self._cells.get((channel, kind, sensitivity)) or self._cells[ANY, kind, sensitivity]

    def held_by(self, channel: str, kind: ActionKind, sensitivity: Sensitivity, moment: datetime) -> tuple[Grant, ...]:
        """The grants that had a word in an act at that moment, so each of them counts it: of two equally near, both."""
        held: tuple[Grant, ...] = ()
        for tier in self.tiers(channel, kind, sensitivity):
            held += tier
            if not all(grant.ended(moment) for grant in tier):
                break
        return held

    def covering(self, channel: str, kind: ActionKind, sensitivity: Sensitivity) -> tuple[Grant, ...]:
        return tuple(g for tier in self.tiers(channel, kind, sensitivity) for g in tier)


def _tiers(index: dict[tuple[str, str, str], Grant], channel: str, kind: str, sensitivity: str) -> Tiers:
    find = index.get
    both = _present(find((channel, kind, sensitivity)))
    one = _present(find((channel, ANY, sensitivity)), find((ANY, kind, sensitivity)))
    none = _present(find((ANY, ANY, sensitivity)))
    return tuple(tier for tier in (both, one, none) if tier)


def _present(*grants: Grant | None) -> tuple[Grant, ...]:
    return tuple(g for g in grants if g is not None)


def charter(version: int, grants: Iterable[Grant], digest: str = "") -> Charter:
    return Charter(version, tuple(grants), digest)


NO_CHARTER = Charter(0, ())
