"""Where a brand watches: the list with how each fares, and one source with everything that can be done about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.channels.rules import is_web_link
from clients.disclosure.steps import note_reads
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from clients.sources import actions
from clients.sources.access import access_source, reading
from clients.sources.models import Source
from clients.sources.queries import sources as sources_of
from clients.sources.registry import KINDS, kind_of
from clients.sources.rules import SourceState, Trouble, lost, rhythm
from clients.sources.wanted import secret_fields
from portal.brand.sources_fields import form_of, settings_typed
from portal.links import brand_url
from portal.pages import back, brand_act, brand_page, drawn_again, render
from portal.times import when
from portal.typed import number_typed
from portal.wording import Badge, badge, error_sentence, word
from portal.wording import sources as words
from portal.wording.disclosures import CLASSES
from tenants.errors import Missing

STEPS: dict[str, tuple[Callable[..., object], str | Promise]] = {
    "agree": (actions.agree_source, gettext_lazy("Agreed. It is looked at from now on.")),
    "pause": (actions.pause_source, gettext_lazy("Paused. What came from it stays.")),
    "resume": (actions.resume_source, gettext_lazy("It is looked at again.")),
    "remove": (actions.remove_source, gettext_lazy("Removed. What came from it stays.")),
    "accept": (actions.accept_shape, gettext_lazy("Noted: it is right as it is now.")),
    "look": (actions.look_at_source, gettext_lazy("Looked at.")),
    "invite": (actions.invite_to_give, gettext_lazy("The agency can give the credential now, once.")),
}


@brand_page
def sources(request: HttpRequest) -> HttpResponse:
    """Those in trouble first; removed ones last."""
    require(request.actor, Verb.SOURCE_READ)
    found = list(sources_of(request.actor))
    note_reads(request.actor, [reading(source) for source in found])
    cards = sorted((_card(source) for source in found), key=lambda card: (card["removed"], not card["trouble"]))
    role = request.actor.role
    kinds = [(k.name, words.KINDS[k.name], words.ABOUT[k.name], k.icon) for k in KINDS.values()]
    context = {
        "cards": cards,
        "kinds": kinds if may(role, Verb.SOURCE_WRITE) else [],
        "may_bring": may(role, Verb.SOURCE_BRING),
        "waits": not may(role, Verb.SOURCE_AGREE),
    }
    return render(request, "brand/sources.html", context)


@brand_page
def one(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """One source: how it fares, and what can be done about it."""
    source = access_source(request.actor, source_id)
    kind, role = kind_of(source.kind), request.actor.role
    context = {
        "card": _card(source),
        "about": words.ABOUT[source.kind],
        "facts": _facts(source),
        "class": badge(CLASSES, source.info_class),
        "may_classify": may(role, Verb.CLASS_RAISE),
        "form": form_of(request, kind, source) if may(role, Verb.SOURCE_WRITE) else None,
        "secret_names": [(name, word(words.SETTINGS, name)) for name in secret_fields(kind)],
        "opens": kind.arrives or bool(secret_fields(kind)),
        "arrives": kind.arrives,
        "has_secret": bool(source.secret),
        "invited": source.invited,
        "secret": getattr(request, "made_secret", ""),
        "endpoint": brand_url(request.brand.slug, "inbound", source.pk) if kind.arrives else "",
    }
    return render(request, "brand/source.html", context | _may(request.actor, source))


@brand_act(again=one)
def change(request: HttpRequest, source_id: UUID) -> HttpResponse:
    kind_name = request.POST.get("kind", "")
    actions.change_source(
        actor=request.actor,
        source_id=source_id,
        name=request.POST.get("name", ""),
        settings=settings_typed(kind_of(kind_name), request.POST, secrets=False),
        every=number_typed(request.POST.get("every", ""), "every"),
    )
    messages.success(request, _("Kept."))
    return back(reverse("source", args=[source_id]))


@brand_act(again=one)
def step(request: HttpRequest, source_id: UUID, step: str) -> HttpResponse:
    """One press: agree, pause, resume, remove, accept, look, invite."""
    if step not in STEPS:
        raise Missing("source")
    act, told = STEPS[step]
    act(actor=request.actor, source_id=source_id)
    messages.success(request, str(told))
    return back(reverse("source", args=[source_id]))


@brand_act(again=one)
def secret(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """What opens it: typed, or made here and shown this once."""
    if "make" in request.POST:
        request.made_secret = actions.make_secret(actor=request.actor, source_id=source_id)
        return drawn_again(one, request, source_id=source_id)
    given = {name: value for name, value in request.POST.items() if name == "password"}
    actions.give_secret(actor=request.actor, source_id=source_id, secrets=given)
    messages.success(request, _("Kept encrypted, never shown again."))
    return back(reverse("source", args=[source_id]))


def message_of(source: Source) -> str:
    """The one sentence that says what is wrong with a source; '' when nothing is."""
    health = source.health
    if not source.is_on:
        return ""
    if health.trouble == Trouble.SHAPE:
        parts = ", ".join(str(word(words.PARTS, part)) for part in sorted(lost(health.shape, health.shape_now)))
        return _("Its entries have changed. What is missing: %(parts)s.") % {"parts": parts}
    if health.trouble == Trouble.SILENT:
        usual = rhythm(health.moments)
        if usual is None:
            return _("Nothing has come from it for a long time.")
        return _("Nothing has come from it for longer than usual: it brings something every %(span)s or sooner.") % {
            "span": words.span_words(usual)
        }
    return error_sentence(health.code) if health.code else ""


def _card(source: Source) -> dict[str, Any]:
    health, kind = source.health, kind_of(source.kind)
    trouble = health.trouble if source.is_on else ""
    return {
        "id": source.pk,
        "name": source.name,
        "kind_name": source.kind,
        "kind": words.KINDS[source.kind],
        "icon": kind.icon,
        "badge": _badge(source),
        "message": message_of(source),
        "trouble": trouble,
        "since": when(health.trouble_since),
        "last": when(health.succeeded_at),
        "found": health.found,
        "removed": source.state == SourceState.REMOVED,
        "waiting": source.state == SourceState.WAITING,
        "paused": source.state == SourceState.PAUSED,
        "watched": kind.watched,
        "bring": {"table": "source_table", "hand": "source_write"}.get(source.kind, "") if source.is_on else "",
    }


def _badge(source: Source) -> Badge:
    if source.is_on and source.health.trouble:
        return badge(words.TROUBLES, source.health.trouble)
    return badge(words.STATES, source.state)


def _facts(source: Source) -> list[tuple[str, str]]:
    """What is known of it, in words."""
    health, kind, usual = source.health, kind_of(source.kind), rhythm(source.health.moments)
    facts = [(_("Mentions so far"), str(health.found))]
    if kind.watched:
        facts += [
            (_("Last success"), when(health.succeeded_at) or _("not yet")),
            (
                _("Its own rhythm"),
                _("at least every %(span)s") % {"span": words.span_words(usual)} if usual else _("not known yet"),
            ),
        ]
    if kind.read and source.is_on:
        facts.append((_("Next look"), when(health.next_at) or _("now")))
    if is_web_link(str(source.settings.get("url", ""))):
        facts.append((_("Address of the feed"), source.settings["url"]))
    return facts


def _may(actor: Actor, source: Source) -> dict[str, bool]:
    live = source.state != SourceState.REMOVED
    agree = may(actor.role, Verb.SOURCE_AGREE)
    write = may(actor.role, Verb.SOURCE_WRITE)
    shared = not kind_of(source.kind).opens or source.state == SourceState.WAITING
    return {
        "live": live,
        "may_write": write and live,
        "may_agree": agree and live,
        "may_remove": live and (agree or (write and shared)),
        "may_open": live and (agree or (write and source.invited)),
        "may_bring": may(actor.role, Verb.SOURCE_BRING),
    }
