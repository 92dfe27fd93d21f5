"""Connecting a channel: by a typed credential, over the network's own page and back, or by the agency for the brand."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.channels.access import access_channel
from clients.channels.actions import connect_channel, connect_invited, finish_authorisation, invite_to_connect
from clients.channels.authorising import begin_authorisation
from clients.channels.port import SettingField, SettingType
from clients.channels.queries import fields_of, gives_tokens, is_offered, is_proven
from clients.channels.rules import ChannelState
from clients.people.access import require
from clients.people.rules import Verb
from portal import journeys
from portal.brand.channels import channels
from portal.brand.forms import field_of, typed_values
from portal.links import hub_url
from portal.pages import back, brand_act, brand_page, render
from portal.wording import word
from portal.wording.fields import CHANNEL_KINDS
from tenants.errors import Conflict

_NAME, _HANDLE = SettingField("name"), SettingField("handle", required=False)


@brand_page
def connect_form(request: HttpRequest, kind: str) -> HttpResponse:
    """The fields that this kind of channel needs."""
    require(request.actor, Verb.CHANNEL_CONNECT)
    return _form(request, kind, (_NAME, _HANDLE), word(CHANNEL_KINDS, kind))


@brand_act(again=connect_form)
def connect(request: HttpRequest, kind: str) -> HttpResponse:
    name, handle = request.POST.get("name", ""), request.POST.get("handle", "")
    values = typed_values(_asked(request, kind), request.POST)
    if _over_there(request, kind):
        return _leave(request, kind=kind, name=name, handle=handle, settings=values)
    connect_channel(actor=request.actor, kind=kind, name=name, handle=handle, settings=values)
    messages.success(request, _("Connected."))
    return back(reverse("channels"))


@brand_page
def fill_form(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """The same for the agency that was invited; and for the brand, to go to the network anew."""
    channel = access_channel(request.actor, channel_id)
    require(request.actor, Verb.CHANNEL_CONNECT_INVITED if request.actor.is_agency else Verb.CHANNEL_CONNECT)
    if request.actor.is_agency and channel.state != ChannelState.UNCONFIRMED:
        # The settings of the brand's own channels are not the agency's to read: an address may itself be a key.
        raise Conflict("channel_not_invited")
    return _form(request, channel.kind, (), channel.name, for_brand=request.actor.is_agency, before=channel.settings)


@brand_act(again=fill_form)
def fill(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    kind = journeys.kind_of(request.actor, channel_id)
    values = typed_values(_asked(request, kind), request.POST)
    if _over_there(request, kind):
        return _leave(request, kind=kind, settings=values, channel_id=channel_id)
    connect_invited(actor=request.actor, channel_id=channel_id, settings=values)
    messages.success(request, _("Connected. It can be used once the brand has confirmed it."))
    return back(reverse("channels"))


@brand_act(again=channels)
def invite(request: HttpRequest) -> HttpResponse:
    invite_to_connect(
        actor=request.actor, kind=request.POST.get("invite_kind", ""), name=request.POST.get("invite_name", "")
    )
    messages.success(request, _("The agency can connect it now. Nothing leaves over it before you have confirmed it."))
    return back(reverse("channels"))


@brand_page
def journey_page(request: HttpRequest) -> HttpResponse:
    """Before leaving: where the link leads. After coming back: the press that takes the channel over."""
    found = journeys.current(request)
    if found is None:
        raise Conflict("journey_over")
    there = urlsplit(found["address"]).hostname or ""
    context = {"address": found["address"], "there": there, "is_back": bool(found.get("code"))}
    return render(request, "brand/journey.html", context)


@brand_act(again=channels)
def finish(request: HttpRequest) -> HttpResponse:
    found = journeys.taken(request)
    if found is None or not found.get("code"):
        raise Conflict("journey_over")
    channel = finish_authorisation(
        actor=request.actor,
        channel_id=UUID(found["channel"]),
        envelope=found["envelope"],
        state=found["state"],
        issuer=found["came_by"],
        code=found["code"],
    )
    told = _("Connected.") if channel.is_open else _("Connected. It can be used once the brand has confirmed it.")
    messages.success(request, told)
    return back(reverse("channels"))


def _leave(request: HttpRequest, **wanted: Any) -> HttpResponse:
    """Not a redirect to the network itself: our own pages may send a form nowhere else, and people see where they go."""
    redirect = hub_url("channel_back", "-").removesuffix("/-")
    journeys.set_out(request, begin_authorisation(actor=request.actor, redirect=redirect, **wanted))
    return back(reverse("channel_journey"))


def _over_there(request: HttpRequest, kind: str) -> bool:
    """Whether the network hands out the credential; a key typed by hand stays possible where the kind has a field for it."""
    return gives_tokens(kind) and not (request.GET.get("by") == "key" and _has_secret(kind))


def _has_secret(kind: str) -> bool:
    return any(field.type is SettingType.SECRET for field in fields_of(kind))


def _asked(request: HttpRequest, kind: str) -> list[SettingField]:
    over_there = _over_there(request, kind)
    return [field for field in fields_of(kind) if not (over_there and field.type is SettingType.SECRET)]


def _form(
    request: HttpRequest,
    kind: str,
    own: tuple[SettingField, ...],
    title: str,
    *,
    for_brand: bool = False,
    before: dict[str, Any] | None = None,
) -> HttpResponse:
    failure = getattr(request, "failure", None)
    wrong = failure.field if failure else None
    typed = request.POST or {name: str(value) for name, value in (before or {}).items() if not isinstance(value, list)}
    context = {
        "fields": [field_of(each, typed, wrong) for each in (*own, *_asked(request, kind))],
        "kind": title,
        "over_there": _over_there(request, kind),
        "by_key": _over_there(request, kind) and _has_secret(kind) and (for_brand or before is None),
        "offered": is_offered(kind) or not _over_there(request, kind),
        "proven": is_proven(kind),
        "for_brand": for_brand,
    }
    return render(request, "brand/connect.html", context)
