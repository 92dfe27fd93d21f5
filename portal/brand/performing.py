"""What becomes of an item channel by channel, and where a person has the next step: a call to make, a doubt to clear up."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from clients.channels.models import Channel
from clients.channels.queries import channels_of_brand
from clients.gate.models import Dispatch
from clients.gate.queries import dispatches_of
from clients.gate.words import DispatchState
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.times import when
from portal.wording import Badge, badge, error_sentence
from portal.wording.states import DISPATCH_STATES


@dataclass(frozen=True, slots=True)
class Act:
    """One dispatch as the page shows it. `step` is what this person may do about it: begin, confirm, resolve or nothing."""

    id: UUID
    channel: str
    state: Badge
    why: str
    note: str
    when: str
    seen_at: str
    step: str
    early: bool
    url: str


def acts_of(actor: Actor, item_id: UUID) -> list[Act]:
    """Every dispatch of this item but those taken back, in the order in which they are due."""
    channels = {channel.pk: channel for channel in channels_of_brand(revoked=True)}
    confirms = may(actor.role, Verb.ITEM_CONFIRM)
    live = (d for d in dispatches_of(item_id) if d.state != DispatchState.CANCELLED)
    return [_act(dispatch, channels[dispatch.channel_id], confirms) for dispatch in live]


def _act(dispatch: Dispatch, channel: Channel, confirms: bool) -> Act:
    waits = dispatch.state == DispatchState.PENDING
    moment = dispatch.due_at if waits else dispatch.ended_at or dispatch.started_at
    return Act(
        id=dispatch.pk,
        channel=channel.name,
        state=badge(DISPATCH_STATES, dispatch.state),
        why=error_sentence(dispatch.error) if dispatch.error else "",
        note=dispatch.note,
        when=when(moment),
        seen_at=dispatch.url,
        step=_step(dispatch, channel) if confirms else "",
        early=waits and dispatch.due_at > timezone.now(),
        url=reverse("dispatch", args=[dispatch.item_id, dispatch.pk]),
    )


def _step(dispatch: Dispatch, channel: Channel) -> str:
    if dispatch.state == DispatchState.UNCERTAIN:
        return "resolve"
    if not channel.capabilities.performed_by_person:
        return ""
    return {DispatchState.PENDING: "begin", DispatchState.SENDING: "confirm"}.get(DispatchState(dispatch.state), "")
