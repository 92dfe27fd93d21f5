"""The seal of the log: how far it reaches, its newest checkpoint for keeping, 'verify now', and where checkpoints are mailed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from clients.audit.alarms import alarms_of
from clients.audit.notes import fingerprint
from clients.evidence.actions import add_checkpoint_address, begin_check, remove_checkpoint_address, send_checkpoint
from clients.evidence.models import Check
from clients.evidence.queries import addresses, last_check, seal_state
from clients.evidence.steps import note_log_read
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.pages import back, brand_act, brand_page, render
from portal.times import exact, when
from portal.wording import word
from portal.wording.log import ALARMS, FAULTS, SEAL_FAULTS
from tenants.walls.scope import BrandRef


@dataclass(frozen=True, slots=True)
class Checked:
    """A recomputation as it is told. `share` of a hundred, while it runs."""

    running: bool
    holds: bool
    told: str
    where: str
    when: str
    share: int


@brand_page
def seal(request: HttpRequest) -> HttpResponse:
    """Everything about the seal on one page."""
    require(request.actor, Verb.AUDIT_READ)
    note_log_read(request.actor)
    state, check = seal_state(), last_check()
    context: dict[str, Any] = {
        "tab": "log_seal",
        "state": state,
        "sealed": state.newest and exact(state.newest.at),
        "size": state.newest.size if state.newest else 0,
        "warnings": _warnings(request.brand),
        "fingerprint": fingerprint(state.newest.note) if state.newest else "",
        "check": _checked(check) if check else None,
        "addresses": list(addresses()),
        "may_address": may(request.actor.role, Verb.CHECKPOINTS_SEND),
    }
    return render(request, "brand/log_seal.html", context)


@brand_page
def status(request: HttpRequest) -> HttpResponse:
    """The recomputation alone: the page asks for it until it is over."""
    require(request.actor, Verb.AUDIT_READ)
    check = last_check()
    return render(request, "components/log_check.html", {"check": _checked(check) if check else None})


@brand_act(again=seal)
def verify(request: HttpRequest) -> HttpResponse:
    """Recompute the whole log now, in the background."""
    begin_check(request.actor)
    messages.success(request, _("The log is being recomputed, line by line."))
    return back(reverse("log_seal"))


@brand_act(again=seal)
def add_address(request: HttpRequest) -> HttpResponse:
    add_checkpoint_address(request.actor, email=request.POST.get("email", ""), language=get_language() or "fr")
    messages.success(request, _("Each day’s checkpoint goes there from now on."))
    return back(reverse("log_seal"))


@brand_act(again=seal)
def remove_address(request: HttpRequest, address_id: UUID) -> HttpResponse:
    remove_checkpoint_address(request.actor, address_id=address_id)
    messages.success(request, _("Nothing more goes there."))
    return back(reverse("log_seal"))


@brand_act(again=seal)
def send_now(request: HttpRequest) -> HttpResponse:
    sent = send_checkpoint(request.actor)
    told = ngettext(
        "The checkpoint is on its way to %(count)d address.",
        "The checkpoint is on its way to %(count)d addresses.",
        sent,
    )
    messages.success(request, told % {"count": sent})
    return back(reverse("log_seal"))


def _warnings(brand: BrandRef) -> list[str]:
    """What is wrong with the seal or with its guards, each kind once."""
    alarms = alarms_of(brand)
    faults = [
        str(SEAL_FAULTS.get(_code(alarm.detail), SEAL_FAULTS["other"])) for alarm in alarms if alarm.code == "fault"
    ]
    others = [str(word(ALARMS, alarm.code)) for alarm in alarms if alarm.code != "fault"]
    return list(dict.fromkeys([*faults, *others]))


def _code(fault: str) -> str:
    """Of 'seal: cut_back' or 'check: changed 17'."""
    return fault.partition(": ")[2].partition(" ")[0]


def _checked(check: Check) -> Checked:
    running = check.ended_at is None
    if running:
        told = _("%(done)d of %(size)d lines hold so far.") % {"done": check.done, "size": check.size}
    elif check.fault:
        told = str(word(FAULTS, check.fault))
    else:
        told = _("All %(size)d lines hold.") % {"size": check.size}
    share = 100 * check.done // check.size if check.size else 100
    return Checked(
        running, not running and not check.fault, told, _where(check), when(check.ended_at or check.asked_at), share
    )


def _where(check: Check) -> str:
    if check.position is None:
        return ""
    if check.until is None:
        return _("First at position %(position)d.") % {"position": check.position}
    return _("First somewhere from position %(position)d to %(until)d.") % {
        "position": check.position,
        "until": check.until,
    }
