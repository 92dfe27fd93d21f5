"""A call or a meeting written down: whom one talked with, what they said, and what one answered there and then."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.community.models import Member
from clients.conversations.actions import Talk, note_talk
from clients.conversations.actions.opening import BY_PEOPLE
from clients.custody.access import access_conversation
from clients.custody.rules import Medium
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand.clocks import moment_typed, typed_of
from portal.brand.conversation_rows import talked_with
from portal.pages import back, brand_act, brand_page, render
from portal.wording import word
from portal.wording.conversations import MEDIUMS
from portal.wording.triage import LANGUAGES
from tenants.errors import Invalid

MOST_MEMBERS = 200


@brand_page
def talk_form(request: HttpRequest) -> HttpResponse:
    """An empty form, or one for the next talk of a conversation."""
    actor, typed = request.actor, request.POST or request.GET
    require(actor, Verb.CONVERSATION_HOLD)
    of = access_conversation(actor, _id(typed["of"], "of")) if typed.get("of") else None
    members = Member.objects.readable_by(actor).order_by("name")[:MOST_MEMBERS]
    context = {
        "of": of,
        "by": talked_with(of) if of else "",
        "mediums": [(str(m), word(MEDIUMS, m), typed.get("medium", "phone") == m) for m in Medium if m in BY_PEOPLE],
        "members": [(str(m.pk), m.name, typed.get("member", "") == str(m.pk)) for m in members],
        "languages": [(code, str(w), typed.get("language", "") == code) for code, w in LANGUAGES.items()],
        "typed": typed,
        "at": typed.get("at") or typed_of(timezone.now()),
    }
    return render(request, "brand/talk.html", context)


@brand_act(again=talk_form)
def talk(request: HttpRequest) -> HttpResponse:
    """Kept as a conversation, or as its next turn."""
    typed = request.POST
    medium = typed.get("medium", "")
    if medium not in set(Medium):
        raise Invalid("unknown_medium", "medium")
    kept = note_talk(
        request.actor,
        talk=Talk(
            medium=Medium(medium),
            said=typed.get("said", ""),
            answered=typed.get("answered", ""),
            name=typed.get("name", "").strip(),
            handle=typed.get("handle", "").strip()[:200],
            title=typed.get("title", ""),
            language=typed.get("language", ""),
            member=_id(typed["member"], "member") if typed.get("member") else None,
            at=moment_typed(typed.get("at", ""), "at"),
        ),
        conversation_id=_id(typed["of"], "of") if typed.get("of") else None,
    )
    messages.success(request, _("Written down."))
    return back(reverse("conversation", args=[kept.pk]))


def _id(typed: str, field: str) -> UUID:
    """Raises Invalid('nothing_chosen', field)."""
    try:
        return UUID(typed)
    except ValueError:
        raise Invalid("nothing_chosen", field) from None
