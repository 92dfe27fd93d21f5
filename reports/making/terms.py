"""On what terms a link shows a report: for how long, how often, behind which password. Pure."""

from datetime import timedelta

from clients.disclosure.rules import MOST_VIEWS, InfoClass, link_lasts
from tenants.errors import Invalid

USUAL_DAYS, USUAL_VIEWS = 14, 20
LONGEST = link_lasts(InfoClass.SHARED) or timedelta(0)
LEAST_PASSWORD, LONGEST_PASSWORD = 8, 128


def checked_password(password: str) -> str:
    """'' for none. Raises Invalid('control_characters' | 'password_short' | 'too_long', 'password')."""
    if not password:
        return ""
    if "\0" in password:
        raise Invalid("control_characters", "password")
    if len(password) < LEAST_PASSWORD:
        raise Invalid("password_short", "password", least=LEAST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise Invalid("too_long", "password", most=LONGEST_PASSWORD)
    return password


def link_days(days: int) -> timedelta:
    """Raises Invalid('number_out_of_range', 'days')."""
    if not 1 <= days <= LONGEST.days:
        raise Invalid("number_out_of_range", "days", most=LONGEST.days)
    return timedelta(days=days)


def check_terms(days: int, views: int) -> None:
    """Raises Invalid('number_out_of_range', 'days' | 'views')."""
    link_days(days)
    if not 1 <= views <= MOST_VIEWS:
        raise Invalid("number_out_of_range", "views", most=MOST_VIEWS)
