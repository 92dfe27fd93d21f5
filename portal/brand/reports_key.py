"""A brand brings a key of its own to sign reports with: three files in, none of them ever out again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.people.access import require
from clients.people.rules import Verb, is_stepped_up
from portal.links import hub_url
from portal.pages import back, brand_act, brand_page, render
from reports.making.actions import bring_seal_key
from reports.making.actions.sealing import LARGEST_PEM, Brought


@brand_page
def bring_page(request: HttpRequest) -> HttpResponse:
    """The form, for whoever has just shown who they are."""
    require(request.actor, Verb.SEAL_KEY_BRING)
    context = {
        "stepped_up": is_stepped_up(request.actor.stepped_up_at, timezone.now()),
        "step_up": hub_url("account_reauthenticate", next=request.build_absolute_uri(reverse("report_key_bring"))),
    }
    return render(request, "brand/key_bring.html", context)


@brand_act(again=bring_page)
def bring(request: HttpRequest) -> HttpResponse:
    """It signs from now on."""
    kept = bring_seal_key(
        request.actor, brought=Brought(_file(request, "key"), _file(request, "certificate"), _file(request, "chain"))
    )
    messages.success(request, _("From now on reports are signed with the key %(name)s.") % {"name": kept.name})
    return back(reverse("report_rules"))


def _file(request: HttpRequest, name: str) -> bytes:
    file = request.FILES.get(name)
    return bytes(file.read(LARGEST_PEM + 1)) if file is not None else b""
