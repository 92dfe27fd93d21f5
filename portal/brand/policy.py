"""How the brand wants to be asked: who must say yes, by when, what happens otherwise; beside it, what it approves in advance."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.approvals.actions import LONGEST_WINDOW, MOST_UNDO, set_policy
from clients.approvals.models import ApprovalPolicy
from clients.approvals.queries import needed_who_cannot_answer, people_who_approve, policy_in_force
from clients.approvals.words import OnLapse
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.standing import cards_by_state
from portal.pages import back, brand_act, brand_page, render
from portal.times import hours_of
from portal.typed import MINUTES_AN_HOUR, duration_typed, number_typed
from portal.wording import word
from portal.wording.charters import joined
from portal.wording.fields import LAPSES
from tenants.errors import Invalid
from tenants.models import BrandPerson

ANY_ONE, ALL = "any", "all"


@brand_page
def asking(request: HttpRequest) -> HttpResponse:
    """The policy in force in sentences, its form for those who may set it, and every standing approval."""
    require(request.actor, Verb.ITEM_READ)
    policy, role = policy_in_force(), request.actor.role
    gone = {str(person) for person in needed_who_cannot_answer()} if policy.needs else set()
    names = _names(policy.needs)
    failure = getattr(request, "failure", None)
    context = {
        "sentences": _sentences(policy, names),
        "gone": joined(names.get(person, "?") for person in sorted(gone)),
        "form": _form(request.POST, policy) if may(role, Verb.POLICY_SET) else None,
        "field": (failure and failure.field) or "",
        "longest": LONGEST_WINDOW // MINUTES_AN_HOUR,
        "most_undo": MOST_UNDO,
        "standing": cards_by_state(request.actor),
        "may_propose": may(role, Verb.STANDING_PROPOSE),
    }
    return render(request, "brand/asking.html", context)


@brand_act(again=asking)
def policy(request: HttpRequest) -> HttpResponse:
    """Set the policy. What waits is counted anew under it."""
    posted = request.POST
    set_policy(
        request.actor,
        needs=_needs(posted),
        decide_minutes=duration_typed(posted.get("decide_minutes", ""), "decide_minutes"),
        on_lapse=posted.get("on_lapse", ""),
        veto_minutes=duration_typed(posted.get("veto_minutes", ""), "veto_minutes") or 0,
        undo_seconds=number_typed(posted.get("undo_seconds", ""), "undo_seconds") or 0,
    )
    messages.success(request, _("Saved. What waits is counted anew."))
    return back(reverse("asking"))


def _needs(posted: QueryDict) -> list[UUID]:
    """Nobody for 'any one'. Naming nobody while asking for all is a mistake, never a licence."""
    if posted.get("who") == ANY_ONE:
        return []
    named = posted.getlist("needs")
    if posted.get("who") != ALL or not named:
        raise Invalid("nobody_named", "needs")
    try:
        return [UUID(value) for value in named]
    except ValueError:
        raise Invalid("not_an_approver", "needs") from None


def _form(posted: QueryDict, held: ApprovalPolicy) -> dict[str, Any]:
    """The form as typed, or as it holds."""
    stored = {
        "who": ALL if held.needs else ANY_ONE,
        "decide_minutes": hours_of(held.decide_minutes) if held.decide_minutes else "",
        "on_lapse": str(held.on_lapse),
        "veto_minutes": hours_of(held.veto_minutes),
        "undo_seconds": str(held.undo_seconds),
    }
    shown = {name: posted.get(name, value) for name, value in stored.items()}
    named = set(posted.getlist("needs") if posted else held.needs)
    return shown | {
        "approvers": [(str(p.person_id), p.name, str(p.person_id) in named) for p in people_who_approve()],
        "lapses": [(str(lapse), word(LAPSES, lapse), lapse == shown["on_lapse"]) for lapse in OnLapse],
    }


def _sentences(held: ApprovalPolicy, names: dict[str, str]) -> list[str]:
    return [_who(held, names), _deadline(held), _veto(held), _undo(held)]


def _who(held: ApprovalPolicy, names: dict[str, str]) -> str:
    if not held.needs:
        return _("The yes of any one approver is enough.")
    if len(held.needs) == 1:
        return _("%(name)s must say yes.") % {"name": names.get(held.needs[0], "?")}
    return _("%(names)s must all say yes.") % {"names": joined(names.get(person, "?") for person in held.needs)}


def _deadline(held: ApprovalPolicy) -> str:
    if not held.decide_minutes:
        return _("There is no deadline: what waits, waits.")
    facts = {"hours": hours_of(held.decide_minutes), "then": word(LAPSES, held.on_lapse)}
    return _("The brand answers within %(hours)s working hours; otherwise %(then)s.") % facts


def _veto(held: ApprovalPolicy) -> str:
    facts = {"hours": hours_of(held.veto_minutes)}
    return _("A veto window lasts %(hours)s working hours from when the notice has arrived.") % facts


def _undo(held: ApprovalPolicy) -> str:
    seconds = held.undo_seconds
    said = ngettext(
        "Several approvals at once can be taken back for %(count)d second.",
        "Several approvals at once can be taken back for %(count)d seconds.",
        seconds,
    )
    return said % {"count": seconds}


def _names(people: list[str]) -> dict[str, str]:
    """Also of those who have left: they may still be named."""
    found = BrandPerson.objects.filter(person_id__in=people).values_list("person_id", "name") if people else ()
    return {str(pk): name for pk, name in found}
