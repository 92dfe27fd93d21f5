"""Who waits, what members were promised, and whether everybody is served alike: one page for both sides."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.custody.access import reading
from clients.custody.clocks import ClockKind, ClockState
from clients.custody.models import Conversation
from clients.disclosure.steps import note_reads
from clients.people.access import require
from clients.people.rules import Verb
from clients.service.fairness import figures
from clients.service.models import Clock, Promise, ServiceCall
from clients.service.queries import calls_of, channel_names, due_clocks, owed_promises
from clients.service.rules import Figure, Part
from portal.pages import brand_page, render
from portal.times import hours_of, when
from portal.wording import badge, word
from portal.wording.conversations import CLOCKS, DUE, PROMISES
from portal.wording.service import BANDS, LANGUAGES, PARTS

SPANS = (7, 30, 90, 365)
USUAL = 30
MOST = 20


@brand_page
def service(request: HttpRequest) -> HttpResponse:
    """What is due soonest, promises owed, and the figures of a span of days up to now."""
    actor = request.actor
    require(actor, Verb.CONVERSATION_READ)
    days = next((span for span in SPANS if request.GET.get("days") == str(span)), USUAL)
    now = timezone.now()
    due, owed = list(due_clocks(actor, limit=MOST)), list(owed_promises(actor, limit=MOST))
    calls, shown = calls_of(actor, due), {one.conversation_id: one.conversation for one in (*due, *owed)}
    note_reads(actor, [reading(conversation) for conversation in shown.values()])
    context = {
        "due": [_due(clock, calls.get(clock.pk)) for clock in due],
        "owed": [_owed(promise) for promise in owed],
        "parts": _parts(
            figures(actor, now - timedelta(days=days), now), {str(k): v for k, v in channel_names().items()}
        ),
        "spans": [(span, span == days) for span in SPANS],
    }
    return render(request, "brand/service.html", context)


def _due(clock: Clock, call: ServiceCall | None) -> dict[str, Any]:
    state = "late" if clock.breached_at else "warned" if clock.warned_at else str(ClockState.RUNNING)
    return {
        **_conversation(clock.conversation),
        "what": word(CLOCKS, clock.kind),
        "badge": badge(DUE, state),
        "at": when(clock.due_at),
        "since": when(clock.started_at),
        "called": f"{call.name} · {call.contact}" if call else "",
    }


def _owed(promise: Promise) -> dict[str, Any]:
    return {
        **_conversation(promise.conversation),
        "badge": badge(PROMISES, promise.state),
        "at": when(promise.until),
    }


def _conversation(conversation: Conversation) -> dict[str, Any]:
    return {
        "url": reverse("conversation", args=[conversation.merged_into_id or conversation.pk]),
        "title": conversation.title or conversation.member_name or conversation.handle or _("A conversation"),
    }


def _parts(found: Iterable[Figure], channels: dict[str, str]) -> list[dict[str, Any]]:
    """A table for each part: a line for each name, with both clocks beside one another."""
    lines: dict[Part, dict[str, dict[ClockKind, Figure]]] = {part: {} for part in Part}
    for figure in found:
        lines[figure.part].setdefault(figure.name, {})[figure.kind] = figure
    return [
        {
            "name": str(part),
            "label": word(PARTS, part),
            "lines": [_line(_called(part, name, channels), both) for name, both in named.items()],
        }
        for part, named in lines.items()
        if named
    ]


def _line(name: str, both: dict[ClockKind, Figure]) -> dict[str, Any]:
    seen, answered = both[ClockKind.ACKNOWLEDGE], both[ClockKind.ANSWER]
    return {
        "name": name,
        "rounds": answered.rounds,
        "seen": _time(seen),
        "seen_in_time": _percent(seen),
        "answered": _time(answered),
        "answered_in_time": _percent(answered),
        "waiting": answered.waiting,
        "let_go": answered.let_go,
    }


def _time(figure: Figure) -> str:
    """'0:45 (2:10)': the median, and within what time nine in ten heard from us."""
    if figure.median is None or figure.nine_in_ten is None:
        return "–"
    return f"{_hours(figure.median)} ({_hours(figure.nine_in_ten)})"


def _hours(minutes: int) -> str:
    return hours_of(minutes) if minutes % 60 else f"{minutes // 60}:00"


def _percent(figure: Figure) -> str:
    return "" if figure.in_time is None else _("%(n)s%%") % {"n": figure.in_time}


def _called(part: Part, name: str, channels: dict[str, str]) -> str:
    if part is Part.CHANNEL:
        return channels.get(name, _("without a channel"))
    if part is Part.LANGUAGE:
        return word(LANGUAGES, name)
    return word(BANDS, name) if part is Part.BAND else _("All members")
