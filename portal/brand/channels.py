"""The brand's channels: connect one, give it a new credential, revoke it. A credential goes in and is never shown again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from clients.channels.access import access_channel
from clients.channels.actions import connect_channel, revoke_channel, rotate_secret
from clients.channels.labels import CHOICES
from clients.channels.models import Channel
from clients.channels.port import SettingField, SettingType
from clients.channels.queries import channels_of_brand, fields_of, kinds_on_offer
from clients.people.access import require
from clients.people.rules import Verb, may
from portal.brand.previews import ICONS
from portal.pages import back, brand_act, brand_page, render
from portal.times import when
from portal.wording import CHANNEL_STATES, Badge, badge, error_sentence, kind_word, word
from portal.wording.fields import CHANNEL_KINDS, SETTINGS


@dataclass(frozen=True, slots=True)
class ChannelCard:
    """A channel as the page shows it: what it is and can do, never what opens it."""

    id: UUID
    name: str
    handle: str
    kind: str
    icon: str
    state: Badge
    health: str
    can: str
    since: str
    has_secret: bool
    live: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form."""

    name: str
    label: str
    type: str
    value: str
    required: bool
    choices: tuple[tuple[str, str], ...]
    autocomplete: str
    wrong: bool


@brand_page
def channels(request: HttpRequest) -> HttpResponse:
    """All channels, ended ones last, and the kinds that can be connected."""
    require(request.actor, Verb.ITEM_READ)
    cards = sorted((_card(c) for c in channels_of_brand(revoked=True)), key=lambda card: not card.live)
    may_connect = may(request.actor.role, Verb.CHANNEL_CONNECT)
    kinds = [(kind, word(CHANNEL_KINDS, kind), ICONS.get(kind, "channel")) for kind in kinds_on_offer()]
    context = {"cards": cards, "may_connect": may_connect, "kinds": kinds if may_connect else []}
    return render(request, "brand/channels.html", context)


@brand_page
def connect_form(request: HttpRequest, kind: str) -> HttpResponse:
    """The fields that this kind of channel needs."""
    require(request.actor, Verb.CHANNEL_CONNECT)
    failure = getattr(request, "failure", None)
    own = (SettingField("name"), SettingField("handle", required=False))
    fields = [_field(f, request.POST, failure.field if failure else None) for f in (*own, *fields_of(kind))]
    return render(request, "brand/connect.html", {"fields": fields, "kind": word(CHANNEL_KINDS, kind)})


@brand_act(again=connect_form)
def connect(request: HttpRequest, kind: str) -> HttpResponse:
    values = _values(fields_of(kind), request.POST)
    name, handle = request.POST.get("name", ""), request.POST.get("handle", "")
    connect_channel(actor=request.actor, kind=kind, name=name, handle=handle, settings=values)
    messages.success(request, _("Connected."))
    return back(reverse("channels"))


@brand_page
def rotate_form(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    """Only the secret fields, and all of them empty."""
    require(request.actor, Verb.CHANNEL_CONNECT)
    channel = access_channel(request.actor, channel_id)
    fields = [_field(f, {}, None) for f in _secret_fields(channel.kind)]
    return render(request, "brand/connect.html", {"fields": fields, "kind": channel.name, "rotating": True})


@brand_act(again=rotate_form)
def rotate(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    secrets = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    rotate_secret(actor=request.actor, channel_id=channel_id, secrets=secrets)
    messages.success(request, _("The new credential is in use; the old one is erased."))
    return back(reverse("channels"))


@brand_act(again=channels)
def revoke(request: HttpRequest, channel_id: UUID) -> HttpResponse:
    revoke_channel(actor=request.actor, channel_id=channel_id)
    messages.success(request, _("Revoked. Nothing leaves over it any more, and its credential is erased."))
    return back(reverse("channels"))


def _card(channel: Channel) -> ChannelCard:
    return ChannelCard(
        id=channel.pk,
        name=channel.name,
        handle=channel.handle,
        kind=word(CHANNEL_KINDS, channel.kind),
        icon=ICONS.get(channel.kind, "channel"),
        state=badge(CHANNEL_STATES, channel.state),
        health=error_sentence(channel.health) if channel.health else "",
        can=", ".join(kind_word(kind) for kind in sorted(channel.capabilities.kinds)),
        since=when(channel.created_at),
        has_secret=bool(_secret_fields(channel.kind)),
        live=channel.revoked_at is None,
    )


def _secret_fields(kind: str) -> list[SettingField]:
    return [field for field in fields_of(kind) if field.type is SettingType.SECRET]


def _field(field: SettingField, posted: Mapping[str, str], wrong: str | None) -> Field:
    secret = field.type is SettingType.SECRET
    types = {SettingType.SECRET: "password", SettingType.NUMBER: "number", SettingType.ADDRESS: "email"}
    typed = posted.get(field.name, "" if field.default is None else str(field.default))
    return Field(
        name=field.name,
        label=word(SETTINGS, field.name),
        type=types.get(field.type, "text"),
        value="" if secret else typed,
        required=field.required,
        choices=tuple((choice, word(CHOICES, choice)) for choice in field.choices),
        autocomplete="new-password" if secret else "off",
        wrong=wrong == field.name,
    )


def _values(fields: tuple[SettingField, ...], posted: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as the connector's fields want it: several addresses are separated by commas or lines."""
    found: dict[str, Any] = {}
    for field in fields:
        typed = posted.get(field.name, "")
        several = field.type is SettingType.ADDRESSES
        found[field.name] = [part for part in typed.replace(",", "\n").split() if part] if several else typed
    return found
