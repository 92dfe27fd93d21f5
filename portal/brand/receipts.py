"""Receipts: what went out in the brand's name, by what right, and the same question asked again."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.channels.models import Channel
from clients.channels.queries import looks_at
from clients.channels.rules import is_web_link
from clients.community.queries import erasure_of_row
from clients.gate.actions.looking import POSTS
from clients.gate.models import Receipt, Sighting
from clients.gate.queries import newest_receipts, sightings_of
from clients.gate.replay import replay as ask_again
from clients.items.models import ItemVersion
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb
from portal.brand.home import receipt_row
from portal.brand.performing import counts_of
from portal.pages import brand_page, render
from portal.times import exact
from portal.wording import BASES, OUTCOMES, SIDES, badge, kind_word, level_meaning, reason_sentence, word
from portal.wording.states import REMOTE_STATES
from tenants.errors import Missing
from tenants.models import BrandPerson

A_PAGE = 100
MOST_SEEN = 50


@brand_page
def receipts(request: HttpRequest) -> HttpResponse:
    """The newest acts, one line each. One query."""
    require(request.actor, Verb.RECEIPTS_READ)
    return render(request, "brand/receipts.html", {"receipts": [receipt_row(r) for r in newest_receipts(A_PAGE)]})


@brand_page
def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """One receipt, with everything it binds."""
    found = _receipt(request.actor, receipt_id)
    context = {
        "receipt": found,
        "kind": kind_word(found.kind),
        "basis": word(BASES, found.basis),
        "side": word(SIDES, found.side),
        "sent_at": exact(found.sent_at),
        "meaning": level_meaning(found.level),
        "reasons": [reason_sentence(code) for code in found.decision.reasons],
        "approvers": _approvers(found),
        "sightings": [_seen(sighting) for sighting in sightings_of(found.dispatch_id)[:MOST_SEEN]],
        "erased": _erased(found),
        "watched": found.kind in POSTS and _is_watched(found),
    }
    return render(request, "brand/receipt.html", context)


@brand_page
def replay(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """The stored question under the stored charter, asked again now. Reads only."""
    found = _receipt(request.actor, receipt_id)
    again = ask_again(found.decision)
    context = {
        "receipt": found,
        "same": again.same,
        "answer": badge(OUTCOMES, again.now.outcome),
        "level": int(again.now.level),
        "reasons": [reason_sentence(code) for code in again.now.reasons],
    }
    return render(request, "components/replay.html" if request.htmx else "brand/replay.html", context)


def _receipt(actor: Actor, receipt_id: UUID) -> Receipt:
    require(actor, Verb.RECEIPTS_READ)
    found = Receipt.objects.select_related("decision").filter(pk=receipt_id).first()
    if found is None:
        raise Missing("receipt")
    return found


def _erased(found: Receipt) -> str:
    """Whether words were taken out of the receipt, or of what it is about, and by whom: its digest is of what it was."""
    versions = ItemVersion.objects.filter(item=found.item_id).values_list("pk", flat=True)
    erasure = erasure_of_row(found.pk, *versions)
    if erasure is None:
        return ""
    facts = {"when": exact(erasure.at), "who": erasure.by_name}
    return (
        _("Words about a member were erased on %(when)s by %(who)s. The digest is that of the content as it was sent.")
        % facts
    )


def _seen(sighting: Sighting) -> dict[str, Any]:
    """What its network showed at one moment."""
    return {
        "when": exact(sighting.at),
        "state": badge(REMOTE_STATES, sighting.state),
        "counts": counts_of(sighting),
        "url": sighting.url if is_web_link(sighting.url) else "",
    }


def _is_watched(found: Receipt) -> bool:
    """Whether its network can show what became of it: where it cannot, nothing seen says nothing."""
    channel = Channel.objects.defer("secret").filter(pk=found.channel_id).first()
    return channel is not None and looks_at(channel.kind)


def _approvers(found: Receipt) -> str:
    """Their names; whoever the brand no longer knows is named by their id, as the receipt has them."""
    names = dict(BrandPerson.objects.filter(person_id__in=found.approved_by).values_list("person_id", "name"))
    return ", ".join(names.get(UUID(one), one) for one in found.approved_by) or _("nobody was asked")
