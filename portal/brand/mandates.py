"""The steps of a mandate: the brand's owner offers, activates, suspends, resumes and ends it; the agency's owner resigns."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.mandates.actions.mandate import (
    activate_mandate,
    end_mandate,
    offer_mandate,
    resign_mandate,
    resume_mandate,
    suspend_mandate,
)
from clients.mandates.rules import MandateStep
from clients.people.access import require
from clients.people.rules import Verb
from portal.brand.charter import charter
from portal.pages import back, brand_act
from portal.typed import day_typed, number_typed
from portal.wording.mandates import STEPS_DONE
from tenants.errors import Invalid, Missing
from tenants.models import Agency

STEPS = {
    MandateStep.ACTIVATE: activate_mandate,
    MandateStep.SUSPEND: suspend_mandate,
    MandateStep.RESUME: resume_mandate,
    MandateStep.END: end_mandate,
    MandateStep.RESIGN: resign_mandate,
}
USUAL_NOTICE = 30


@brand_act(again=charter)
def offer(request: HttpRequest) -> HttpResponse:
    """Offer a mandate to an agency, known by the short name it gave; it permits nothing before it is activated."""
    # Asked first: whoever may not offer learns nothing about which agencies there are.
    require(request.actor, Verb.MANDATE_DECIDE)
    posted = request.POST
    agency = _agency(posted.get("agency", ""))
    starts_on, ends_on = (day_typed(posted.get(name, ""), name) for name in ("starts_on", "ends_on"))
    notice = number_typed(posted.get("notice_days", ""), "notice_days")
    offer_mandate(
        actor=request.actor,
        agency_id=agency,
        starts_on=starts_on or timezone.localdate(),
        ends_on=ends_on,
        notice_days=USUAL_NOTICE if notice is None else notice,
    )
    messages.success(request, _("Offered. It permits nothing before you activate it."))
    return back(reverse("charter"))


@brand_act(again=charter)
def mandate_step(request: HttpRequest, mandate_id: UUID, step: str) -> HttpResponse:
    """Activate, suspend, resume, end or resign."""
    if step not in set(MandateStep):
        raise Missing("mandate")
    STEPS[MandateStep(step)](actor=request.actor, mandate_id=mandate_id)
    messages.success(request, str(STEPS_DONE[step]))
    return back(reverse("charter"))


def _agency(typed: str) -> UUID:
    """By its exact short name; agencies are nowhere listed."""
    found = Agency.objects.filter(slug=typed.strip().lower().replace("\x00", "")).values_list("pk", flat=True).first()
    if found is None:
        raise Invalid("agency_unknown", "agency")
    return found
