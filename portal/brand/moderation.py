"""What was taken down, or is to be: the cases with what they wait for, appeals for whoever reads, and raids."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from clients.channels.queries import channels_taking
from clients.disclosure.steps import note_reads
from clients.mentions.access import reading
from clients.mentions.models import Mention
from clients.moderation import actions as moderation
from clients.moderation.access import may_undo, require_moderation
from clients.moderation.access import reading as reading_case
from clients.moderation.models import Raid
from clients.moderation.queries import appeals_for, cases, newest_raids
from clients.moderation.rules import HIDE, MOST_AT_ONCE, UNDO_WITHIN
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.inbox_one import typed_id
from portal.brand.inbox_rows import headed, said_by, title_of
from portal.brand.moderation_rows import rows_of
from portal.brand.moderation_sheet import rules_for
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording.moderation import CASE_FILTERS

A_PAGE = 50


@brand_page
def moderation_page(request: HttpRequest) -> HttpResponse:
    """A page of cases, the newest act first; the next one is asked for by the moment of the last."""
    actor, state = request.actor, request.GET.get("state", "")
    require(actor, Verb.MENTION_READ)
    state = state if state in CASE_FILTERS else ""
    found = list(cases(actor, state, _moment(request.GET.get("before", "")))[: A_PAGE + 1])
    page, more = found[:A_PAGE], found[A_PAGE:]
    appeals = list(appeals_for(actor))
    note_reads(actor, [reading_case(case) for case in dict.fromkeys([*page, *(appeal.case for appeal in appeals)])])
    next_page = urlencode({"state": state, "before": page[-1].acted_at.isoformat()}) if more else ""
    context = {
        "rows": rows_of(page),
        "next": f"{reverse('moderation')}?{next_page}" if more else "",
        "filters": [
            (
                f"{reverse('moderation')}?{urlencode({'state': code})}" if code else reverse("moderation"),
                name,
                code == state,
            )
            for code, name in CASE_FILTERS.items()
        ],
        "appeals": [
            (reverse("moderation_case", args=[a.case_id]), headed(a.case.title, ""), when(a.at)) for a in appeals
        ],
        "raids": [_raid(actor, raid) for raid in newest_raids()],
        "may_moderate": may_moderate(actor),
    }
    return render(request, "brand/moderation.html", context)


@brand_page
def raid_page(request: HttpRequest) -> HttpResponse:
    """Open mentions on channels that can hide, the newest first: many at once, by one rule."""
    actor = request.actor
    require_moderation(actor)
    channels = [channel.pk for channel in channels_taking(HIDE)]
    open_ones = Mention.objects.readable_by(actor).filter(state="open", channel__in=channels).exclude(remote_id="")
    found = list(open_ones.filter(moderated=None).order_by("-found_at", "-id")[:MOST_AT_ONCE])
    note_reads(actor, [reading(mention) for mention in found])
    chosen = set(request.POST.getlist("mention"))
    context = {
        "mentions": [(m.pk, title_of(m), said_by(m), when(m.found_at), str(m.pk) in chosen) for m in found],
        "rules": rules_for(actor, request.POST.get("rule", "")),
        "most": MOST_AT_ONCE,
        "typed": request.POST,
    }
    return render(request, "brand/moderation_raid.html", context)


@brand_act(again=raid_page)
def raid(request: HttpRequest) -> HttpResponse:
    """Hide all that were chosen."""
    ids = [typed_id(value, "mention") for value in request.POST.getlist("mention")]
    typed = request.POST
    made = moderation.begin_raid(request.actor, mention_ids=ids, rule=typed.get("rule", ""), why=typed.get("why", ""))
    undo = reverse("moderation_raid_undo", args=[made.pk])
    messages.success(request, _("They are being hidden, one after the other."), extra_tags=undo)
    return back(reverse("moderation"))


@brand_act(again=moderation_page)
def undo_raid(request: HttpRequest, raid_id: UUID) -> HttpResponse:
    moderation.undo_raid(request.actor, raid_id=raid_id)
    messages.success(request, _("Taken back: what had left already is being shown again."))
    return back(reverse("moderation"))


def may_moderate(actor: Actor) -> bool:
    """Whether this person may ask for acts at all."""
    return may(actor.role, Verb.MENTION_TRIAGE) and may(actor.role, Verb.ITEM_SUBMIT)


def _raid(actor: Actor, raid: Raid) -> dict[str, Any]:
    open_still = raid.undone_at is None and timezone.now() <= raid.at + UNDO_WITHIN and may_undo(actor, raid)
    return {
        "count": len(raid.things),
        "rule": raid.rule,
        "who": raid.by_name,
        "when": when(raid.at),
        "undone": when(raid.undone_at),
        "undo_url": reverse("moderation_raid_undo", args=[raid.pk]) if open_still else "",
    }


def _moment(typed: str) -> datetime | None:
    """None for what nobody could have got from us."""
    try:
        found = parse_datetime(typed)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


@brand_act(again=moderation_page)
def end_calm(request: HttpRequest, calm_id: UUID) -> HttpResponse:
    calm = moderation.end_calm(request.actor, calm_id=calm_id)
    messages.success(request, _("Ended."))
    there = ("mention", calm.mention_id) if calm.mention_id else ("conversation", calm.conversation_id)
    return back(reverse(there[0], args=[there[1]]))
