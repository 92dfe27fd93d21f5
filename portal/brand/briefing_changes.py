"""A proposed change of the briefing and the words on it; and any two versions beside each other, word by word."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.briefings.access import access_briefing, access_proposal, open_changes, open_sections, proposals_open_to
from clients.briefings.actions import agree_briefing, refuse_briefing, withdraw_briefing
from clients.briefings.models import BriefingProposal, BriefingVersion
from clients.briefings.queries import briefing_versions, stale_sections
from clients.briefings.rules import Section
from clients.briefings.sides import Said
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, is_stepped_up, may
from portal.brand.briefing_shown import change_shown, changes_between
from portal.links import hub_url
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import word
from portal.wording.charters import joined
from portal.wording.fields import SAID, SECTIONS
from portal.wording.roles import SIDES
from tenants.errors import Missing

MOST_VERSIONS = 50


@brand_page
def change(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """One proposal beside what is in force, who said what, and what the reader may say."""
    found = access_proposal(request.actor, proposal_id)
    moved = [] if found.is_over else stale_sections(found)
    context = (
        proposal_shown(request.actor, found)
        | _may(request, found, fresh=not moved)
        | {
            "changes": [change_shown(one) for one in open_changes(request.actor, found)],
            "moved": joined(word(SECTIONS, section) for section in moved),
            "reason": request.POST.get("reason", ""),
            "digest": found.digest,
        }
    )
    return render(request, "brand/briefing_change.html", context)


@brand_act(again=change)
def agree(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    version = agree_briefing(actor=request.actor, proposal_id=proposal_id, seen_digest=request.POST.get("digest", ""))
    if version is None:
        messages.success(request, _("Agreed for your side. It waits for the other side."))
        return back(reverse("briefing_change", args=[proposal_id]))
    messages.success(request, _("Agreed. Version %(number)s is in force.") % {"number": version.number})
    return back(reverse("briefing"))


@brand_act(again=change)
def refuse(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    refuse_briefing(actor=request.actor, proposal_id=proposal_id, reason=request.POST.get("reason", ""))
    messages.success(request, _("Refused. Nothing changes."))
    return back(reverse("briefing"))


@brand_act(again=change)
def take_back(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    withdraw_briefing(actor=request.actor, proposal_id=proposal_id)
    messages.success(request, _("Withdrawn. Nothing changes."))
    return back(reverse("briefing"))


@brand_page
def versions(request: HttpRequest) -> HttpResponse:
    """Every version; two of them compared by words, the newest with the one before unless others are asked for."""
    require(request.actor, Verb.BRIEFING_READ)
    listed = list(briefing_versions()[:MOST_VERSIONS])
    if not listed:
        raise Missing("briefing")
    newest = listed[0].number
    new = _asked(request, "to", newest)
    old = _asked(request, "from", max(new.number - 1, 1))
    context = {
        "old": old,
        "new": new,
        "choices": [(v.number, when(v.created_at), v.written_by_name, v.note) for v in listed],
        "changes": changes_between(_readable(request.actor, old), _readable(request.actor, new)),
    }
    return render(request, "brand/briefing_versions.html", context)


def proposals_waiting(actor: Actor) -> list[dict[str, Any]]:
    """The open ones of which the reader may see something, for the briefing's page."""
    return [proposal_shown(actor, one) for one in proposals_open_to(actor)]


def proposal_shown(actor: Actor, found: BriefingProposal) -> dict[str, Any]:
    words = sorted(found.words.all(), key=lambda one: one.at)
    return {
        "proposal": found,
        "side": word(SIDES, found.side),
        "proposed": when(found.at),
        "sections": joined(word(SECTIONS, section) for section in found.changes),
        "words": [
            (word(SAID, one.said), one.person_name, word(SIDES, one.side), when(one.at), one.reason) for one in words
        ],
        "is_over": found.is_over,
    }


def _may(request: HttpRequest, found: BriefingProposal, *, fresh: bool) -> dict[str, Any]:
    actor, own = request.actor, found.side == request.actor.side
    open_, heads = not found.is_over, may(request.actor.role, Verb.BRIEFING_AGREE)
    agreed = {word_.side for word_ in found.words.all() if word_.said == Said.AGREE}
    writer = may(actor.role, Verb.BRIEFING_PROPOSE) and found.proposed_by == actor.person_id
    return {
        "may_agree": open_ and heads and fresh and actor.side not in agreed,
        "may_refuse": open_ and heads and not own,
        "may_withdraw": open_ and own and (heads or writer),
        "stepped_up": is_stepped_up(actor.stepped_up_at, timezone.now()),
        "step_up": hub_url("account_reauthenticate", next=request.build_absolute_uri()),
    }


def _asked(request: HttpRequest, name: str, otherwise: int) -> BriefingVersion:
    typed = request.GET.get(name, "")
    number = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else otherwise
    return access_briefing(request.actor, number)


def _readable(actor: Actor, version: BriefingVersion) -> dict[Section, Any]:
    return {one.section: one.value for one in open_sections(actor, version)}
