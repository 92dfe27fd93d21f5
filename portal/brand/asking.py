"""How the brand wants to be asked, and what it approves in advance: policy and standing approvals on one page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.approvals.actions import end_standing, propose_standing, set_policy, sign_standing
from clients.approvals.models import StandingApproval
from clients.approvals.queries import people_who_approve, policy_in_force
from clients.approvals.rules import Template
from clients.approvals.words import OnLapse, StandingState
from clients.autonomy.vocabulary import IRREVERSIBLE, ActionKind, Sensitivity
from clients.channels.queries import channels_of_brand
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.rows import channel_names, names_of
from portal.pages import back, brand_act, brand_page, render
from portal.typed import day_typed, number_typed
from portal.wording import SENSITIVITIES, STANDING_STATES, badge, kind_word, word
from portal.wording.fields import LAPSES
from tenants.errors import Invalid

A_PAGE = 100


@brand_page
def asking(request: HttpRequest) -> HttpResponse:
    """The policy in force, as a form for those who may set it, and every standing approval."""
    require(request.actor, Verb.ITEM_READ)
    names, policy, role = channel_names(), policy_in_force(), request.actor.role
    found = StandingApproval.objects.order_by("-proposed_at", "-id")[:A_PAGE]
    context = {
        "policy": policy,
        "approvers": [(str(p.person_id), p.name, str(p.person_id) in policy.needs) for p in people_who_approve()],
        "lapses": [(str(lapse), word(LAPSES, lapse), lapse == policy.on_lapse) for lapse in OnLapse],
        "may_set": may(role, Verb.POLICY_SET),
        "standing": [_standing(request.actor, row, names) for row in found],
        "may_propose": may(role, Verb.STANDING_PROPOSE),
        "kinds": [(str(kind), kind_word(kind)) for kind in ActionKind if kind not in IRREVERSIBLE],
        "sensitivities": [(str(s), word(SENSITIVITIES, s)) for s in Sensitivity],
        "channels": [(str(c.pk), c.name) for c in channels_of_brand()],
        "typed": request.POST,
    }
    return render(request, "brand/asking.html", context)


@brand_act(again=asking)
def policy(request: HttpRequest) -> HttpResponse:
    """Set the policy; it holds for everything that is asked from now on."""
    posted = request.POST
    set_policy(
        request.actor,
        needs=[_uuid(value, "needs") for value in posted.getlist("needs")],
        decide_minutes=number_typed(posted.get("decide_minutes", ""), "decide_minutes"),
        on_lapse=posted.get("on_lapse", ""),
        veto_minutes=number_typed(posted.get("veto_minutes", ""), "veto_minutes") or 0,
        undo_seconds=number_typed(posted.get("undo_seconds", ""), "undo_seconds") or 0,
    )
    messages.success(request, _("Saved."))
    return back(reverse("asking"))


@brand_act(again=asking)
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a yes in advance; it counts once somebody else of the brand has signed it."""
    propose_standing(request.actor, title=request.POST.get("title", ""), template=_template(request.POST))
    messages.success(request, _("Proposed. It counts once the brand has signed it."))
    return back(reverse("asking"))


@brand_act(again=asking)
def sign(request: HttpRequest, standing_id: UUID) -> HttpResponse:
    sign_standing(request.actor, standing_id=standing_id, seen_digest=request.POST.get("digest", ""))
    messages.success(request, _("Signed. What matches it goes out where the charter says “standing” or more."))
    return back(reverse("asking"))


@brand_act(again=asking)
def end(request: HttpRequest, standing_id: UUID) -> HttpResponse:
    end_standing(request.actor, standing_id=standing_id)
    messages.success(request, _("Ended. It approves nothing any more."))
    return back(reverse("asking"))


def _standing(actor: Actor, row: StandingApproval, names: dict[str, str]) -> dict[str, Any]:
    signs = may(actor.role, Verb.STANDING_SIGN)
    return {
        "row": row,
        "state": badge(STANDING_STATES, row.state),
        "kind": kind_word(row.kind),
        "channels": names_of(row.channels, names) or _("every channel"),
        "hosts": ", ".join(row.link_hosts) or _("no link"),
        "pictures": _("any picture") if row.media_allowed else _("no picture"),
        "sensitivity": word(SENSITIVITIES, row.sensitivity),
        "may_sign": signs and row.state == StandingState.PROPOSED and row.proposed_by != actor.person_id,
        "may_end": signs and row.state != StandingState.ENDED,
    }


def _template(posted: QueryDict) -> Template:
    return Template(
        id="",
        kind=posted.get("kind", ""),
        sensitivity=posted.get("sensitivity", ""),
        channels=tuple(posted.getlist("channels")),
        text=posted.get("template", "").replace("\r\n", "\n"),
        link_hosts=tuple(posted.get("link_hosts", "").replace(",", " ").split()),
        media_allowed=bool(posted.get("media_allowed")),
        until=day_typed(posted.get("until", ""), "until"),
        uses_left=number_typed(posted.get("uses_left", ""), "uses_left"),
        subject=posted.get("subject", "").strip(),
    )


def _uuid(value: str, field: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise Invalid("not_an_approver", field) from None
