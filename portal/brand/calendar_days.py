"""The days of a calendar's page: which ones a month, a week or a list shows, and what stands on each. No queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.items.life import MOVABLE
from clients.items.models import Item
from clients.items.moments import change_of
from portal.brand.rows import names_of
from portal.wording import ITEM_STATES, Badge, badge, kind_word, word
from portal.wording.states import ITEM_STATES_SHORT

MONTH, WEEK, LIST = "month", "week", "list"
VIEWS = {MONTH: gettext_lazy("Month"), WEEK: gettext_lazy("Week"), LIST: gettext_lazy("List")}
A_WEEK, LISTED = 7, 60


@dataclass(frozen=True, slots=True)
class Span:
    """The days in view: [first, after), and where the neighbours are."""

    view: str
    on: date
    first: date
    after: date
    title: str
    before_on: date
    after_on: date


@dataclass(frozen=True, slots=True)
class Planned:
    """One item on its day."""

    id: UUID
    url: str
    move_url: str
    day: date | None
    clock: str
    title: str
    kind: str
    channels: str
    state: Badge
    short: str
    movable: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day: `other` belongs to the month next door; `change` tells of clocks that go forth or back."""

    date: date
    name: str
    label: str
    other: bool
    today: bool
    change: str
    rows: list[Planned] = field(default_factory=list)


def span_of(view: str, on: date) -> Span:
    """The days that a view shows around `on`."""
    if view == WEEK:
        first = on - timedelta(days=on.weekday())
        title = _("Week of %(day)s") % {"day": date_format(first, "j F Y")}
        return Span(view, on, first, first + timedelta(days=A_WEEK), title, *_around(on, A_WEEK))
    if view == LIST:
        title = _("From %(day)s") % {"day": date_format(on, "j F Y")}
        return Span(view, on, on, on + timedelta(days=LISTED), title, *_around(on, LISTED))
    begins = on.replace(day=1)
    following = (begins + timedelta(days=31)).replace(day=1)
    first = begins - timedelta(days=begins.weekday())
    last = following + timedelta(days=-following.weekday() % A_WEEK)
    return Span(
        view, on, first, last, date_format(begins, "F Y"), (begins - timedelta(days=1)).replace(day=1), following
    )


def _around(on: date, days: int) -> tuple[date, date]:
    return on - timedelta(days=days), on + timedelta(days=days)


def days_of(span: Span, planned: Iterable[Planned], today: date, zone: ZoneInfo) -> list[Day]:
    """Every day of the span, in order, with what is planned on it."""
    days = {
        day: Day(
            date=day,
            name=date_format(day, "l"),
            label=date_format(day, "j F"),
            other=span.view == MONTH and day.month != span.on.month,
            today=day == today,
            change=_change(day, zone),
        )
        for day in (span.first + timedelta(days=n) for n in range((span.after - span.first).days))
    }
    for row in planned:
        if row.day in days:
            days[row.day].rows.append(row)
    return list(days.values())


def planned_rows(items: Iterable[Item], names: dict[str, str], may_edit: bool) -> list[Planned]:
    return [_row(item, names, may_edit) for item in items]


def _row(item: Item, names: dict[str, str], may_edit: bool) -> Planned:
    local = timezone.localtime(item.not_before) if item.not_before else None
    content = item.version.content if item.version else {}
    return Planned(
        id=item.pk,
        url=reverse("item", args=[item.pk]),
        move_url=reverse("calendar_move", args=[item.pk]),
        day=local.date() if local else None,
        clock=date_format(local, "H:i") if local else "",
        title=item.title or _("Untitled"),
        kind=kind_word(item.kind),
        channels=names_of(content.get("channels", ()), names),
        state=badge(ITEM_STATES, item.state),
        short=word(ITEM_STATES_SHORT, item.state),
        movable=may_edit and item.state in MOVABLE,
    )


def _change(day: date, zone: ZoneInfo) -> str:
    change = change_of(day, zone)
    if not change:
        return ""
    return (
        _("The clocks go forward in this night.") if change > timedelta(0) else _("The clocks go back in this night.")
    )
