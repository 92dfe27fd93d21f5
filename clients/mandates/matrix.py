"""The charter seen as a full matrix: what holds in each cell, and what changes from one version to the next.  Pure.

A charter is written as a few grants and read as many cells: channel x kind x sensitivity. People compare cells.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product

from clients.autonomy.grant import ANY, Charter, Grant, Hours
from clients.autonomy.levels import IRREVERSIBLE_CEILING, Level
from clients.autonomy.vocabulary import IRREVERSIBLE, ActionKind, Sensitivity
from clients.mandates.lowering import raises_in


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One case a charter answers. The channel `ANY` stands for every channel that no grant names."""

    channel: str
    kind: ActionKind
    sensitivity: Sensitivity


@dataclass(frozen=True, slots=True)
class Holding:
    """The level in one cell and its limits: an act must lie within all of `hours`, below `daily_cap`, not after `until`.

    `keys` names the grants it comes from: two where they are equally near.
    """

    level: Level = Level.CLOSED
    hours: tuple[Hours, ...] = ()
    daily_cap: int | None = None
    until: date | None = None
    keys: tuple[str, ...] = ()

    def permits_as(self, other: "Holding") -> bool:
        """Whether both permit the same, wherever they come from."""
        mine = (self.level, frozenset(self.hours), self.daily_cap, self.until)
        return mine == (other.level, frozenset(other.hours), other.daily_cap, other.until)


class Direction(StrEnum):
    RAISES = "raises"
    LOWERS = "lowers"
    SHIFTS = "shifts"  # permits more in one respect and less in another


@dataclass(frozen=True, slots=True)
class Change:
    """One cell whose answer differs between two charters."""

    cell: Cell
    before: Holding
    after: Holding
    direction: Direction


def holding(charter: Charter, cell: Cell, on: date) -> Holding:
    """What holds in `cell` on the day `on`, in the brand's time."""
    withheld: list[Grant] = []
    for tier in charter.tiers(cell.channel, cell.kind, cell.sensitivity):
        live = [g for g in tier if not _ended(g, on)]
        withheld += [g for g in tier if _ended(g, on)]
        if live:
            return _within(withheld, live, cell.kind)
    return Holding()


def cells(channels: Collection[str]) -> Iterator[Cell]:
    """The full matrix, row by row; the last channel is every other."""
    named = [*sorted(set(channels) - {ANY}), ANY]
    for channel, kind, sensitivity in product(named, ActionKind, Sensitivity):
        yield Cell(channel, kind, sensitivity)


def compare(old: Charter, new: Charter, on: date, channels: Collection[str] = ()) -> list[Change]:
    """Every cell that changes, over the channels that either charter names, `channels`, and all others as one."""
    named = channels_named(old, new, channels)
    return [c for cell in cells(named) if (c := _change(old, new, cell, on)) is not None]


def channels_named(old: Charter, new: Charter, channels: Collection[str] = ()) -> frozenset[str]:
    """The channels that make the rows of a comparison, besides `ANY` for all others."""
    return frozenset({g.channel for g in (*old.grants, *new.grants)} | set(channels)) - {ANY}


def _change(old: Charter, new: Charter, cell: Cell, on: date) -> Change | None:
    before, after = holding(old, cell, on), holding(new, cell, on)
    if before.permits_as(after):
        return None
    return Change(cell, before, after, _direction(old, new, cell))


def _direction(old: Charter, new: Charter, cell: Cell) -> Direction:
    where = (cell.channel, cell.kind, cell.sensitivity)
    if not raises_in(old, new, *where):
        return Direction.LOWERS
    return Direction.SHIFTS if raises_in(new, old, *where) else Direction.RAISES


def _ended(grant: Grant, on: date) -> bool:
    return grant.until is not None and on > grant.until


def _within(withheld: list[Grant], live: list[Grant], kind: ActionKind) -> Holding:
    grants = withheld + live
    level = min(g.level for g in grants)
    if kind in IRREVERSIBLE:
        level = min(level, IRREVERSIBLE_CEILING)
    keys = tuple(g.key for g in live)
    ends = [g.until for g in live if g.until is not None]
    until = min(ends) if ends else None
    if level <= Level.APPROVE:
        return Holding(level, until=until, keys=keys)
    caps = [g.daily_cap for g in grants if g.daily_cap is not None]
    hours = tuple(dict.fromkeys(g.hours for g in grants if g.hours is not None))
    return Holding(level, hours, min(caps) if caps else None, until, keys)
