"""The page of a crisis: what it is, why, who has it, and what can be done. Made for a telephone late in the evening."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.crisis import actions
from clients.crisis.access import access_crisis
from clients.crisis.contacts import address_in, number_in
from clients.crisis.models import Crisis, CrisisCall
from clients.crisis.queries import crises, open_crisis
from clients.crisis.rules import CrisisState
from clients.disclosure.rules import InfoClass, default_class
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, is_stepped_up, may
from portal.brand.crisis_chart import chart
from portal.brand.crisis_timeline import calls_of, is_calling, reason, timeline
from portal.brand.disclosure_classes import class_choices, class_typed
from portal.links import hub_url
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import badge, word
from portal.wording.crises import CALLS, DONE, OWN_ACTS, SIGHTS, STATES
from tenants.errors import Missing

PAST_SHOWN = 30
STEPS: dict[str, Callable[..., Crisis]] = {
    "declare": actions.declare_crisis,
    "dismiss": actions.dismiss_crisis,
    "end": actions.end_crisis,
}


@brand_page
def overview(request: HttpRequest) -> HttpResponse:
    """The crisis that is on; or, in quiet times, the numbers, a way to say that something is wrong, and crises past."""
    require(request.actor, Verb.CRISIS_READ)
    current = open_crisis()
    past = crises().filter(is_open=False)[:PAST_SHOWN]
    role = request.actor.role
    context = {
        "past": [{"id": c.pk, "when": when(c.proposed_at), "badge": badge(STATES, c.state)} for c in past],
        "may_propose": may(role, Verb.CRISIS_PROPOSE),
        "may_declare": may(role, Verb.CRISIS_DECLARE),
        "may_rule": may(role, Verb.CRISIS_RULE),
    }
    if current:
        return render(request, "brand/crisis.html", context | _of(request, current))
    drawn = chart(timezone.now(), request.brand.time_zone)
    choices = class_choices(request.POST.get("class", default_class(request.actor.side)))
    quiet = {"chart": drawn, "sight": badge(SIGHTS, drawn.sight), "typed": request.POST.get("text", "")}
    return render(request, "brand/crisis.html", context | quiet | {"classes": choices})


@brand_act(again=overview)
def begin(request: HttpRequest) -> HttpResponse:
    """'This may be a crisis', or, for the brand, 'it is one'."""
    act = actions.declare_crisis if request.POST.get("step") == "declare" else actions.propose_crisis
    act(
        request.actor,
        text=request.POST.get("text", ""),
        topic=request.POST.get("topic", "")[:200],
        info_class=_class(request),
    )
    messages.success(request, _("Noted. The contacts are being called, one after the other."))
    return back(reverse("crisis"))


@brand_page
def one(request: HttpRequest, crisis_id: UUID) -> HttpResponse:
    """One crisis, on or past."""
    crisis = access_crisis(request.actor, crisis_id)
    return render(request, "brand/crisis.html", _of(request, crisis))


@brand_act(again=one)
def take(request: HttpRequest, crisis_id: UUID) -> HttpResponse:
    actions.take_crisis(request.actor, crisis_id=crisis_id)
    messages.success(request, _("It is yours. Nobody else is called."))
    return back(reverse("crisis_one", args=[crisis_id]))


@brand_act(again=one)
def decide(request: HttpRequest, crisis_id: UUID, step: str) -> HttpResponse:
    """Declare, dismiss, end: each with its words."""
    if step not in STEPS:
        raise Missing("crisis")
    STEPS[step](request.actor, crisis_id=crisis_id, text=request.POST.get("text", ""), info_class=_class(request))
    messages.success(request, word(DONE, step))
    return back(reverse("crisis_one", args=[crisis_id]))


@brand_act(again=one)
def own_acts(request: HttpRequest, crisis_id: UUID) -> HttpResponse:
    """What the brand itself had scheduled before: as planned, or held."""
    crisis = actions.answer_own_acts(request.actor, crisis_id=crisis_id, answer=request.POST.get("answer", ""))
    messages.success(request, word(OWN_ACTS, crisis.own_acts))
    return back(reverse("crisis_one", args=[crisis_id]))


@brand_act(again=one)
def note(request: HttpRequest, crisis_id: UUID) -> HttpResponse:
    actions.write_crisis_note(
        request.actor,
        crisis_id=crisis_id,
        text=request.POST.get("text", ""),
        is_decision=request.POST.get("decision") == "on",
        info_class=_class(request),
    )
    messages.success(request, _("Kept."))
    return back(reverse("crisis_one", args=[crisis_id]))


@brand_act(again=one)
def not_reached(request: HttpRequest, crisis_id: UUID, call_id: UUID) -> HttpResponse:
    actions.pass_call(request.actor, call_id=call_id)
    messages.success(request, _("The next one is being called."))
    return back(reverse("crisis_one", args=[crisis_id]))


def _of(request: HttpRequest, crisis: Crisis) -> dict[str, Any]:
    """What the page shows of one crisis."""
    actor, drawn = request.actor, chart(crisis.over_at or timezone.now(), request.brand.time_zone)
    return {
        "crisis": crisis,
        "badge": badge(STATES, crisis.state),
        "since": when(crisis.declared_at or crisis.proposed_at),
        "taken_when": when(crisis.taken_at),
        "reasons": [reason(alert) for alert in crisis.alerts.all()],
        "chart": drawn,
        "sight": badge(SIGHTS, drawn.sight) if crisis.is_open else None,
        "calls": [_call(call) for call in calls_of(actor, crisis)],
        "calling": crisis.is_open and is_calling(crisis),
        "own": word(OWN_ACTS, crisis.own_acts),
        "timeline": timeline(actor, crisis),
        "classes": class_choices(request.POST.get("class", default_class(actor.side))),
        "typed": request.POST.get("text", ""),
        "step_up": hub_url(
            "account_reauthenticate",
            next=request.build_absolute_uri(reverse("crisis_one", args=[crisis.pk])),
        ),
        "can": _can(actor, crisis),
    }


def _can(actor: Actor, crisis: Crisis) -> dict[str, bool]:
    role, proposed = actor.role, crisis.state == CrisisState.PROPOSED
    return {
        "take": crisis.is_open and crisis.taken_at is None and may(role, Verb.CRISIS_PROPOSE),
        "declare": proposed and may(role, Verb.CRISIS_DECLARE),
        "dismiss": proposed and may(role, Verb.CRISIS_END),
        "end": crisis.state == CrisisState.IN_FORCE and may(role, Verb.CRISIS_END),
        "own": crisis.state == CrisisState.IN_FORCE and may(role, Verb.CRISIS_END),
        "proved": is_stepped_up(actor.stepped_up_at, timezone.now()),
        "write": may(role, Verb.CRISIS_PROPOSE),
        "classify": may(role, Verb.CLASS_RAISE),
        "review": crisis.state == CrisisState.ENDED,
    }


def _call(call: CrisisCall) -> dict[str, Any]:
    return {
        "id": call.pk,
        "name": call.name,
        "address": address_in(call.contact),
        "number": number_in(call.contact),
        "contact": call.contact,
        "badge": badge(CALLS, call.state),
        "when": when(call.called_at),
        "until": when(call.until) if call.state == "called" else "",
        "now": call.state == "called",
    }


def _class(request: HttpRequest) -> InfoClass | None:
    typed = request.POST.get("class")
    return class_typed(typed) if typed else None
