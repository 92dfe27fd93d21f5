"""What people type into plain fields, read strictly: a day, a number or a duration, or an error that names the field."""

from datetime import date, time

from django.utils.dateparse import parse_date, parse_time

from tenants.errors import Invalid

MOST_DIGITS = 9
MINUTES_AN_HOUR = 60


def day_typed(typed: str, field: str) -> date | None:
    """None for an empty field. Raises Invalid('not_a_date', field)."""
    if not typed.strip():
        return None
    try:
        found = parse_date(typed.strip())
    except ValueError:
        found = None
    if found is None:
        raise Invalid("not_a_date", field)
    return found


def time_typed(typed: str, field: str) -> time | None:
    """None for an empty field. Raises Invalid('not_a_time', field)."""
    if not typed.strip():
        return None
    try:
        found = parse_time(typed.strip())
    except ValueError:  # well formed, and no time of any day
        found = None
    if found is None:
        raise Invalid("not_a_time", field)
    return found


def number_typed(typed: str, field: str) -> int | None:
    """None for an empty field. Raises Invalid('not_a_number', field)."""
    if not typed.strip():
        return None
    if not typed.strip().isdecimal() or len(typed.strip()) > MOST_DIGITS:
        raise Invalid("not_a_number", field)
    return int(typed)


def duration_typed(typed: str, field: str) -> int | None:
    """Minutes from hours as '4' or '1:30'; None for an empty field. Raises Invalid('not_a_duration', field)."""
    if not typed.strip():
        return None
    hours, colon, minutes = typed.strip().partition(":")
    readable = hours.isdecimal() and len(hours) <= MOST_DIGITS and (minutes.isdecimal() or not colon)
    if not readable or len(minutes) > len("59") or int(minutes or 0) >= MINUTES_AN_HOUR:
        raise Invalid("not_a_duration", field)
    return int(hours) * MINUTES_AN_HOUR + int(minutes or 0)
