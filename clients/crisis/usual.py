"""What is usual for an hour of the week, from few weeks of counts. Pure.

INVARIANT: an hour that nobody looked at, or while sources were silent, is no zero: it stands in no baseline and calms nobody.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import fmean, median
from zoneinfo import ZoneInfo

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEEKS = 8
KEPT_OUT, KEPT_OUT_EARLY = 3 * DAY, DAY
"""The newest days teach nothing: what burns slowly must not become the measure of itself."""
LEAST_HOURS = 3 * 24
"""Fewer hours seen than this, and no volume is judged: the baseline is being learnt."""
WHOLE = 14 * 24
LEAST_OF_SLOT = 6
LEAST_MEAN, LEAST_SHARE = 0.05, 0.02
TRIMMED, FIFTHS = 0.02, 5
BURN_SLACK, BURN_CLIP = 0.5, 3.0


@dataclass(frozen=True, slots=True)
class Count:
    """Mentions of one hour."""

    total: int = 0
    negative: int = 0


Counts = Mapping[datetime, Count]
Slot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Usual:
    """The baseline. `hours` is how many it was learnt from: below `LEAST_HOURS` it judges no volume.

    `noise`: how counts scatter, variance = first x mean + second x mean squared. Poisson's is (1, 0).
    `burn` is what piles up in a middling week, see `piled`: days differ more than hours, and each brand's in its own way.
    """

    zone: ZoneInfo
    means: Mapping[Slot, float]
    share: float
    hours: int
    noise: tuple[float, float] = (1.0, 0.0)
    burn: float = 0.0

    @property
    def is_learning(self) -> bool:
        return self.hours < LEAST_HOURS

    @property
    def weeks(self) -> int:
        return self.hours // (7 * 24)

    def spread(self, mean: float) -> float:
        """Variance over mean of a count with this mean."""
        return self.noise[0] + self.noise[1] * mean

    def mean(self, hour: datetime) -> float:
        return self.means.get(slot_of(hour, self.zone), LEAST_MEAN)


def slot_of(hour: datetime, zone: ZoneInfo) -> Slot:
    """Weekday (Monday is 0) and hour on the brand's clocks."""
    local = hour.astimezone(zone)
    return local.weekday(), local.hour


def learn(counts: Counts, trusted: Iterable[datetime], now: datetime, zone: ZoneInfo) -> Usual:
    """The baseline for judging `now`. `trusted`: hours that were looked at with the sources awake and no crisis in force."""
    seen = sorted(hour for hour in set(trusted) if now - WEEKS * 7 * DAY <= hour < now - KEPT_OUT_EARLY)
    if len(seen) >= WHOLE:
        seen = [hour for hour in seen if hour < now - KEPT_OUT]
    if not seen:
        return Usual(zone, {}, LEAST_SHARE, 0)
    values: dict[Slot, list[int]] = defaultdict(list)
    for hour in seen:
        values[slot_of(hour, zone)].append(counts.get(hour, Count()).total)
    means = {(day, hour): _mean_of(values, day, hour) for day in range(7) for hour in range(24)}
    usual = Usual(zone, means, _share(counts, seen), len(seen))
    scatter = [(m := usual.mean(hour), (counts.get(hour, Count()).total - m) ** 2 / m) for hour in seen]
    usual = replace(usual, noise=_noise(sorted(scatter)))
    return replace(usual, burn=_usual_burn(seen, counts, usual))


def piled(before: float, hour: datetime, counts: Counts, usual: Usual) -> float:
    """What has piled up after this hour: a sum of what was above the usual, less a slack, never below nothing (CUSUM)."""
    mean = usual.mean(hour)
    above = (counts.get(hour, Count()).total - mean) / (usual.spread(mean) * max(mean, 0.5)) ** 0.5
    return max(0.0, before + max(-BURN_CLIP, min(BURN_CLIP, above)) - BURN_SLACK)


def _usual_burn(seen: list[datetime], counts: Counts, usual: Usual) -> float:
    tops: dict[tuple[int, int], float] = defaultdict(float)
    heap = 0.0
    for hour in seen:
        heap = piled(heap, hour, counts, usual)
        week = hour.isocalendar()[:2]
        tops[week] = max(tops[week], heap)
    return median(tops.values())


def _mean_of(values: Mapping[Slot, list[int]], day: int, hour: int) -> float:
    """Of the same weekday and hour and the hours beside it; with too few of them, of days of the same sort; then of any day."""
    alike = range(5) if day < 5 else range(5, 7)
    for days in ((day,), alike, range(7)):
        own = [v for d in days for v in values.get((d, hour), ())]
        if len(own) >= LEAST_OF_SLOT // 2:
            beside = [v for d in days for h in (hour - 1, hour + 1) for v in values.get((d, h % 24), ())]
            return max(LEAST_MEAN, (2 * robust_mean(own) + robust_mean(beside or own)) / 3)
    return max(LEAST_MEAN, robust_mean([v for some in values.values() for v in some]))


def robust_mean(values: list[int]) -> float:
    """The mean, after what lies far above the others was brought down to three of their usual distances."""
    middle = median(values)
    far = 3 * 1.4826 * median(abs(v - middle) for v in values) + 1 + middle**0.5
    return fmean(min(float(v), middle + far) for v in values)


def _noise(scatter: list[tuple[float, float]]) -> tuple[float, float]:
    """A line through (mean, variance over mean), from fifths of the hours, each without its few strangest."""
    size = max(1, len(scatter) // FIFTHS)
    points = [_middle(scatter[start : start + size]) for start in range(0, size * FIFTHS, size) if scatter[start:]]
    across, up = fmean(x for x, _ in points), fmean(y for _, y in points)
    width = sum((x - across) ** 2 for x, _ in points)
    slope = max(0.0, sum((x - across) * (y - up) for x, y in points) / width) if width else 0.0
    return max(1.0, up - slope * across), slope


def _middle(scatter: list[tuple[float, float]]) -> tuple[float, float]:
    kept = sorted(y for _, y in scatter)[: max(1, round(len(scatter) * (1 - TRIMMED)))]
    return fmean(x for x, _ in scatter), 1.2 * fmean(kept)


def _share(counts: Counts, seen: list[datetime]) -> float:
    """The usual share of what is negative: the middle one of the days' shares, pulled together for days with few mentions."""
    days: dict[int, list[Count]] = defaultdict(list)
    for hour in seen:
        days[hour.toordinal()].append(counts.get(hour, Count()))
    shares = [(1 + sum(c.negative for c in day)) / (10 + sum(c.total for c in day)) for day in days.values()]
    return max(LEAST_SHARE, median(shares))
