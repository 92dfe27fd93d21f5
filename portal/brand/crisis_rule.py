"""The brand's rule for crises: what begins one by itself, and how long each contact has. Signed after proving who one is."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.crisis.actions import set_crisis_rule
from clients.crisis.queries import policy_in_force, terms_in_force
from clients.crisis.rules import LONGEST_CALL, SHORTEST_CALL, AlertKind
from clients.people.access import require
from clients.people.rules import Verb, is_stepped_up, may
from portal.links import hub_url
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.typed import number_typed
from portal.wording import word
from portal.wording.crises import KINDS
from tenants.errors import Invalid


@brand_page
def rule_page(request: HttpRequest) -> HttpResponse:
    """What holds now, for everybody who may read of crises; the form for whoever may sign."""
    require(request.actor, Verb.CRISIS_READ)
    rule, terms = policy_in_force(), terms_in_force()
    posted = request.method == "POST"
    chosen = set(request.POST.getlist("by_itself")) if posted else {str(kind) for kind in terms.by_itself}
    context = {
        "rule": rule,
        "signed": when(rule.signed_at) if rule else "",
        "after": rule.number if rule else 0,
        "kinds": [(str(kind), word(KINDS, kind), str(kind) in chosen) for kind in AlertKind],
        "minutes": request.POST.get("call_minutes", str(terms.call_minutes)),
        "least": SHORTEST_CALL,
        "most": LONGEST_CALL,
        "may_sign": may(request.actor.role, Verb.CRISIS_RULE),
        "stepped_up": is_stepped_up(request.actor.stepped_up_at, timezone.now()),
        "step_up": hub_url("account_reauthenticate", next=request.build_absolute_uri(reverse("crisis_rule"))),
    }
    return render(request, "brand/crisis_rule.html", context)


@brand_act(again=rule_page)
def rule(request: HttpRequest) -> HttpResponse:
    """The next rule."""
    kinds = request.POST.getlist("by_itself")
    if set(kinds) - set(AlertKind):
        raise Invalid("unknown_alert", "by_itself")
    set_crisis_rule(
        request.actor,
        after=number_typed(request.POST.get("after", ""), "after") or 0,
        by_itself=[AlertKind(kind) for kind in kinds],
        call_minutes=number_typed(request.POST.get("call_minutes", ""), "call_minutes") or 0,
    )
    messages.success(request, _("Signed. It holds from now on."))
    return back(reverse("crisis_rule"))
