"""What waits for a person: whether two are one, and whose word holds where both sides have changed a field."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.community.access import reading
from clients.community.models import Member
from clients.crm.actions import decide_clash
from clients.crm.actions.contacts import said_of
from clients.crm.models import Clash
from clients.crm.queries import clashes_open
from clients.crm.rules import ON_MEMBER, Why
from clients.disclosure.steps import note_reads
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.crm import key_typed
from portal.brand.crm_fields import field_word
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import word
from portal.wording.crm import WHYS

SHOWN = 40


@brand_page
def questions(request: HttpRequest) -> HttpResponse:
    """The oldest first, with the members that fit."""
    require(request.actor, Verb.CRM_READ)
    waiting = list(clashes_open(request.actor)[:SHOWN])
    ids = {one for clash in waiting for one in clash.candidates}
    members = {str(m.pk): m for m in Member.objects.readable_by(request.actor).filter(pk__in=ids)}
    note_reads(request.actor, [reading(member) for member in members.values()])
    context = {
        "questions": [_shown(clash, members) for clash in waiting],
        "may_decide": may(request.actor.role, Verb.CRM_WRITE),
    }
    return render(request, "brand/crm_questions.html", context)


@brand_act(again=questions)
def decide(request: HttpRequest, clash_id: UUID) -> HttpResponse:
    """One button for each way; of a link it carries the member as well: 'link:<id>'."""
    way, _sign, member = request.POST.get("way", "").partition(":")
    decide_clash(request.actor, clash_id=clash_id, way=way, member_id=key_typed(member))
    messages.success(request, _("Decided."))
    return back(reverse("crm_questions"))


def _shown(clash: Clash, members: dict[str, Member]) -> dict[str, Any]:
    said = said_of(clash)
    fits = [members[one] for one in clash.candidates if one in members]
    differs = clash.why == Why.DIFFERS
    return {
        "id": clash.pk,
        "system": clash.system.name,
        "external_id": clash.external_id,
        "why": word(WHYS, clash.why),
        "at": when(clash.at),
        "name": said.values.get("name", clash.external_id),
        "values": [(field_word(name), value) for name, value in said.values.items() if value],
        "handles": [f"{handle} ({network})" for network, handle in said.handles],
        "fits": [] if differs else [(member, [v for v in (member.email, member.phone) if v]) for member in fits],
        "differs": [
            (field_word(name), said.values.get(name, ""), getattr(fits[0], name) if fits and name in ON_MEMBER else "")
            for name in clash.differing
        ]
        if differs
        else [],
        "identity": not differs,
    }
