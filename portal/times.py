"""Moments as people read them, in the time zone that the page is in (a brand's own, or the installation's)."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def when(moment: datetime | None) -> str:
    """'today at 14:30', 'tomorrow at 9:00', or the date; '' for no moment."""
    if moment is None:
        return ""
    local, now = timezone.localtime(moment), timezone.localtime()
    clock = date_format(local, "H:i")
    days = (local.date() - now.date()).days
    near = {0: _("today at %(time)s"), 1: _("tomorrow at %(time)s"), -1: _("yesterday at %(time)s")}
    if days in near:
        return near[days] % {"time": clock}
    form = "j F" if local.year == now.year else "j F Y"
    return _("%(date)s at %(time)s") % {"date": _day(local, form), "time": clock}


def _day(local: datetime, form: str) -> str:
    """French counts the first day of a month and no other: '1er novembre'."""
    text = date_format(local, form)
    return f"1er{text[1:]}" if local.day == 1 and (get_language() or "").startswith("fr") else text


def exact(moment: datetime | None) -> str:
    """To the second, with its offset: for receipts and histories."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S %z") if moment else ""


def clock_of(minutes: int) -> str:
    """Minutes since midnight as '9:00'."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def hours_of(minutes: int) -> str:
    """A length of time in hours: '8', or '1:30'. `portal.typed.duration_typed` reads it back."""
    return clock_of(minutes) if minutes % 60 else str(minutes // 60)
