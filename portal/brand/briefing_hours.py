"""When the brand works: hours by day, time zone, public holidays, days off of its own. Plain fields; the brand decides alone."""

import re
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clients.briefings.actions import propose_briefing
from clients.briefings.days_off import countries, regions_of
from clients.briefings.queries import number_in_force, office_in_force
from clients.people.access import require
from clients.people.rules import Verb, is_stepped_up
from portal.brand.briefing_writing import number_typed
from portal.links import hub_url
from portal.pages import back, brand_act, brand_page, drawn_again, render
from portal.times import clock_of
from portal.wording import WEEKDAYS, word
from tenants.errors import Invalid

ANOTHER = "another"
DAYS = range(7)
_SPAN = re.compile(r"(\d{1,2})(?:[:hH.](\d\d)?)?\s*(?:-|–|à|to)\s*(\d{1,2})(?:[:hH.](\d\d)?)?")
_BETWEEN = re.compile(r"[,;/]|\bet\b|\band\b")
_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


@brand_page
def hours_form(request: HttpRequest) -> HttpResponse:
    """The week in force, to change; or as it was typed."""
    require(request.actor, Verb.BRIEFING_WRITE)
    failure = getattr(request, "failure", None)
    typed = _typed(request.POST) if request.method == "POST" else _in_force()
    context = {
        "after": request.POST.get("after") or number_in_force(),
        "days": [_day(day, typed["days"][day], failure.field if failure else "") for day in DAYS],
        "typed": typed,
        "zones": sorted(available_timezones()),
        "countries": _countries(typed["country"]),
        "regions": [(code, name, code == typed["region"]) for code, name in _regions(typed["country"])],
        "wrong": failure.field if failure else "",
        "stepped_up": is_stepped_up(request.actor.stepped_up_at, timezone.now()),
        "step_up": hub_url("account_reauthenticate", next=request.build_absolute_uri(reverse("briefing_hours"))),
    }
    return render(request, "brand/briefing_hours.html", context)


@brand_act(again=hours_form)
def hours(request: HttpRequest) -> HttpResponse:
    """The next version, with these hours; not a word of it changes."""
    posted = request.POST
    if posted.get(ANOTHER):  # another country was chosen: its regions are asked for
        return drawn_again(hours_form, request)
    office = {
        "time_zone": posted.get("time_zone", "").strip(),
        "hours": [_spans(day, posted.get(f"day-{day}", "")) for day in DAYS],
        "country": posted.get("country", ""),
        "region": posted.get("region", "") if posted.get("region", "") in regions_of(posted.get("country", "")) else "",
        "extra_days": [_iso(line) for line in posted.get("extra_days", "").splitlines() if line.strip()],
    }
    note = posted.get("note", "").strip() or _("Working hours")
    done = propose_briefing(
        actor=request.actor, base=number_typed(posted.get("after", "")), changes={}, calendar=office, note=note
    )
    if done.version:
        messages.success(request, _("Version %(number)s is in force.") % {"number": done.version.number})
    return back(reverse("briefing"))


def _day(day: int, value: str, wrong: str) -> dict[str, Any]:
    name = f"day-{day}"
    return {"id": name, "name": word(WEEKDAYS, day), "value": value, "wrong": wrong in (name, "hours")}


def _in_force() -> dict[str, Any]:
    office = office_in_force()
    return {
        "days": [", ".join(f"{clock_of(a)}-{clock_of(b)}" for a, b in spans) for spans in office["hours"]],
        "time_zone": office["time_zone"],
        "country": office["country"],
        "region": office["region"],
        "extra_days": "\n".join(office["extra_days"]),
        "note": "",
    }


def _typed(posted: QueryDict) -> dict[str, Any]:
    names = ("time_zone", "country", "region", "extra_days", "note")
    return {name: posted.get(name, "") for name in names} | {"days": [posted.get(f"day-{day}", "") for day in DAYS]}


def _spans(day: int, text: str) -> list[list[int]]:
    """'9:00-12:30, 14-18' in minutes; nothing is closed. Raises Invalid('bad_hours', 'day-N')."""
    found = []
    for part in filter(None, map(str.strip, _BETWEEN.split(text))):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise Invalid("bad_hours", f"day-{day}")
        start, end = (int(match[n]) * 60 + int(match[n + 1] or 0) for n in (1, 3))
        if not (0 <= start < 24 * 60 and 0 <= end <= 24 * 60 and start != end):
            raise Invalid("bad_hours", f"day-{day}")
        found.append([start, end])
    return found


def _iso(line: str) -> str:
    """As it stands, or 31/12/2026 turned round; what is no date is refused where all dates are."""
    match = _DAY.fullmatch(line.strip())
    return f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if match else line.strip()


def _countries(chosen: str) -> list[tuple[str, str, bool]]:
    names = Locale.parse((get_language() or "fr").replace("-", "_")).territories
    told = sorted(((code, names.get(code, code)) for code in countries()), key=lambda pair: pair[1])
    return [("", _("no public holidays"), not chosen), *((code, name, code == chosen) for code, name in told)]


def _regions(country: str) -> list[tuple[str, str]]:
    return [("", _("the whole country")), *sorted(regions_of(country).items(), key=lambda pair: pair[1])]
