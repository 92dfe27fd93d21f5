"""Acts that a person performs, and acts of which nobody knows whether they left: the person says so here."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from clients.channels.models import Channel
from clients.channels.queries import channels_of_brand
from clients.gate.models import Dispatch
from clients.gate.queries import dispatches_of
from clients.gate.words import DispatchState
from clients.people.actor import Actor
from clients.people.rules import Verb, may


@dataclass(frozen=True, slots=True)
class ToPerform:
    """One dispatch that waits for a person, and the step they may take."""

    id: UUID
    channel: str
    step: str
    url: str


def waiting_for_a_person(actor: Actor, item_id: UUID) -> list[ToPerform]:
    """What of this item somebody here can start, confirm or clear up."""
    if not may(actor.role, Verb.ITEM_CONFIRM):
        return []
    channels = {channel.pk: channel for channel in channels_of_brand(revoked=True)}
    found = []
    for dispatch in dispatches_of(item_id):
        step = _step(dispatch, channels.get(dispatch.channel_id))
        if step:
            url = reverse("dispatch", args=[item_id, dispatch.pk])
            found.append(ToPerform(dispatch.pk, channels[dispatch.channel_id].name, step, url))
    return found


def _step(dispatch: Dispatch, channel: Channel | None) -> str:
    if channel is None:
        return ""
    if dispatch.state == DispatchState.UNCERTAIN:
        return "resolve"
    if not channel.capabilities.performed_by_person:
        return ""
    return {DispatchState.PENDING: "begin", DispatchState.SENDING: "confirm"}.get(DispatchState(dispatch.state), "")
