"""Dates and times as a page's own inputs give them, read on the clocks of the brand, which the page made current.

In the two nights on which the clocks change a typed time may not exist, or exist twice: nothing is decided in silence. The
page says so and, where there are two, asks which.
"""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from clients.items.moments import Which, moment_at, readings, which_of
from tenants.errors import Invalid

INPUT_FORM = "%Y-%m-%dT%H:%M"


def zone_here() -> ZoneInfo:
    """The time zone of the brand whose page this is."""
    here: tzinfo = timezone.get_current_timezone()
    assert isinstance(here, ZoneInfo)
    return here


def moment_typed(typed: str, field: str, which: str = "") -> datetime | None:
    """None for an empty input. Raises Invalid('not_a_moment'|'time_skipped'|'time_twice', field)."""
    if not typed:
        return None
    wall = _read(typed)
    if wall is None:
        raise Invalid("not_a_moment", field)
    return wall if timezone.is_aware(wall) else moment_at(wall, zone_here(), field, which).astimezone(zone_here())


def typed_of(moment: datetime | None) -> str:
    """A moment as the input shows it."""
    return timezone.localtime(moment).strftime(INPUT_FORM) if moment else ""


def which_typed(moment: datetime | None) -> str:
    return which_of(moment, zone_here()) if moment else ""


def choices_of(typed: str, chosen: str = "") -> list[tuple[str, str, bool]]:
    """Which of the two, for a time that the clocks show twice; empty for any other."""
    wall = _read(typed)
    if wall is None or timezone.is_aware(wall) or len(readings(wall, zone_here())) < 2:
        return []
    words = {
        Which.FIRST: _("the first time, before the clocks go back"),
        Which.SECOND: _("the second time, after that"),
    }
    return [(str(which), sentence, which == chosen) for which, sentence in words.items()]


def _read(typed: str) -> datetime | None:
    try:
        return parse_datetime(typed)
    except ValueError:
        return None
