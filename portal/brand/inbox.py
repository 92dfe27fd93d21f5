"""The inbox: what was said outside and waits for a word, the most urgent first. Made for the keyboard, and whole without it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.conversations.cursors import Cursor
from clients.conversations.models import KeptView
from clients.disclosure.steps import note_reads
from clients.mentions.access import reading
from clients.mentions.models import Mention
from clients.mentions.rules import MentionKind
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.queries import people_of_brand
from clients.people.rules import Verb, may
from clients.sources.queries import sources
from clients.triage.queries import cursor_of, inbox, saved_views
from clients.triage.rules import NoReply, checked_filters
from portal.brand.inbox_handed import handed_lines
from portal.brand.inbox_marks import labels_of, watch_list
from portal.brand.inbox_rows import rows_of
from portal.pages import brand_page, render
from portal.wording import ROLES, SENSITIVITIES, word
from portal.wording.triage import LANGUAGES, MENTION_KINDS, MENTION_STATES, NO_REPLY

A_PAGE = 50
Choice = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A saved view as a link."""

    name: str
    url: str
    drop_url: str
    shared: bool
    current: bool


@brand_page
def inbox_page(request: HttpRequest) -> HttpResponse:
    """A page of mentions; the next one is asked for by its cursor."""
    require(request.actor, Verb.MENTION_READ)
    filters = checked_filters(request.GET.dict())
    found = list(inbox(request.actor, filters, Cursor.read(request.GET.get("after", "")))[: A_PAGE + 1])
    page, more = found[:A_PAGE], found[A_PAGE:]
    note_reads(request.actor, [reading(mention) for mention in page])
    context = {
        "rows": rows_of(request.actor, page),
        "next": _next(filters, page[-1]) if more else "",
        "query": urlencode(filters),
        "filtered": bool(set(filters) - {"state"}),
        "views": _views(request.actor, filters),
        "handed": handed_lines(request.actor),
    }
    return render(request, "brand/inbox.html", context | choices_of(request.actor, filters) | sheets_of(request.actor))


def sheets_of(actor: Actor) -> dict[str, Any]:
    """What the forms offer: reasons, moments, people."""
    return {
        "may_triage": may(actor.role, Verb.MENTION_TRIAGE),
        "reasons": [(str(r), word(NO_REPLY, r)) for r in NoReply if r is not NoReply.OTHER],
        "moments": moments(timezone.localtime()),
        "people": [
            (str(p.person_id), f"{p.name} · {word(ROLES, p.role)}")
            for p in people_of_brand()
            if p.person_id != actor.person_id
        ],
    }


def moments(now: datetime) -> list[tuple[str, str]]:
    """Until when one usually puts something off, on the brand's clocks: (moment, words)."""

    def at(days: int, hour: int) -> str:
        day = (now + timedelta(days=days)).date()
        return timezone.make_aware(datetime.combine(day, time(hour)), now.tzinfo).isoformat()

    return [
        ((now + timedelta(hours=2)).isoformat(timespec="minutes"), _("in two hours")),
        (at(1, 9), _("tomorrow at nine")),
        (at(7 - now.weekday(), 9), _("next Monday")),
        (at(30, 9), _("in a month")),
    ]


def choices_of(actor: Actor, filters: dict[str, str]) -> dict[str, Any]:
    """The filters as choices, each with what is chosen."""
    labels = labels_of(watch_list(actor))
    return {
        "states": [
            (reverse("inbox") + "?" + urlencode(filters | {"state": s}), w, filters.get("state", "open") == s)
            for s, w in MENTION_STATES.items()
        ],
        "state": filters.get("state", "open"),
        "kinds": _choices(filters, "kind", [(str(k), str(MENTION_KINDS[k][2])) for k in MentionKind]),
        "languages": _choices(filters, "language", [(code, str(w)) for code, w in LANGUAGES.items()]),
        "sensitivities": _choices(filters, "sensitivity", [(c, word(SENSITIVITIES, c)) for c in SENSITIVITIES if c]),
        "keys": _choices(filters, "key", list(labels.items())),
        "mine": "mine" in filters,
        "sources": _choices(filters, "source", [(str(s.pk), s.name) for s in sources(actor)]),
    }


def _choices(filters: dict[str, str], name: str, offered: list[tuple[str, str]]) -> list[Choice]:
    return [(code, label, filters.get(name, "") == code) for code, label in offered]


def _next(filters: dict[str, str], last: Mention) -> str:
    return f"{reverse('inbox')}?{urlencode(filters | {'after': str(cursor_of(last))})}"


def _views(actor: Actor, filters: dict[str, str]) -> list[ViewLink]:
    return [view_link(actor, view, filters, page="inbox", drop="inbox_view_drop") for view in saved_views(actor)]


def view_link(actor: Actor, view: KeptView, filters: dict[str, str], *, page: str, drop: str) -> ViewLink:
    """A kept view of the list at `page`, with the way to drop it for whose it is. Both are names of addresses."""
    mine = view.person_id == actor.person_id
    return ViewLink(
        name=view.name,
        url=f"{reverse(page)}?{urlencode(view.filters)}",
        drop_url=reverse(drop, args=[view.pk]) if mine else "",
        shared=view.shared,
        current=view.filters == filters,
    )
