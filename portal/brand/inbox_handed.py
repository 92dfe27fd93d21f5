"""What was handed to somebody: what was said, what they are asked, and a place to say what came of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.disclosure.steps import note_reads
from clients.mentions.access import reading
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from clients.triage.access import access_handing
from clients.triage.actions import close_handing
from clients.triage.queries import handed_to
from portal.brand.inbox_rows import said_by, title_of
from portal.pages import back, brand_act, brand_page, render
from portal.times import when

MOST = 50


def handed_lines(actor: Actor) -> list[tuple[UUID, str, str, str]]:
    """What waits for this person, as lines: id, what it is, from whom, since when."""
    found = list(handed_to(actor)[:MOST])
    note_reads(actor, [reading(handing.mention) for handing in found])
    return [(h.pk, title_of(h.mention), h.from_name, when(h.at)) for h in found]


@brand_page
def handed(request: HttpRequest, handing_id: UUID) -> HttpResponse:
    """One handing, for the person it was made to: a department contact reads this one mention and no other."""
    found = access_handing(request.actor, handing_id)
    note_reads(request.actor, [reading(found.mention)], subject=found.mention)
    context = {
        "handing": found,
        "mention": found.mention,
        "title": title_of(found.mention),
        "by": said_by(found.mention),
        "found": when(found.mention.published_at or found.mention.found_at),
        "at": when(found.at),
        "closed": when(found.closed_at),
        "may_open": may(request.actor.role, Verb.MENTION_READ),
        "link": found.mention.url if found.mention.url.startswith(("https://", "http://")) else "",
        "typed": request.POST.get("answer", ""),
    }
    return render(request, "brand/handed.html", context)


@brand_act(again=handed)
def tell_back(request: HttpRequest, handing_id: UUID) -> HttpResponse:
    close_handing(request.actor, handing_id=handing_id, answer=request.POST.get("answer", ""))
    messages.success(request, _("Thank you. Whoever handed it to you reads this."))
    return back("/")
