"""Somebody on the way to a network, as their session remembers it: sealed, one at a time, and taken out once."""

from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from clients.channels.access import access_channel
from clients.channels.authorising import Journey
from clients.channels.oauth import is_issued_by
from clients.people.actor import Actor
from portal.links import brand_url, hub_url
from portal.pages import back, hub_page
from tenants.walls.scope import brand_scope

KEY = "journey"
LONGEST_CODE = 4000


def set_out(request: HttpRequest, journey: Journey) -> None:
    request.session[KEY] = {
        "brand": request.brand.slug,
        "address": journey.address,
        "state": journey.state,
        "issuer": journey.issuer,
        "channel": str(journey.channel_id),
        "envelope": journey.envelope,
    }


def current(request: HttpRequest) -> dict[str, Any] | None:
    """The journey of this brand, if one is under way."""
    found = request.session.get(KEY)
    return found if found and found["brand"] == request.brand.slug else None


def taken(request: HttpRequest) -> dict[str, Any] | None:
    """The same, and it is over with that: no code is tried twice."""
    found = current(request)
    if found is not None:
        del request.session[KEY]
    return found


def kind_of(actor: Actor, channel_id: UUID) -> str:
    with brand_scope(actor.brand):
        return access_channel(actor, channel_id).kind


@hub_page
def come_back(request: HttpRequest, issuer: str) -> HttpResponse:
    """Each issuer's own redirect address. It keeps the code for the brand's page and writes nothing.

    INVARIANT: a code is kept once, and only where it came back from the issuer that somebody was sent to.
    """
    found = request.session.get(KEY)
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    if not found or not compare_digest(found["state"].encode(), state.encode()):
        messages.error(request, _("This way to a network is over. Please connect the channel once more."))
        return back(hub_url("hub"))
    if not code or len(code) > LONGEST_CODE:
        del request.session[KEY]
        messages.warning(request, _("The network has not given its permission; nothing was connected."))
        return back(brand_url(found["brand"], "channels"))
    if not _is_expected(found, issuer, request.GET.get("iss", "")) or found.get("code", code) != code:
        del request.session[KEY]
        messages.error(request, _("The answer does not come from the network that you went to; nothing was connected."))
        return back(brand_url(found["brand"], "channels"))
    request.session[KEY] = found | {"code": code, "came_by": issuer}
    return back(brand_url(found["brand"], "channel_journey"))


def _is_expected(found: dict[str, Any], issuer: str, iss: str) -> bool:
    return compare_digest(found["issuer"].encode(), issuer.encode()) and is_issued_by(found["address"], iss)
