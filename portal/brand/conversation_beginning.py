"""Where conversations begin by themselves: the brand's switch for each source that brings what is written to it alone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.conversations.actions import let_begin
from clients.conversations.queries import begins_at
from clients.conversations.rules import BRINGS_DIRECT
from clients.disclosure.rules import is_kept
from clients.disclosure.steps import note_reads
from clients.people.access import require
from clients.people.rules import Verb, may
from clients.sources.access import access_source, reading
from clients.sources.queries import sources
from clients.sources.rules import SourceState
from portal.pages import back, brand_act, brand_page, render
from portal.wording import SIDES, word
from portal.wording.sources import KINDS
from tenants.vocabulary import Side
from tenants.walls.scope import brand_scope


@brand_page
def beginnings(request: HttpRequest) -> HttpResponse:
    """For everybody who reads conversations and sources; the switch is the brand's."""
    actor = request.actor
    require(actor, Verb.CONVERSATION_READ)
    require(actor, Verb.SOURCE_READ)
    found = [one for one in sources(actor).filter(state=SourceState.ON) if one.kind in BRINGS_DIRECT]
    note_reads(actor, [reading(source) for source in found])
    chosen = begins_at()
    context = {
        "rows": [
            {
                "id": source.pk,
                "name": source.name,
                "kind": KINDS[source.kind],
                "now": word(SIDES, chosen[source.pk]) if source.pk in chosen else "",
                "sides": [
                    (str(side), word(SIDES, side), chosen.get(source.pk) is side)
                    for side in Side
                    if side is Side.BRAND or not is_kept(source.info_class)
                ],
            }
            for source in found
        ],
        "may_switch": may(actor.role, Verb.SOURCE_AGREE),
    }
    return render(request, "brand/conversation_beginning.html", context)


@brand_act(again=beginnings)
def begin_at(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """On for one side, or off."""
    with brand_scope(request.brand):
        access_source(request.actor, source_id)
    side = request.POST.get("side", "")
    let_begin(request.actor, source_id=source_id, side=side)
    messages.success(
        request, _("Conversations begin by themselves there.") if side else _("Nothing begins by itself there.")
    )
    return back(reverse("conversation_beginnings"))
