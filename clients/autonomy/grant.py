"""What the brand granted: a charter is a set of grants, and for any act at most a few of them are asked, nearest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

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
        minute = moment.hour * 60 + moment.minute
        return moment.weekday() in self.weekdays and self.start <= minute < self.end


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

    @property
    def key(self) -> str:
        """The coordinates as one word: the same in every version of a charter, so that a daily cap outlives a new version."""
        return f"{self.channel}|{self.kind}|{self.sensitivity}"

    def ended(self, moment: datetime) -> bool:
        return self.until is not None and moment.date() > self.until


@dataclass(frozen=True, slots=True)
class Charter:
    """One version of the matrix, as signed. No two grants share their coordinates (checked when it is proposed)."""

    version: int
    grants: tuple[Grant, ...]
    digest: str = ""
    _by_key: dict[tuple[str, str, str], Grant] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index = {(g.channel, str(g.kind), str(g.sensitivity)): g for g in self.grants}
        if len(index) != len(self.grants):
            raise ValueError("overlapping_grants")
        object.__setattr__(self, "_by_key", index)

    def tiers(self, channel: str, kind: ActionKind, sensitivity: Sensitivity) -> Iterator[tuple[Grant, ...]]:
        """The grants that cover an act, nearest first; those in one tier are equally near."""
        find = self._by_key.get
        both = find((channel, kind, sensitivity))
        if both:
            yield (both,)
        one = _present(find((channel, ANY, sensitivity)), find((ANY, kind, sensitivity)))
        if one:
            yield one
        none = find((ANY, ANY, sensitivity))
        if none:
            yield (none,)

    def covering(self, channel: str, kind: ActionKind, sensitivity: Sensitivity) -> tuple[Grant, ...]:
        return tuple(g for tier in self.tiers(channel, kind, sensitivity) for g in tier)


def _present(*grants: Grant | None) -> tuple[Grant, ...]:
    return tuple(g for g in grants if g is not None)


def charter(version: int, grants: Iterable[Grant], digest: str = "") -> Charter:
    return Charter(version, tuple(grants), digest)


NO_CHARTER = Charter(0, ())
