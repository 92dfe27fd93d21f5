"""Noting an insight from a mention or a conversation, or putting that under one that is there already."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.conversations.queries import last_said
from clients.custody.access import access_conversation
from clients.disclosure.rules import InfoClass, is_kept
from clients.insights import actions
from clients.insights.models import Insight
from clients.insights.queries import open_ones, themes
from clients.mentions.access import access_mention
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from portal.brand.inbox_one import typed_id
from portal.brand.inbox_rows import headed, title_of
from portal.pages import back, brand_act, brand_page, render
from tenants.errors import Invalid

MOST_OPEN = 50


@brand_page
def new_form(request: HttpRequest) -> HttpResponse:
    """What was said, and a place for what it teaches."""
    actor, typed = request.actor, request.POST or request.GET
    require(actor, Verb.INSIGHT_WRITE)
    context = {
        **_said(actor, typed),
        "themes": [one.name for one in themes(actor)],
        "open": [
            (str(one.pk), one.title, typed.get("under", "") == str(one.pk)) for one in open_ones(actor)[:MOST_OPEN]
        ],
        "may_keep": actor.is_brand,
        "typed": typed,
    }
    return render(request, "brand/insight_new.html", context)


@brand_act(again=new_form)
def new(request: HttpRequest) -> HttpResponse:
    """Kept as an insight of its own, or as another voice under one."""
    typed = request.POST
    origin = _origin(typed)
    wants = bool(typed.get("wants_word"))
    if typed.get("under"):
        under = typed_id(typed["under"], "under")
        actions.add_to_insight(request.actor, insight_id=under, wants_word=wants, **origin)
    else:
        under = _noted(request.actor, typed, wants, origin).pk
    messages.success(request, _("Noted."))
    return back(reverse("insight", args=[under]))


def _noted(actor: Actor, typed: QueryDict, wants_word: bool, origin: dict[str, UUID | None]) -> Insight:
    return actions.note_insight(
        actor,
        title=typed.get("title", ""),
        text=typed.get("text", ""),
        theme=typed.get("theme", ""),
        info_class=InfoClass.BRAND if typed.get("brand_only") else None,
        wants_word=wants_word,
        **origin,
    )


def _origin(typed: QueryDict) -> dict[str, UUID | None]:
    """Raises Invalid('nothing_chosen', 'source') for an address that names neither, or both."""
    mention, talk = typed.get("mention", ""), typed.get("conversation", "")
    if bool(mention) == bool(talk):
        raise Invalid("nothing_chosen", "source")
    return {
        "mention_id": typed_id(mention, "source") if mention else None,
        "conversation_id": typed_id(talk, "source") if talk else None,
    }


def _said(actor: Actor, typed: QueryDict) -> dict[str, Any]:
    if not typed.get("mention") and not typed.get("conversation"):
        return {"page": ""}
    origin = _origin(typed)
    if origin["conversation_id"] is not None:
        talk = access_conversation(actor, origin["conversation_id"])
        last = last_said(talk)
        said = last.text if last else ""
        page, title, language, kept = "conversation", headed(talk.title, said), talk.language, talk.info_class
        origin_id = talk.pk
    else:
        assert origin["mention_id"] is not None
        mention = access_mention(actor, origin["mention_id"])
        said, page, title, language, kept = (
            mention.text,
            "mention",
            title_of(mention),
            mention.language,
            mention.info_class,
        )
        origin_id = mention.pk
    there = {"page": page, "origin_id": origin_id, "there": reverse(page, args=[origin_id])}
    return there | {"said": said, "said_title": title, "language": language, "kept": is_kept(kept)}
