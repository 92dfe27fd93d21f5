"""Adding a source: its fields, its first entries before anything is kept, and then the source."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.disclosure.rules import default_class
from clients.mentions.raw import RawMention
from clients.people.access import require
from clients.people.rules import Verb, may
from clients.sources.actions import add_source
from clients.sources.registry import kind_of
from clients.sources.rules import SourceState
from clients.sources.trying import Tried, try_source
from portal.brand.disclosure_classes import class_choices, class_typed
from portal.brand.sources_fields import channel_typed, form_of, settings_typed
from portal.pages import back, brand_act, brand_page, drawn_again, render
from portal.times import when
from portal.typed import number_typed
from portal.wording import error_sentence
from portal.wording import sources as words

EXCERPT = 220


@brand_page
def new_form(request: HttpRequest, kind: str) -> HttpResponse:
    """The fields of this kind; after 'try it now', its first entries."""
    require(request.actor, Verb.SOURCE_WRITE)
    found = kind_of(kind)
    agrees = may(request.actor.role, Verb.SOURCE_AGREE)
    context = {
        "kind": words.KINDS[kind],
        "about": words.ABOUT[kind],
        "form": form_of(request, found, None, secrets=agrees),
        "classes": class_choices(request.POST.get("class", default_class(request.actor.side))),
        "may_try": found.read is not None and (agrees or not found.opens),
        "waits": found.opens and not agrees,
        "tried": _shown(getattr(request, "tried", None)),
    }
    return render(request, "brand/source_new.html", context)


@brand_act(again=new_form)
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Try it out, or add it."""
    typed = request.POST
    given: dict[str, Any] = {
        "kind": kind,
        "name": typed.get("name", ""),
        "settings": settings_typed(kind_of(kind), typed),
        "channel_id": channel_typed(typed),
    }
    if "try" in typed:
        request.tried = try_source(actor=request.actor, **given)
        return drawn_again(new_form, request, kind=kind)
    every = number_typed(typed.get("every", ""), "every")
    chosen = class_typed(typed["class"]) if typed.get("class") else None
    source = add_source(actor=request.actor, every=every, info_class=chosen, **given)
    if source.state == SourceState.WAITING:
        messages.success(request, _("Proposed. It is looked at once the brand has agreed."))
    else:
        messages.success(request, _("Added."))
    return back(reverse("source", args=[source.pk]))


def _shown(tried: Tried | None) -> dict[str, Any] | None:
    if tried is None:
        return None
    return {
        "entries": [entry_of(raw) for raw in tried.raws],
        "count": tried.count,
        "problem": error_sentence(tried.problem) if tried.problem else "",
        "usual": words.span_words(tried.usual) if tried.usual else "",
    }


def entry_of(raw: RawMention) -> dict[str, str]:
    """One found thing, as it would come."""
    text = raw.text if len(raw.text) <= EXCERPT else f"{raw.text[:EXCERPT].rstrip()}…"
    return {
        "title": raw.title,
        "text": text,
        "by": " ".join(filter(None, (raw.author, raw.author_handle if raw.author_handle != raw.author else ""))),
        "url": raw.url,
        "when": when(raw.published_at) or _("without a date"),
    }
