"""What is planned, by month, by week and as a list, on the clocks of the brand; and moving an item to another moment.

Dragging, 'Move to...' and the form without script all come to one page and one action. It says before anything is done what
a move undoes: another moment is another content, and a yes to the old one is no yes to it.
"""

from datetime import date, datetime, time
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from clients.gate import actions as gate
from clients.items.access import access_item
from clients.items.actions import reschedule_item
from clients.items.life import ASKABLE, MOVABLE, ItemState
from clients.items.models import Item
from clients.items.queries import planned_between, without_a_moment
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.calendar_days import LIST, MONTH, VIEWS, Span, days_of, planned_rows, span_of
from portal.brand.clocks import INPUT_FORM, choices_of, moment_typed, typed_of, which_typed, zone_here
from portal.brand.rows import channel_names, item_row
from portal.failures import failure_of
from portal.pages import back, brand_act, brand_page, render
from tenants.errors import Invalid, RelaisError

MOST, MOST_UNPLANNED = 500, 20
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)
MORNING = time(9)


@brand_page
def calendar(request: HttpRequest) -> HttpResponse:
    """The days that are looked at, with what has its moment on them; and what has none yet."""
    require(request.actor, Verb.ITEM_READ)
    span, names = asked_span(request), channel_names()
    start, end = (datetime.combine(day, time(), zone_here()) for day in (span.first, span.after))
    found = list(planned_between(start, end)[: MOST + 1])
    may_edit = may(request.actor.role, Verb.ITEM_EDIT)
    days = days_of(span, planned_rows(found[:MOST], names, may_edit), timezone.localdate(), zone_here())
    context = {
        "span": span,
        "days": [day for day in days if day.rows] if span.view == LIST else days,
        "names": [day.name for day in days[:7]],
        "grid": span.view != LIST,
        "views": VIEWS.items(),
        "more": len(found) > MOST,
        "most": MOST,
        "unplanned": planned_rows(without_a_moment(MOST_UNPLANNED), names, may_edit),
        "may_create": may(request.actor.role, Verb.ITEM_CREATE),
    }
    return render(request, "brand/calendar.html", context)


@brand_page
def move_page(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Where to move one item: a page of its own, and for the script the inside of a dialog."""
    require(request.actor, Verb.ITEM_EDIT)
    item = access_item(request.actor, item_id)
    assert item.version is not None
    typed, which = _typed(request, item)
    context = {
        "row": item_row(item, channel_names()),
        "typed": typed,
        "choices": choices_of(typed, which),
        "digest": item.version.digest,
        "movable": item.state in MOVABLE,
        "undoes": item.state in ASKABLE | {ItemState.HELD},
        "has_moment": item.not_before is not None,
        "may_submit": may(request.actor.role, Verb.ITEM_SUBMIT),
        "view": _view(request),
        "on": request.POST.get("on") or request.GET.get("on", ""),
    }
    return render(request, "components/move.html" if request.htmx else "brand/move.html", context)


@brand_act(again=move_page)
def move(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Move it, and submit it again at once if that was the button."""
    pressed = request.POST.get("then", "")
    moment = None if pressed == "none" else _moment(request)
    version = reschedule_item(
        request.actor, item_id=item_id, seen_digest=request.POST.get("digest", ""), not_before=moment
    )
    if pressed == "submit":
        _submit(request, item_id, version.digest)
    else:
        messages.success(request, _("Moved. It is a draft until it is submitted."))
    on = timezone.localtime(moment).date().isoformat() if moment else request.POST.get("on", "")
    return back(f"{reverse('calendar')}?view={_view(request)}&on={_day(on).isoformat()}")


def _submit(request: HttpRequest, item_id: UUID, digest: str) -> None:
    try:
        gate.submit_item(request.actor, item_id=item_id, seen_digest=digest)
        messages.success(request, _("Moved and submitted again."))
    except RelaisError as error:
        messages.warning(request, _("Moved, and kept as a draft. %(why)s") % {"why": failure_of(error).sentence})


def _moment(request: HttpRequest) -> datetime:
    typed = request.POST.get("not_before", "")
    moment = moment_typed(typed, "not_before", request.POST.get("not_before_which", ""))
    if moment is None:
        raise Invalid("not_a_moment", "not_before")
    return moment


def _typed(request: HttpRequest, item: Item) -> tuple[str, str]:
    """What the input shows: what was typed; the day it was dropped on, at the time it had; or the moment it has."""
    if request.method == "POST":
        return request.POST.get("not_before", ""), request.POST.get("not_before_which", "")
    dropped = request.GET.get("day", "")
    if not dropped:
        return typed_of(item.not_before), which_typed(item.not_before)
    clock = timezone.localtime(item.not_before).time() if item.not_before else MORNING
    return datetime.combine(_day(dropped), clock).strftime(INPUT_FORM), ""


def asked_span(request: HttpRequest) -> Span:
    return span_of(_view(request), _day(request.GET.get("on", "")))


def _view(request: HttpRequest) -> str:
    asked = str(request.POST.get("view") or request.GET.get("view", ""))
    return asked if asked in VIEWS else MONTH


def _day(typed: str) -> date:
    """The day that was asked for; today for anything that is no day."""
    try:
        found = parse_date(typed)
    except ValueError:
        found = None
    return found if found and EARLIEST <= found <= LATEST else timezone.localdate()
