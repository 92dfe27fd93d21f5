"""What waits for somebody: conversations offered to them, and mentions handed over before there were any."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.custody.access import reading as talk_reading
from clients.custody.models import Conversation
from clients.custody.queries import held_by, offered_to
from clients.disclosure.steps import note_reads
from clients.mentions.access import reading
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from clients.triage.access import access_handing
from clients.triage.actions import close_handing
from clients.triage.queries import handed_to
from portal.brand.inbox_rows import headed, said_by, title_of
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from tenants.vocabulary import Side

MOST = 50


@dataclass(frozen=True, slots=True)
class HandedLine:
    """One thing that waits for this person, or that a department holds. `until`: by when an offer is to be answered."""

    url: str
    title: str
    who: str
    at: str
    until: str = ""


def handed_lines(actor: Actor) -> list[HandedLine]:
    """Conversations that are offered to this person or their whole side, those that a department contact holds, and what was
    handed over before conversations.
    """
    if not may(actor.role, Verb.CONVERSATION_HELD):
        return []
    offers, found = list(offered_to(actor, timezone.now())[:MOST]), list(handed_to(actor)[:MOST])
    held = [] if may(actor.role, Verb.CONVERSATION_READ) else list(held_by(actor.somebody, _side(actor))[:MOST])
    talks = [talk_reading(one) for one in (*(offer.conversation for offer in offers), *held)]
    note_reads(actor, [*talks, *(reading(handing.mention) for handing in found)])
    return [
        *(_line(o.conversation, o.by_name, when(o.at), when(o.accept_by)) for o in offers),
        *(_line(one, "", when(one.held_since)) for one in held),
        *(HandedLine(reverse("handed", args=[h.pk]), title_of(h.mention), h.from_name, when(h.at)) for h in found),
    ]


def _line(talk: Conversation, who: str, at: str, until: str = "") -> HandedLine:
    return HandedLine(reverse("conversation", args=[talk.pk]), headed(talk.title, ""), who, at, until)


def _side(actor: Actor) -> Side:
    assert actor.side is not None  # whoever may hold something works for one of the two
    return actor.side


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
