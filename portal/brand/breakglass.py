"""Who ran this installation and looked into the brand: why, until when, what was read; and the end of it, now."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.breakglass.actions import end_glass
from clients.breakglass.models import Opening
from clients.breakglass.queries import openings, read_under
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.pages import back, brand_act, brand_page, render
from portal.times import exact, when
from portal.wording import badge, word
from portal.wording.openings import ENDINGS, PARTS, STATES, part_of

SHOWN = 50


@brand_page
def operators(request: HttpRequest) -> HttpResponse:
    """The newest accesses, with what was read under each; every page that was read is a line of the log besides."""
    require(request.actor, Verb.AUDIT_READ)
    found = list(openings()[:SHOWN])
    read = read_under(opening.pk for opening in found)
    may_end = may(request.actor.role, Verb.OPENING_END)
    shown = [_shown(opening, read[opening.pk]) for opening in found]
    return render(request, "brand/breakglass.html", {"tab": "operators", "openings": shown, "may_end": may_end})


@brand_act(again=operators)
def end(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """From here on the database refuses the operator's next statement."""
    end_glass(request.actor, opening_id=opening_id)
    messages.success(request, _("Ended. Nothing more can be read."))
    return back(reverse("operators"))


def _shown(opening: Opening, read: list[tuple[str, int, int]]) -> dict[str, Any]:
    ended, holds = getattr(opening, "end", None), opening.holds(timezone.now())
    return {
        "id": opening.pk,
        "who": opening.who,
        "reason": opening.reason,
        "ticket": opening.ticket,
        "parts": ", ".join(word(PARTS, part) for part in opening.parts),
        "badge": badge(STATES, "open" if holds else "over"),
        "open": holds,
        "at": exact(opening.at),
        "until": when(opening.until),
        "ended": word(ENDINGS, ended.how if ended else "time") if not holds else "",
        "ended_at": when(ended.at if ended else opening.until) if not holds else "",
        "read": [(part_of(table), table, pages, rows) for table, pages, rows in read],
    }
