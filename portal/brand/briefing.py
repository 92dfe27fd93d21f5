"""The briefing in force: read it, say that one has read it, see who has, what is proposed, and remind the others.

Each section has a class; what the reader may not see is not on the page, nor in anything made from it.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.briefings.access import open_sections
from clients.briefings.actions import acknowledge_briefing, agree_again, remind_readers
from clients.briefings.models import BriefingVersion
from clients.briefings.queries import (
    briefing_in_force,
    has_acknowledged,
    office_in_force,
    people_yet_to_read,
    readers_of,
)
from clients.briefings.soundness import digest_now, is_sound
from clients.people.access import require
from clients.people.rules import Verb, is_stepped_up, may
from portal.brand.briefing_changes import proposals_waiting
from portal.brand.briefing_shown import section_shown
from portal.brand.briefing_writing import number_typed
from portal.brand.press import notes_of
from portal.links import hub_url
from portal.pages import back, brand_act, brand_page, render
from portal.times import clock_of, when
from portal.wording import WEEKDAYS, word
from portal.wording.roles import SIDES


@brand_page
def briefing(request: HttpRequest) -> HttpResponse:
    """The version in force, who has read it, and the brand's working hours."""
    found, role = briefing_in_force(), request.actor.role
    context = {
        "briefing": found,
        "when": when(found.created_at) if found else "",
        "sections": [section_shown(one) for one in open_sections(request.actor, found)] if found else [],
        "waiting": proposals_waiting(request.actor),
        "may_share": may(role, Verb.LINK_SHARE),
        "may_classify": request.actor.is_brand and may(role, Verb.CLASS_RAISE),
        "hours": _hours(office_in_force()),
        "altered": _altered(request, found) if found and not is_sound(found) else None,
        "may_decide": may(role, Verb.BRIEFING_WRITE),
        "notes": notes_of(request),
        "acknowledged": bool(found) and has_acknowledged(request.actor.person_id),
        "may_acknowledge": may(role, Verb.BRIEFING_ACKNOWLEDGE),
        "may_write": may(role, Verb.BRIEFING_PROPOSE),
        "readers": [(r.person_name, when(r.at)) for r in readers_of(found)] if found else [],
        "missing": [person.name for person in people_yet_to_read(found)] if found else [],
    }
    return render(request, "brand/briefing.html", context)


@brand_act(again=briefing)
def acknowledge(request: HttpRequest) -> HttpResponse:
    acknowledge_briefing(actor=request.actor, number=number_typed(request.POST.get("number", "")))
    messages.success(request, _("Noted: you have read this version."))
    return back(reverse("briefing"))


@brand_act(again=briefing)
def again(request: HttpRequest) -> HttpResponse:
    """The brand agrees to what an erasure left of the version in force."""
    number = number_typed(request.POST.get("number", ""))
    agree_again(actor=request.actor, number=number, seen_digest=request.POST.get("digest", ""))
    messages.success(request, _("Agreed again. The agency acts as before."))
    return back(reverse("briefing"))


@brand_page
def readers(request: HttpRequest) -> HttpResponse:
    """Who has read the version in force and who has not, by side; and a reminder to the others."""
    require(request.actor, Verb.BRIEFING_READ)
    found = briefing_in_force()
    context = {
        "briefing": found,
        "readers": [(r.person_name, word(SIDES, r.side), when(r.at)) for r in readers_of(found)] if found else [],
        "missing": [(p.name, word(SIDES, p.side)) for p in people_yet_to_read(found)] if found else [],
        "may_remind": may(request.actor.role, Verb.BRIEFING_AGREE),
    }
    return render(request, "brand/briefing_readers.html", context)


@brand_act(again=readers)
def remind(request: HttpRequest) -> HttpResponse:
    """A letter to everybody who has not read it."""
    count = remind_readers(actor=request.actor)
    told = ngettext("%(count)d reminder is on its way.", "%(count)d reminders are on their way.", count)
    messages.success(request, told % {"count": count})
    return back(reverse("briefing_readers"))


def _altered(request: HttpRequest, found: BriefingVersion) -> dict[str, Any]:
    """What the brand needs in order to agree to what stands there now."""
    now = digest_now(found)
    return {
        "digest": now,
        "forged": now == found.digest,
        "stepped_up": is_stepped_up(request.actor.stepped_up_at, timezone.now()),
        "step_up": hub_url("account_reauthenticate", next=request.build_absolute_uri(reverse("briefing"))),
    }


def _hours(office: Mapping[str, Any]) -> list[tuple[str, str]]:
    days = []
    for day, spans in enumerate(office["hours"]):
        clocks = ", ".join(f"{clock_of(start)}–{clock_of(end)}" for start, end in spans)
        days.append((word(WEEKDAYS, day), clocks or _("closed")))
    return days
