"""The brand's channels: how each is doing, look now, give a new credential, confirm, revoke. No credential is ever shown."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.channels.access import access_channel
from clients.channels.actions import check_channel, confirm_channel, revoke_channel, rotate_secret
from clients.channels.actions.inviting import seen_of
from clients.channels.labels import SELF_TESTS
from clients.channels.models import Channel
from clients.channels.port import SettingField, SettingType
from clients.channels.queries import (
    channels_of_brand,
    fields_of,
    gives_tokens,
    is_offered,
    kinds_on_offer,
    self_test_of,
    tries,
)
from clients.channels.rules import ChannelState, is_web_link
from clients.gate import actions as gate
from clients.people.access import require
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.brand.forms import field_of
from portal.brand.previews import ICONS
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import CHANNEL_STATES, Badge, badge, error_sentence, kind_word, word
from portal.wording.fields import CHANNEL_KINDS


@dataclass(frozen=True, slots=True)
class ChannelCard:
    """A channel as the page shows it: what it is and can do, never what opens it."""

    id: UUID
    name: str
    handle: str
    url: str
    kind: str
    icon: str
    state: Badge
    health: str
    can: str
    scopes: str
    since: str
    checked: str
    ends: str
    live: bool
    has_secret: bool
    tokens: bool
    may_check: bool
    test: str
    invitation: bool
    confirm: str
    may_fill: bool


@brand_page
def channels(request: HttpRequest) -> HttpResponse:
    """All channels, ended ones last, and the kinds that can be connected."""
    require(request.actor, Verb.ITEM_READ)
    found = channels_of_brand(revoked=True)
    cards = sorted((_card(c, request.actor) for c in found), key=lambda card: not card.live)
    may_connect = may(request.actor.role, Verb.CHANNEL_CONNECT)
    kinds = [(k, word(CHANNEL_KINDS, k), ICONS.get(k, "channel"), is_offered(k)) for k in kinds_on_offer()]
    to_invite = [(k, name) for k, name, _icon, offered in kinds if offered and (_secret_fields(k) or gives_tokens(k))]
    context = {"cards": cards, "may_connect": may_connect, "kinds": kinds if may_connect else [], "invite": to_invite}
    context["typed_name"] = request.POST.get("invite_name", "")
    return render(request, "brand/channels.html", context)


@brand_page
def rotate_form(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Only the secret fields, and all of them empty."""
    require(request.actor, Verb.CHANNEL_CONNECT)
    channel = access_channel(request.actor, channel_id)
    failure = getattr(request, "failure", None)
    fields = [field_of(f, {}, failure.field if failure else None) for f in _secret_fields(channel.kind)]
    return render(request, "brand/connect.html", {"fields": fields, "kind": channel.name, "rotating": True})


@brand_act(again=rotate_form)
def rotate(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    secrets = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    rotate_secret(actor=request.actor, channel_id=channel_id, secrets=secrets)
    messages.success(request, _("The new credential is in use; the old one is erased."))
    return back(reverse("channels"))


@brand_act(again=channels)
def check(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    code = check_channel(actor=request.actor, channel_id=channel_id)
    if code:
        messages.warning(request, error_sentence(code))
    else:
        messages.success(request, _("Checked: the channel answers."))
    return back(reverse("channels"))


@brand_act(again=channels)
def test(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    code = gate.send_test(actor=request.actor, channel_id=channel_id)
    if code:
        messages.warning(request, error_sentence(code))
    else:
        messages.success(request, _("The test went through."))
    return back(reverse("channels"))


@brand_act(again=channels)
def confirm(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    confirm_channel(actor=request.actor, channel_id=channel_id, seen=request.POST.get("seen", ""))
    messages.success(request, _("Confirmed. The channel can be used now."))
    return back(reverse("channels"))


@brand_act(again=channels)
def revoke(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    revoke_channel(actor=request.actor, channel_id=channel_id)
    messages.success(request, _("Revoked. Nothing leaves over it any more, and its credential is erased."))
    return back(reverse("channels"))


def _card(channel: Channel, actor: Actor) -> ChannelCard:
    unconfirmed = channel.state == ChannelState.UNCONFIRMED
    ends = channel.expires_at if not channel.renews and channel.revoked_at is None else None
    return ChannelCard(
        id=channel.pk,
        name=channel.name,
        handle=channel.handle,
        url=channel.url if is_web_link(channel.url) else "",
        kind=word(CHANNEL_KINDS, channel.kind),
        icon=ICONS.get(channel.kind, "channel"),
        state=badge(CHANNEL_STATES, channel.state),
        health=error_sentence(channel.health) if channel.health else "",
        can=", ".join(kind_word(kind) for kind in sorted(channel.capabilities.kinds)),
        scopes=", ".join(channel.scopes),
        since=when(channel.created_at),
        checked=when(channel.checked_at) if channel.checked_at else "",
        ends=date_format(ends, "j F Y") if ends else "",
        live=channel.revoked_at is None,
        has_secret=bool(_secret_fields(channel.kind)) and not channel.is_invitation,
        tokens=gives_tokens(channel.kind),
        may_check=tries(channel.kind) and not channel.is_invitation,
        test=str(SELF_TESTS[does]) if channel.is_open and (does := self_test_of(channel.kind)) else "",
        invitation=channel.is_invitation,
        confirm=seen_of(channel) if unconfirmed and not channel.is_invitation else "",
        may_fill=unconfirmed and may(actor.role, Verb.CHANNEL_CONNECT_INVITED),
    )


def _secret_fields(kind: str) -> list[SettingField]:
    return [field for field in fields_of(kind) if field.type is SettingType.SECRET]
