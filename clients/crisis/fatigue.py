"""What is told again and what is not: people who are called for the same thing three times stop answering. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from clients.crisis.detecting import Alert

RESTS = timedelta(hours=24)
"""After a crisis is over, the same kind of alert opens no other for so long, unless it is twice as strong."""


@dataclass(frozen=True, slots=True)
class Told:
    """An alert that people know of, and when its crisis was over (None: it is open)."""

    kind: str
    key: str
    weight: int
    over_at: datetime | None = None


def joining(alerts: Iterable[Alert], told: Iterable[Told]) -> list[Alert]:
    """Of these, what an open crisis does not know yet: another kind, another signal, or twice as much as before."""
    known = _strongest(told)
    return [one for one in alerts if one.weight >= 2 * known.get((str(one.kind), one.key), 0)]


def opening(alerts: Iterable[Alert], told: Iterable[Told], now: datetime) -> list[Alert]:
    """Of these, what may open a crisis: nothing that people have just dismissed or ended and that is no stronger since."""
    return joining(alerts, [one for one in told if one.over_at is not None and now < one.over_at + RESTS])


def _strongest(told: Iterable[Told]) -> dict[tuple[str, str], int]:
    known: dict[tuple[str, str], int] = {}
    for one in told:
        at = (one.kind, one.key)
        known[at] = max(known.get(at, 0), one.weight)
    return known
