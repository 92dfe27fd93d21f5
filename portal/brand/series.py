"""Series: what comes again by a rule. Begun from an item that is there; stopped, skipped for a day, or changed from a day on."""

from dataclasses import replace
from datetime import date, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clients.items.access import access_item, access_series
from clients.items.actions import begin_series, change_series, skip_day, stop_series
from clients.items.content import Content
from clients.items.models import Item, Series
from clients.items.moments import Oddity
from clients.items.queries import newest_items, series_of_brand
from clients.items.recurring import rule_of
from clients.items.series_days import SeriesDay, days_ahead
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.clocks import zone_here
from portal.brand.previews import previews_of
from portal.brand.rows import content_of
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.typed import day_typed, number_typed
from portal.wording import WEEKDAYS
from tenants.errors import Invalid, Missing
from tenants.walls.scope import brand_scope

FREQUENCIES = {"DAILY": gettext_lazy("days"), "WEEKLY": gettext_lazy("weeks"), "MONTHLY": gettext_lazy("months")}
SHOWN, TO_REPEAT = 12, 50
SHORT = {"MO": "0", "TU": "1", "WE": "2", "TH": "3", "FR": "4", "SA": "5", "SU": "6"}


@brand_page
def series_page(request: HttpRequest) -> HttpResponse:
    """All series of the brand, and where to begin one."""
    require(request.actor, Verb.ITEM_READ)
    context = {
        "rows": [_row(series) for series in series_of_brand()],
        "items": [(item.pk, item.title or _("Untitled")) for item in _to_repeat(request)],
        "chosen": _asked(request),
        "may_begin": may(request.actor.role, Verb.ITEM_SUBMIT),
    }
    return render(request, "brand/series.html", context | _form(request, {}))


def _asked(request: HttpRequest) -> str:
    """The item that was chosen, or that the reader comes from."""
    return str(request.POST.get("item") or request.GET.get("item", ""))


def _to_repeat(request: HttpRequest) -> list[Item]:
    """The newest items, and before them the one that the reader comes from, however old it is."""
    newest, asked = list(newest_items(TO_REPEAT)), _asked(request)
    if not asked or asked in {str(item.pk) for item in newest}:
        return newest
    try:
        return [access_item(request.actor, UUID(asked)), *newest]
    except (ValueError, Missing):
        return newest


@brand_act(again=series_page)
def begin(request: HttpRequest) -> HttpResponse:
    """Repeat the content of an item."""
    with brand_scope(request.brand):
        content = content_of(access_item(request.actor, _item_id(request)))
    series = begin_series(request.actor, content=content, first_day=_day(request, "first_day"), **_typed(request))
    messages.success(request, _("The series has begun. Its first items come within a minute."))
    return back(reverse("series_one", args=[series.pk]))


