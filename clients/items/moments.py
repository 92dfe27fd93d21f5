"""From what a clock on the wall shows to the moment, and back; the two nights on which the clocks change included.

Pure. In spring an hour is never shown; in autumn one is shown twice. Neither is decided in silence: `moment_at` refuses with
what there is to choose, `nearest` is for rules that repeat without anybody looking, and says what it made of it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tenants.errors import Invalid


class Which(StrEnum):
    """Which of the two, where a clock shows the same time twice."""

    FIRST = "first"
    SECOND = "second"


class Oddity(StrEnum):
    """What is special about a wall time."""

    NONE = ""
    SKIPPED = "skipped"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Reading:
    """A wall time as a moment, and whether the clocks changed around it."""

    moment: datetime
    oddity: Oddity = Oddity.NONE


def readings(wall: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments (UTC, in order) at which a clock in `zone` shows `wall`: one, none or two."""
    found = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(m for m in found if m.astimezone(zone).replace(tzinfo=None) == wall))


def moment_at(wall: datetime, zone: ZoneInfo, field: str, which: str = "") -> datetime:
    """The one moment. Invalid('time_skipped', next=...) or Invalid('time_twice') with `field`, unless `which` chooses."""
    found = readings(wall, zone)
    if not found:
        later = nearest(wall, zone).moment.astimezone(zone)
        raise Invalid("time_skipped", field, time=f"{wall:%H:%M}", next=f"{later:%H:%M}")
    if len(found) > 1 and which not in set(Which):
        raise Invalid("time_twice", field, time=f"{wall:%H:%M}")
    return found[-1 if which == Which.SECOND else 0]


def nearest(wall: datetime, zone: ZoneInfo) -> Reading:
    """For rules: a time that is skipped is as much later as the clocks jump, one that comes twice is the first (RFC 5545)."""
    found = readings(wall, zone)
    if not found:
        return Reading(wall.replace(tzinfo=zone, fold=0).astimezone(UTC), Oddity.SKIPPED)
    return Reading(found[0], Oddity.TWICE if len(found) > 1 else Oddity.NONE)


def which_of(moment: datetime, zone: ZoneInfo) -> str:
    """'first' or 'second' for a moment whose wall time is shown twice, '' for any other."""
    local = moment.astimezone(zone)
    if len(readings(local.replace(tzinfo=None), zone)) < 2:
        return ""
    return Which.SECOND if local.fold else Which.FIRST


def change_of(day: date, zone: ZoneInfo) -> timedelta:
    """By how much the clocks go forward on that date (negative: back); nothing on most."""
    before = datetime.combine(day, time(), zone).utcoffset()
    after = datetime.combine(day + timedelta(days=1), time(), zone).utcoffset()
    assert before is not None and after is not None
    return after - before
