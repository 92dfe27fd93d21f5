"""Crises in made-up streams whose truth is known: what is told, how soon, and how often for nothing, beside a plain rule.

The streams are synthetic and say so (`tests.crisis.streams`): a weekly rhythm with moods of days and hours; in it a news peak,
a slow burn, a turn to the negative, or an outage of the sources. Three sizes of brand, several seeds each; the same streams go
through the house's detection and through 'more than the mean of 7 days plus three sigma'. Eight weeks are learnt from; the cold
start, from the second day on, is judged apart. Alerts of one kind within a day are one, for both.

The goals are modest where counting is: of a brand with 100 mentions a week a turn to the negative is seen late or not at all.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import fmean, median, pstdev

from clients.crisis.detecting import Alert, look
from clients.crisis.fatigue import RESTS, Told, opening
from clients.crisis.usual import Count, learn
from tests.crisis.streams import BEGIN, EVENTS, HOUR, PARIS, SIZES, WEEK, Stream, stream

SEEDS = {"small": 2, "full": 10}
LEARNT, WATCHED, COLD = 8, 3, 3
SIGMAS, LEAST_HISTORY = 3, 24

MOST_FALSE = {"plain": 0.5, "outage": 0.75, "cold": 1.5}
"""Per brand and week, over all sizes together."""
LEAST_RECALL = {
    "news_peak": dict.fromkeys(SIZES, 0.9),
    "slow_burn": {"small": 0.5, "medium": 0.8, "large": 0.8},
    "bad_turn": {"small": 0.0, "medium": 0.8, "large": 0.8},
}
MOST_DELAY = {"news_peak": 3.0, "slow_burn": 96.0, "bad_turn": 24.0}
"""Hours, at the median."""

Detect = Callable[[Stream, int, int], list[datetime]]


@dataclass
class Score:
    """What one rule did in one set-up."""

    events: int = 0
    delays: list[float] = field(default_factory=list)
    false: int = 0
    weeks: float = 0.0

    @property
    def recall(self) -> float:
        return len(self.delays) / self.events if self.events else 1.0

    def __str__(self) -> str:
        late = f", {median(self.delays):.0f} h" if self.delays else ""
        return f"{100 * self.recall:.0f} %{late}"


def run(scale: str) -> tuple[str, bool]:
    """All sizes, events and seeds, by both rules."""
    scores: dict[tuple[str, str, str], Score] = {}
    for size in SIZES:
        for event in (*EVENTS, "outage", "plain", "cold"):
            for seed in range(SEEDS[scale]):
                made, first, last = _streamed(size, event, seed)
                for rule, detect in RULES.items():
                    _judge(
                        scores.setdefault((rule, event, size), Score()), made, detect(made, first, last), first, last
                    )
    return _told(scores), _good(scores)


def _streamed(size: str, event: str, seed: int) -> tuple[Stream, int, int]:
    r = random.Random(f"{size} {event} {seed}")
    if event == "cold":
        return stream(r, size, COLD), LEAST_HISTORY, COLD * WEEK
    at = LEARNT * WEEK + r.randrange(24, 5 * 24)
    return stream(r, size, LEARNT + WATCHED, event, at), LEARNT * WEEK, (LEARNT + WATCHED) * WEEK


def _judge(score: Score, made: Stream, told: list[datetime], first: int, last: int) -> None:
    """The first alert within an event tells it; what lies in none, nor in the day after one, is for nothing."""
    score.weeks += (last - first) / WEEK
    score.events += len(made.events)
    for _, start, end in made.events:
        hits = [moment for moment in told if start <= moment < end]
        score.delays += [(hits[0] - start) / HOUR] if hits else []
    score.false += sum(
        not any(start <= moment < end + timedelta(days=1) for _, start, end in made.events) for moment in told
    )


# --- The two rules ----------------------------------------------------------------------------------------------------


def ours(made: Stream, first: int, last: int) -> list[datetime]:
    """Hour by hour, as `look_at_numbers` does; the baseline is learnt anew each night."""
    told: list[Told] = []
    moments: list[datetime] = []
    usual, trusted = None, set[datetime]()
    for n in range(first, last):
        hour = BEGIN + n * HOUR
        if usual is None or n % 24 == 0:
            trusted = {h for h in made.counts if h < hour and h not in made.silent}
            usual = learn(made.counts, trusted, hour, PARIS)
        blind = hour in made.silent
        trusted |= set() if blind else {hour}
        for alert in opening(look(hour, made.counts, trusted, usual, blind=blind, signals={}).alerts, told, hour):
            told.append(_known(alert, hour))
            moments.append(hour)
    return moments


def _known(alert: Alert, hour: datetime) -> Told:
    """As if its crisis had been dismissed at once: the hardest case for being told again."""
    return Told(str(alert.kind), alert.key, alert.weight, hour)


def plain_rule(made: Stream, first: int, last: int) -> list[datetime]:
    """More than the mean of the last seven days and three sigma, and at least eight; then quiet for a day."""
    moments: list[datetime] = []
    for n in range(first, last):
        hour = BEGIN + n * HOUR
        past = [made.counts[BEGIN + m * HOUR].total for m in range(max(0, n - WEEK), n)]
        bound = max(7.0, fmean(past) + SIGMAS * pstdev(past))
        if made.counts.get(hour, Count()).total > bound and (not moments or hour >= moments[-1] + RESTS):
            moments.append(hour)
    return moments


RULES: dict[str, Detect] = {"ours": ours, "mean + 3 sigma": plain_rule}

# --- What came of it --------------------------------------------------------------------------------------------------

Scores = dict[tuple[str, str, str], Score]


def _rate(scores: Scores, rule: str, event: str) -> float:
    """Alerts for nothing per brand and week, all sizes together."""
    found = [scores[rule, event, size] for size in SIZES]
    return sum(s.false for s in found) / sum(s.weeks for s in found)


def _good(scores: Scores) -> bool:
    own = {event: [scores["ours", event, size] for size in SIZES] for event in EVENTS}
    enough = all(scores["ours", e, s].recall >= LEAST_RECALL[e][s] for e in EVENTS for s in SIZES)
    soon = all(median(sum((s.delays for s in own[e]), [0.0])) <= MOST_DELAY[e] for e in EVENTS)
    quiet = all(_rate(scores, "ours", event) <= most for event, most in MOST_FALSE.items())
    return enough and soon and quiet


def _told(scores: Scores) -> str:
    return "; ".join([*_recalls(scores), *_alarms(scores)])


def _recalls(scores: Scores) -> Iterator[str]:
    for event in EVENTS:
        by_rule = (f"{rule} {' / '.join(str(scores[rule, event, size]) for size in SIZES)}" for rule in RULES)
        yield f"{event} (recall, delay; small/medium/large brand): {' against '.join(by_rule)}"


def _alarms(scores: Scores) -> Iterator[str]:
    for event in MOST_FALSE:
        by_rule = (f"{rule} {_rate(scores, rule, event):.2f}" for rule in RULES)
        yield f"for nothing per brand and week, {event}: {' against '.join(by_rule)}"
