"""The brake: what is stopped, stopping more, and resuming. Any approver stops; resuming asks a manager to prove who they are."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.approvals.models import Hold
from clients.approvals.queries import holds_in_force
from clients.approvals.words import HoldScope
from clients.autonomy.vocabulary import ActionKind
from clients.gate import actions as gate
from clients.gate.queries import held_items
from clients.items.models import Item
from clients.people.access import require
from clients.people.rules import Verb, is_stepped_up, may
from portal.brand.rows import channel_names, item_row
from portal.links import hub_url
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import kind_word
from tenants.models import BrandPerson

HELD_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Brake:
    """One stop in force."""

    id: UUID
    scope: str
    who: str
    when: str
    reason: str


@brand_page
def stops(request: HttpRequest) -> HttpResponse:
    """What is stopped and by whom, what it holds, and the ways to stop more."""
    require(request.actor, Verb.ITEM_READ)
    names, people = channel_names(), dict(_people())
    held = Item.objects.filter(pk__in=held_items()[:HELD_SHOWN]).select_related("version").order_by("not_before", "id")
    role = request.actor.role
    context = {
        "stops": [_brake(hold, names, people) for hold in holds_in_force()],
        "held": [item_row(item, names) for item in held] if may(role, Verb.ITEM_READ) else [],
        "choices": _choices(names, people) if may(role, Verb.BRAKE_STOP) else [],
        "may_resume": may(role, Verb.BRAKE_RESUME),
        "stepped_up": is_stepped_up(request.actor.stepped_up_at, timezone.now()),
        "step_up": hub_url("account_reauthenticate", next=request.build_absolute_uri(reverse("stops"))),
        "note": request.POST.get("note", ""),
    }
    return render(request, "brand/stops.html", context)


@brand_act(again=stops)
def stop(request: HttpRequest) -> HttpResponse:
    """Pull the brake for a scope; 'all' from the button on every page."""
    scope, _sign, value = request.POST.get("scope", "").partition(":")
    gate.stop(request.actor, scope=scope, value=value, reason=request.POST.get("note", "")[:500])
    messages.success(request, _("Stopped. Nothing it covers leaves any more."))
    return back(reverse("stops"))


@brand_act(again=stops)
def resume(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Lift one brake; what it held is asked again, one by one."""
    gate.resume(request.actor, hold_id=hold_id)
    messages.success(request, _("Resumed. What was held is asked again, one by one; what is overdue waits for you."))
    return back(reverse("stops"))


def _people() -> list[tuple[str, str]]:
    found = BrandPerson.objects.filter(live=True).order_by("name").values_list("person_id", "name")
    return [(str(pk), name) for pk, name in found]


def _choices(names: dict[str, str], people: dict[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (_("Everything"), [("all", _("everything, at once"))]),
        (_("One channel"), [(f"channel:{pk}", name) for pk, name in names.items()]),
        (_("One kind of action"), [(f"kind:{kind}", kind_word(kind)) for kind in ActionKind]),
        (_("One person"), [(f"person:{pk}", name) for pk, name in people.items()]),
    ]


def _brake(hold: Hold, names: dict[str, str], people: dict[str, str]) -> Brake:
    words = {
        HoldScope.ALL: _("Everything is stopped"),
        HoldScope.CHANNEL: _("Channel: %(name)s") % {"name": names.get(hold.value, "?")},
        HoldScope.KIND: _("Kind of action: %(name)s") % {"name": kind_word(hold.value)},
        HoldScope.PERSON: _("Person: %(name)s") % {"name": people.get(hold.value, "?")},
        HoldScope.ITEM: _("One item"),
    }
    return Brake(hold.pk, words[HoldScope(hold.scope)], hold.placed_by_name, when(hold.placed_at), hold.reason)
