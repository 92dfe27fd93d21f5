"""The press review: drafts to pick over, what is out, its rhythm, and what comes up next."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.people.access import require
from clients.people.queries import people_of_brand
from clients.people.rules import Verb, may
from clients.press import actions as press
from clients.press.access import access_review
from clients.press.models import Review, ReviewEntry, WatchNote
from clients.press.queries import pieces_for, reviews, rule_in_force, watch_notes
from clients.press.rules import ReviewState, Rhythm
from portal.brand.inbox_one import typed_id
from portal.brand.inbox_rows import said_by, title_of
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import ROLES, badge, word
from portal.wording.acts import WEEKDAYS
from portal.wording.press import REVIEW_STATES, RHYTHMS
from tenants.errors import Invalid

A_PAGE, OFFERED, AHEAD = 30, 30, timedelta(days=14)
SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31)}


@dataclass(frozen=True, slots=True)
class Group:
    """The pieces of one topic, in their order."""

    topic: str
    entries: list[ReviewEntry]


@brand_page
def press_page(request: HttpRequest) -> HttpResponse:
    """Reviews, newest first; what comes up; and how they are drawn up."""
    require(request.actor, Verb.MENTION_READ)
    role = request.actor.role
    context = {
        "reviews": [(r.pk, span_of(r), badge(REVIEW_STATES, r.state)) for r in reviews(request.actor)[:A_PAGE]],
        "notes": notes_of(request),
        "may_write": may(role, Verb.PRESS_WRITE),
        "may_note": may(role, Verb.WATCH_NOTE_WRITE),
        "may_rule": may(role, Verb.PRESS_RULE),
        "typed": request.POST,
    }
    return render(request, "brand/press.html", context | _rule())


@brand_page
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """One review as its readers see it; while it is a draft, with what one may still do."""
    found = access_review(request.actor, review_id)
    draft = found.state == ReviewState.DRAFT and may(request.actor.role, Verb.PRESS_WRITE)
    offered = pieces_for(found)[:OFFERED] if draft else []
    context = {
        "review": found,
        "span": span_of(found),
        "state": badge(REVIEW_STATES, found.state),
        "groups": groups_of(found),
        "notes": notes_of(request),
        "draft": draft,
        "offered": [(m.pk, title_of(m), said_by(m), when(m.found_at)) for m in offered],
        "people": _readers(),
    }
    return render(request, "brand/review.html", context)


@brand_act(again=press_page)
def begin(request: HttpRequest) -> HttpResponse:
    """A draft of the last day, week or month."""
    now = timezone.now()
    span = SPANS.get(request.POST.get("span", ""), SPANS["week"])
    made = press.begin_review(request.actor, since=now - span, until=now)
    return back(reverse("review", args=[made.pk]))


@brand_act(again=review)
def pick(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """One press on a draft: a piece more or less, up or down, a sentence beside it."""
    typed, actor = request.POST, request.actor
    if typed.get("then") == "add":
        press.pick_piece(actor, review_id=review_id, mention_id=typed_id(typed.get("mention", ""), "mention"))
        return _there(review_id)
    entry_id = typed_id(typed.get("entry", ""), "entry")
    if typed.get("then") == "drop":
        press.drop_piece(actor, review_id=review_id, entry_id=entry_id)
    elif typed.get("then") in {"up", "down"}:
        press.move_piece(actor, review_id=review_id, entry_id=entry_id, by=-1 if typed["then"] == "up" else 1)
    else:
        press.comment_piece(actor, review_id=review_id, entry_id=entry_id, comment=typed.get("comment", ""))
    return _there(review_id)


@brand_act(again=review)
def send(request: HttpRequest, review_id: UUID) -> HttpResponse:
    readers = [typed_id(value, "reader") for value in request.POST.getlist("reader")]
    press.send_review(request.actor, review_id=review_id, readers=readers)
    messages.success(request, _("The review is out, and its letters are on their way."))
    return _there(review_id)


@brand_act(again=press_page)
def rule(request: HttpRequest) -> HttpResponse:
    """When one is drawn up by itself."""
    typed, at = request.POST, parse_time(request.POST.get("at", "") or "08:00")
    if at is None or not typed.get("weekday", "0").isdecimal():
        raise Invalid("not_a_moment", "at")
    readers = [typed_id(value, "reader") for value in typed.getlist("reader")]
    weekday, held = int(typed.get("weekday", "0")), typed.get("held") == "1"
    press.set_press_rule(
        request.actor, rhythm=typed.get("rhythm", ""), at=at, weekday=weekday, readers=readers, held=held
    )
    messages.success(request, _("Kept."))
    return back(reverse("press"))


@brand_act(again=press_page)
def note(request: HttpRequest) -> HttpResponse:
    """Something comes up."""
    try:
        day = parse_date(request.POST.get("day", ""))
    except ValueError:
        day = None
    if day is None:
        raise Invalid("not_a_moment", "day")
    subject, words = request.POST.get("subject", ""), request.POST.get("words", "")
    press.write_watch_note(request.actor, day=day, subject=subject, text=words)
    messages.success(request, _("Noted. It stands here, beside the briefing and in the next reviews."))
    return back(reverse("press"))


@brand_act(again=press_page)
def drop_note(request: HttpRequest, note_id: UUID) -> HttpResponse:
    press.drop_watch_note(request.actor, note_id=note_id)
    return back(reverse("press"))


def groups_of(found: Review) -> list[Group]:
    """The pieces by topic; the topics in the order in which their first piece stands."""
    entries, order = list(found.entries.all()), dict[str, int]()
    for entry in entries:
        order.setdefault(entry.topic, len(order))
    entries.sort(key=lambda entry: (order[entry.topic], entry.position))
    return [Group(topic or _("Other news"), list(some)) for topic, some in groupby(entries, key=lambda e: e.topic)]


def notes_of(request: HttpRequest) -> list[WatchNote]:
    """What comes up in the next two weeks, for whoever reads this page."""
    today = timezone.localdate()
    return list(watch_notes(request.actor, today, today + AHEAD))


def span_of(found: Review) -> str:
    days = [date_format(timezone.localtime(moment), "j F Y") for moment in (found.since, found.until)]
    return _("%(since)s to %(until)s") % {"since": days[0], "until": days[1]}


def _readers() -> list[tuple[str, str]]:
    return [(str(p.person_id), f"{p.name} · {word(ROLES, p.role)}") for p in people_of_brand()]


def _rule() -> dict[str, Any]:
    found = rule_in_force()
    chosen = set(found.readers) if found else set()
    return {
        "rule": found,
        "at": f"{found.at:%H:%M}" if found else "08:00",
        "rhythms": [(str(r), word(RHYTHMS, r), r == (found.rhythm if found else Rhythm.NEVER)) for r in Rhythm],
        "weekdays": [(n, str(label), found is not None and str(found.weekday) == n) for n, label in WEEKDAYS.items()],
        "held": found is None or found.held,
        "readers": [(pk, name, pk in chosen) for pk, name in _readers()],
    }


def _there(review_id: UUID) -> HttpResponse:
    return back(reverse("review", args=[review_id]))
