"""The review of a crisis that is over: figures that the house drew up, the timeline, and what people learn from it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from clients.crisis.access import access_review
from clients.crisis.actions import finish_review, write_review
from clients.people.rules import Verb, may
from portal.brand.crisis_timeline import timeline
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import badge
from portal.wording.disclosures import CLASSES


@brand_page
def review_page(request: HttpRequest, crisis_id: UUID) -> HttpResponse:
    """Everything for the meeting afterwards."""
    found, role = access_review(request.actor, crisis_id), request.actor.role
    context = {
        "crisis": found.crisis,
        "review": found,
        "badge": badge(CLASSES, found.info_class),
        "figures": _figures(found.figures),
        "timeline": timeline(request.actor, found.crisis),
        "typed": request.POST.get("text", found.text or _questions()),
        "seen": found.written_at.isoformat() if found.written_at else "",
        "written": when(found.written_at),
        "finished": when(found.finished_at),
        "may_write": found.finished_at is None and may(role, Verb.CRISIS_REVIEW),
        "may_finish": found.finished_at is None and bool(found.text) and may(role, Verb.CRISIS_END),
        "may_classify": may(role, Verb.CLASS_RAISE),
    }
    return render(request, "brand/crisis_review.html", context)


@brand_act(again=review_page)
def review(request: HttpRequest, crisis_id: UUID) -> HttpResponse:
    typed = request.POST
    write_review(request.actor, crisis_id=crisis_id, text=typed.get("text", ""), seen=typed.get("seen", ""))
    messages.success(request, _("Kept."))
    return back(reverse("crisis_review", args=[crisis_id]))


@brand_act(again=review_page)
def finish(request: HttpRequest, crisis_id: UUID) -> HttpResponse:
    finish_review(request.actor, crisis_id=crisis_id)
    messages.success(request, _("The review is finished."))
    return back(reverse("crisis_review", args=[crisis_id]))


def _questions() -> str:
    """What every review asks; people answer, or strike out."""
    return "\n\n".join(
        (
            _("What happened, in three sentences?"),
            _("How did we hear of it, and could we have heard earlier?"),
            _("Who decided what, and was anybody missing?"),
            _("What did we say outside, and what came back?"),
            _("What do we change in the briefing, the charter or the list of contacts?"),
        )
    )


def _figures(figures: dict[str, Any]) -> list[tuple[str, str]]:
    """Those that are known, in words."""
    peak = parse_datetime(figures.get("peak_hour") or "")
    rows = (
        (_("From the first sign to the declaration"), _minutes(figures.get("to_declared"))),
        (_("From the first sign until somebody took it"), _minutes(figures.get("to_taken"))),
        (_("In force for"), _minutes(figures.get("lasted"))),
        (_("Mentions"), str(figures.get("mentions", ""))),
        (_("of these negative"), str(figures.get("negative", ""))),
        (_("Loudest hour"), f"{when(peak)} ({figures.get('peak')})" if peak else ""),
        (_("Alerts"), str(figures.get("alerts", ""))),
        (_("People called"), str(figures.get("called", ""))),
        (_("Notes and decisions"), str(figures.get("notes", ""))),
    )
    return [(name, value) for name, value in rows if value]


def _minutes(minutes: int | None) -> str:
    """'45 min', '3 h 05 min'."""
    if minutes is None:
        return ""
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
