"""The life of a source, its own rhythm, and when it is in trouble. Pure: `now` and all that was seen are parameters.

A source has its own rhythm: how long it usually stays silent, learnt from when its entries came. It is late when that has
passed, and told of before the same time has passed again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise


class SourceState(StrEnum):
    """A source is never deleted: what came from it must still be able to name it."""

    WAITING = "waiting"  # proposed by the agency; it opens what is the brand's, which has not said yes
    ON = "on"
    PAUSED = "paused"
    REMOVED = "removed"  # for good, and its secret is erased


class Step(StrEnum):
    """What people do to the state of a source."""

    AGREE = "agree"
    PAUSE = "pause"
    RESUME = "resume"
    REMOVE = "remove"


STEPS: dict[tuple[SourceState, Step], SourceState] = {
    (SourceState.WAITING, Step.AGREE): SourceState.ON,
    (SourceState.WAITING, Step.REMOVE): SourceState.REMOVED,
    (SourceState.ON, Step.PAUSE): SourceState.PAUSED,
    (SourceState.ON, Step.REMOVE): SourceState.REMOVED,
    (SourceState.PAUSED, Step.RESUME): SourceState.ON,
    (SourceState.PAUSED, Step.REMOVE): SourceState.REMOVED,
}


def after(state: SourceState | str, step: Step) -> SourceState | None:
    """The state that a step leads to, or None where it is not possible."""
    return STEPS.get((SourceState(state), step))


class Trouble(StrEnum):
    """What people are told of, once when it begins and once when it is over. The first that holds."""

    NONE = ""
    FAILING = "failing"
    SHAPE = "shape"
    SILENT = "silent"


AT_ONCE = frozenset(
    {"certificate_refused", "credentials_refused", "folder_missing", "host_not_allowed", "scope_missing", "secret_unreadable",
     "channel_not_open"}
)  # fmt: skip
"""Failures that no repeat can mend; of others, three in a row are one trouble."""
FAILURES_OF_A_TROUBLE = 3

KEPT_MOMENTS = 41
LEAST_GAPS, GAPS_WITH_A_HOLIDAY = 5, 40
ONE_BURST = 3600
"""Seconds: what comes within an hour is one sign of life, or a burst would teach that silence lasts minutes."""
UNKNOWN_RHYTHM = timedelta(days=14)
SHORTEST_EVERY, LONGEST_EVERY = 5, 1440
"""Minutes from one look to the next."""
LONGEST_REST = timedelta(days=1)
FUTURE = timedelta(days=1)
MOST_SOURCES = 300
"""Of one brand."""


@dataclass(frozen=True, slots=True)
class Signs:
    """All that is known of how a source fares. `moments`: seconds of the epoch at which it gave signs of life, oldest first."""

    began: datetime
    moments: Sequence[int] = ()
    failures: int = 0
    code: str = ""
    shape: Collection[str] = ()
    shape_now: Collection[str] = ()


def trouble_of(signs: Signs, now: datetime) -> Trouble:
    """What a source suffers from now. One that cannot be reached is not called silent."""
    if signs.failures >= FAILURES_OF_A_TROUBLE or (signs.failures and signs.code in AT_ONCE):
        return Trouble.FAILING
    if lost(signs.shape, signs.shape_now):
        return Trouble.SHAPE
    return Trouble.SILENT if now >= silent_from(signs) else Trouble.NONE


def rhythm(moments: Sequence[int]) -> timedelta | None:
    """How long this source usually stays silent at most. None until it is known.

    Of forty gaps the longest is left out: one holiday teaches nothing, while a night comes again and again.
    """
    gaps = sorted(later - sooner for sooner, later in pairwise(moments))
    if len(gaps) < LEAST_GAPS:
        return None
    return timedelta(seconds=gaps[-2 if len(gaps) >= GAPS_WITH_A_HOLIDAY else -1])


def silent_from(signs: Signs) -> datetime:
    """INVARIANT: half of the usual silence after the next entry was due, so well within the source's own period."""
    last = max([signs.began, *(datetime.fromtimestamp(moment, UTC) for moment in signs.moments[-1:])])
    return last + (rhythm(signs.moments) or UNKNOWN_RHYTHM) * 1.5


def with_moments(known: Sequence[int], seen: Iterable[datetime], now: datetime) -> list[int]:
    """The signs of life with new ones, those of one burst as one, the latest kept; what lies in the future is none."""
    fresh = (int(moment.timestamp()) for moment in seen if moment <= now)
    kept: list[int] = []
    for moment in sorted({*known, *fresh}):
        if kept and moment - kept[-1] < ONE_BURST:
            continue
        kept.append(moment)
    return kept[-KEPT_MOMENTS:]


def lost(before: Collection[str], now: Collection[str]) -> frozenset[str]:
    """What its entries used to have and no longer do. Nothing is lost where nothing was ever seen."""
    return frozenset(before) - frozenset(now)


def next_look(signs: Signs, *, every: timedelta, retry_at: datetime | None, more: bool, now: datetime) -> datetime:
    """When to look again: at its period; sooner where it has more or would just then be silent; later the more it fails."""
    if signs.failures:
        # After the first failure the period stands; from then on it doubles.
        rest = min(every * 2 ** min(signs.failures - 1, 10), LONGEST_REST)
        return max(now + rest, retry_at or now)
    if more:
        return max(now + timedelta(seconds=5), retry_at or now)
    soon = silent_from(signs)
    usual = now + every
    return soon if now < soon < usual else usual


def believable(moment: datetime | None, now: datetime) -> datetime | None:
    """A date as a source tells it, or None: a missing date is not now, and one from the future is none."""
    if moment is None or moment.tzinfo is None or moment > now + FUTURE or moment.year < 1990:
        return None
    return moment


def usual_silence(seen: Iterable[datetime], now: datetime) -> timedelta | None:
    """The rhythm that these moments alone would teach."""
    return rhythm(with_moments((), seen, now))