@brand_page
def one(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """One series: its rule, what goes out, its next days, and another content from a day on."""
    series = access_series(request.actor, series_id)
    content = Content.from_data(series.content)
    stored = _parts_of(series.rule) | {"clock": f"{series.clock:%H:%M}", "title": content.title, "text": content.text}
    context = {
        "series": series,
        "row": _row(series),
        "days": [_day_row(day) for day in days_ahead(series, zone_here(), timezone.localdate(), SHOWN)],
        "skipped": [date_format(date.fromisoformat(day), "j F Y") for day in series.skipped],
        "previews": previews_of(content),
        "may_change": series.stopped_at is None and may(request.actor.role, Verb.ITEM_SUBMIT),
    }
    return render(request, "brand/series_one.html", context | _form(request, stored))


@brand_act(again=one)
def change(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Another wording, rule or time from a day on."""
    with brand_scope(request.brand):
        former = Content.from_data(access_series(request.actor, series_id).content)
    title, text = (request.POST.get(name, "").replace("\r\n", "\n") for name in ("title", "text"))
    series = change_series(
        request.actor,
        series_id=series_id,
        content=replace(former, title=title, text=text),
        from_day=_day(request, "first_day"),
        **_typed(request),
    )
    messages.success(request, _("Changed from that day on: this is the series that follows."))
    return back(reverse("series_one", args=[series.pk]))


@brand_act(again=one)
def skip(request: HttpRequest, series_id: UUID) -> HttpResponse:
    skip_day(request.actor, series_id=series_id, day=_day(request, "day"))
    messages.success(request, _("Nothing goes out on that day."))
    return back(reverse("series_one", args=[series_id]))


@brand_act(again=one)
def stop(request: HttpRequest, series_id: UUID) -> HttpResponse:
    stop_series(request.actor, series_id=series_id)
    messages.success(
        request, _("Stopped. The items that are there stay; withdraw them one by one if they are to stay in.")
    )
    return back(reverse("series_one", args=[series_id]))


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Rule, time and end, as the form has them."""
    posted = request.POST
    every = number_typed(posted.get("every", "") or "1", "every")
    weekdays = [int(day) for day in posted.getlist("weekday") if day in WEEKDAYS]
    return {
        "rule": rule_of(posted.get("frequency", ""), every or 0, weekdays),
        "clock": _clock(posted.get("clock", "")),
        "last_day": day_typed(posted.get("last_day", ""), "last_day"),
        "most": number_typed(posted.get("most", ""), "most"),
    }


def _day(request: HttpRequest, name: str) -> date:
    found = day_typed(request.POST.get(name, ""), name)
    if found is None:
        raise Invalid("not_a_date", name)
    return found


def _clock(typed: str) -> time:
    try:
        found = parse_time(typed)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise Invalid("not_a_clock", "clock")
    return found.replace(second=0, microsecond=0)


def _item_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("item", ""))
    except ValueError:
        raise Missing("item") from None


def _form(request: HttpRequest, stored: dict[str, Any]) -> dict[str, Any]:
    """The rule's inputs: as typed, or as stored."""
    names = ("first_day", "clock", "last_day", "most", "every", "frequency", "title", "text")
    typed = {name: request.POST.get(name, stored.get(name, "")) for name in names}
    chosen = request.POST.getlist("weekday") or stored.get("weekdays", [])
    failure = getattr(request, "failure", None)
    return {
        "typed": typed | {"every": typed["every"] or "1", "frequency": typed["frequency"] or "WEEKLY"},
        "frequencies": list(FREQUENCIES.items()),
        "weekdays": [(key, name, key in chosen) for key, name in WEEKDAYS.items()],
        "wrong": (failure and failure.field) or "",
    }


def _parts_of(rule: str) -> dict[str, Any]:
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    days = [SHORT[day] for day in parts.get("BYDAY", "").split(",") if day in SHORT]
    return {"frequency": parts["FREQ"], "every": parts.get("INTERVAL", "1"), "weekdays": days}


def _row(series: Series) -> dict[str, Any]:
    parts = _parts_of(series.rule)
    days = ", ".join(str(WEEKDAYS[day]) for day in parts["weekdays"])
    often = _how_often(parts["frequency"], int(parts["every"]))
    sentence = _("%(often)s at %(time)s") % {"often": often, "time": f"{series.clock:%H:%M}"}
    return {
        "id": series.pk,
        "title": series.title or _("Untitled"),
        "rule": f"{sentence} · {days}" if days else sentence,
        "from": date_format(series.first_day, "j F Y"),
        "until": date_format(series.last_day, "j F Y") if series.last_day else "",
        "most": series.most,
        "author": series.author_name,
        "stopped": when(series.stopped_at),
    }


def _how_often(frequency: str, every: int) -> str:
    sentences = {
        "DAILY": ngettext("each day", "every %(n)s days", every),
        "WEEKLY": ngettext("every week", "every %(n)s weeks", every),
        "MONTHLY": ngettext("every month", "every %(n)s months", every),
    }
    return sentences[frequency] % {"n": every}


def _day_row(day: SeriesDay) -> dict[str, Any]:
    told = {
        Oddity.NONE: "",
        Oddity.SKIPPED: _("In that night this time does not exist: it goes out as much later as the clocks jump."),
        Oddity.TWICE: _("In that night this time comes twice: it goes out the first time."),
    }
    return {
        "day": day.issue.day.isoformat(),
        "when": when(day.issue.reading.moment),
        "item": day.item,
        "told": told[day.issue.reading.oddity],
    }
