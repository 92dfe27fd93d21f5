"""Whether the numbers of an hour say crisis, and why: volume, negative share, a listed signal, a slow burn. Pure.

Each alert carries its own numbers. Nothing here says 'calm' of an hour in which the sources were silent: it says 'blind'.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from clients.crisis.rules import AlertKind
from clients.crisis.tails import from_which, share_at_least
from clients.crisis.usual import HOUR, Count, Counts, Usual, piled

RARE = 1e-4
"""How seldom an hour of a usual week may reach the bound: 168 hours a week make one in about 60 weeks, were the model true."""
WINDOWS = (1, 3)
SHARE_WINDOWS = (3, 12)
LEAST_SEEN = 8
LEAST_NEGATIVE = 6
SHARE_ABOVE = 0.2
BURN_LOOKS_BACK = 7 * 24
BURN_LEAST = 14.0
SILENT_SHARE = 0.25
"""From this share of silent sources on an hour is blind."""


class Sight(StrEnum):
    """What can be said of an hour at all."""

    CLEAR = "clear"
    LEARNING = "learning"
    BLIND = "blind"


@dataclass(frozen=True, slots=True)
class Alert:
    """`figures` are whole numbers by name, tenths where the name ends so: what was seen, what is usual, the bound."""

    kind: AlertKind
    hour: datetime
    key: str = ""
    figures: Mapping[str, int] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """How strong it is, to tell a new height from the one that people have dismissed."""
        return self.figures.get("seen", 0)


@dataclass(frozen=True, slots=True)
class Look:
    """What was found for one hour."""

    sight: Sight
    alerts: tuple[Alert, ...] = ()


def is_blind(sources: int, silent: int) -> bool:
    """Whether too many sources were silent for the counts to say anything."""
    return sources > 0 and silent >= SILENT_SHARE * sources


def look(
    hour: datetime,
    counts: Counts,
    trusted: Iterable[datetime],
    usual: Usual,
    *,
    blind: bool,
    signals: Mapping[str, int],
) -> Look:
    """Judge the hour that began at `hour`, whether over or not: what is too much after ten minutes is not less after sixty.

    `signals`: how often each listed signal was found in it. They alert also blind, and also while the baseline is learnt; so
    do volume and share in a blind hour, for what is there is there.
    """
    seen = frozenset(trusted)
    found = [_signal(hour, name, times) for name, times in sorted(signals.items()) if times]
    if not usual.is_learning:
        found += [*_volume(hour, counts, usual), *_burn(hour, counts, seen, usual)]
    found += _negative(hour, counts, usual)
    sight = Sight.BLIND if blind else Sight.LEARNING if usual.is_learning else Sight.CLEAR
    return Look(sight, tuple(found))


def _signal(hour: datetime, name: str, times: int) -> Alert:
    return Alert(AlertKind.SIGNAL, hour, name, {"seen": times})


def _volume(hour: datetime, counts: Counts, usual: Usual) -> list[Alert]:
    """In this hour, or in the last three together."""
    for width in WINDOWS:
        hours = _window(hour, width)
        seen = sum(counts.get(h, Count()).total for h in hours)
        mean = sum(usual.mean(h) for h in hours)
        if seen < LEAST_SEEN or seen <= mean + 2 * (mean * usual.spread(mean)) ** 0.5:
            continue  # far from rare: no tail need be summed
        bound = max(LEAST_SEEN, from_which(mean, usual.spread(mean), RARE))
        if seen >= bound:
            figures = {
                "seen": seen,
                "usual_tenths": round(10 * mean),
                "bound": bound,
                "hours": width,
                "weeks": usual.weeks,
            }
            return [Alert(AlertKind.VOLUME, hour, "", figures)]
    return []


def _negative(hour: datetime, counts: Counts, usual: Usual) -> list[Alert]:
    for width in SHARE_WINDOWS:
        hours = [counts.get(h, Count()) for h in _window(hour, width)]
        total, negative = sum(c.total for c in hours), sum(c.negative for c in hours)
        if negative < LEAST_NEGATIVE or negative < (usual.share + SHARE_ABOVE) * total:
            continue
        if share_at_least(negative, total, usual.share) <= RARE:
            shares = {"percent": round(100 * negative / total), "usual_percent": round(100 * usual.share)}
            return [Alert(AlertKind.NEGATIVE, hour, "", {"seen": negative, "of": total, "hours": width, **shares})]
    return []


def _burn(hour: datetime, counts: Counts, trusted: frozenset[datetime], usual: Usual) -> list[Alert]:
    """A sum of what was too much, hour by hour, less a slack (CUSUM): many hours each a little above the usual."""
    bound = max(BURN_LEAST, 1.5 * usual.burn)
    heap, since = 0.0, hour
    for one in _window(hour, BURN_LOOKS_BACK):
        if one not in trusted and one != hour:
            continue
        heap = piled(heap, one, counts, usual)
        since = one if heap == 0.0 else since
    if heap < bound:
        return []
    hours = max(1, round((hour - since) / HOUR))
    seen = sum(counts.get(h, Count()).total for h in _window(hour, hours))
    mean = sum(usual.mean(h) for h in _window(hour, hours) if h in trusted or h == hour)
    figures = {"seen": seen, "usual_tenths": round(10 * mean), "hours": hours, "piled_tenths": round(10 * heap)}
    return [Alert(AlertKind.SLOW, hour, "", figures | {"bound_tenths": round(10 * bound), "weeks": usual.weeks})]


def _window(hour: datetime, width: int) -> list[datetime]:
    """The hours that end with this one, oldest first."""
    return [hour - timedelta(hours=back) for back in range(width - 1, -1, -1)]
