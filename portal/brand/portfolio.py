"""Who stands in for whom on one's own side, and handing over all that one person holds to a colleague."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.custody import actions as custody
from clients.custody.models import StandIn
from clients.custody.queries import stand_ins
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.queries import people_of_side
from clients.people.rules import MAY, Verb, may
from portal.brand.clocks import moment_typed
from portal.brand.inbox_one import typed_id
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import ROLES, word
from tenants.errors import Invalid
from tenants.vocabulary import Side


@brand_page
def portfolio(request: HttpRequest) -> HttpResponse:
    """Absences of one's own side, and the two forms. Of others only whoever answers for the people may decide."""
    actor = request.actor
    require(actor, Verb.CONVERSATION_HOLD)
    others, own = may(actor.role, Verb.STAND_IN_SET), str(actor.somebody)
    people = _people(actor)
    context = {
        "absences": [_absence(actor, one, others=others) for one in stand_ins(Side(str(actor.side)), timezone.now())],
        "people": people,
        "who": people if others else [one for one in people if one[0] == own],
        "own": own,
        "typed": request.POST,
    }
    return render(request, "brand/portfolio.html", context)


@brand_act(again=portfolio)
def away(request: HttpRequest) -> HttpResponse:
    """Somebody is away, and a colleague stands in."""
    typed = request.POST
    since = moment_typed(typed.get("since", ""), "since") or timezone.now()
    until = moment_typed(typed.get("until", ""), "until")
    if until is None:
        raise Invalid("not_a_moment", "until")
    made = custody.stand_in(
        request.actor,
        person=typed_id(typed.get("person", ""), "person"),
        deputy=typed_id(typed.get("deputy", ""), "deputy"),
        since=since,
        until=until,
    )
    messages.success(request, _("%(who)s stands in for %(for)s.") % {"who": made.deputy_name, "for": made.person_name})
    return back(reverse("portfolio"))


@brand_act(again=portfolio)
def back_again(request: HttpRequest, stand_in_id: UUID) -> HttpResponse:
    """They are back, or do not go after all."""
    custody.end_stand_in(request.actor, stand_in_id=stand_in_id)
    messages.success(request, _("The absence is over."))
    return back(reverse("portfolio"))


@brand_act(again=portfolio)
def hand_over(request: HttpRequest) -> HttpResponse:
    """All that one person holds, to a colleague who has read the briefing."""
    typed = request.POST
    done = custody.hand_portfolio(
        request.actor,
        from_person=typed_id(typed.get("from", ""), "from"),
        to_person=typed_id(typed.get("to", ""), "to"),
        note=typed.get("note", ""),
    )
    said = ngettext("%(n)d conversation is in new hands.", "%(n)d conversations are in new hands.", done.moved)
    messages.success(request, said % {"n": done.moved})
    if done.kept:
        left = ngettext(
            "%(n)d stays: the colleague may not read it.", "%(n)d stay: the colleague may not read them.", done.kept
        )
        messages.warning(request, left % {"n": done.kept})
    return back(reverse("portfolio"))


def _people(actor: Actor) -> list[tuple[str, str]]:
    """Those of one's own side who may hold a conversation."""
    here = people_of_side(Side(str(actor.side))).filter(role__in=[str(role) for role in MAY[Verb.CONVERSATION_HOLD]])
    return [(str(one.person_id), f"{one.name} · {word(ROLES, one.role)}") for one in here]


def _absence(actor: Actor, one: StandIn, *, others: bool) -> dict[str, Any]:
    return {
        "id": one.pk,
        "who": one.person_name,
        "deputy": one.deputy_name,
        "since": when(one.since),
        "until": when(one.until),
        "now": one.since <= timezone.now(),
        "may_end": others or one.person == actor.person_id,
    }
