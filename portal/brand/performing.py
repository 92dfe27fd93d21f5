"""What becomes of an item channel by channel, and where a person has the next step: a call to make, a doubt to clear up."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from clients.autonomy.vocabulary import ActionKind
from clients.channels.models import Channel
from clients.channels.port import Idempotency
from clients.channels.queries import channels_of_brand
from clients.channels.rules import POSTLESS, is_web_link
from clients.gate.models import Dispatch, Sighting
from clients.gate.queries import dispatches_of, newest_sightings
from clients.gate.words import DispatchState
from clients.items.models import Item
from clients.people.actor import Actor
from clients.people.rules import Verb, may
from portal.times import when
from portal.wording import Badge, badge, error_sentence
from portal.wording.states import DISPATCH_STATES, REMOTE_STATES


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
    began: str
    account: str
    may_look: bool
    now: Badge | None
    counts: str
    correct: str
    delete: str


def acts_of(actor: Actor, item: Item) -> list[Act]:
    """Every dispatch of this item but those taken back, in the order in which they are due."""
    channels = {channel.pk: channel for channel in channels_of_brand(revoked=True)}
    confirms = may(actor.role, Verb.ITEM_CONFIRM)
    changes = item.kind not in POSTLESS and may(actor.role, Verb.ITEM_CREATE)
    live = [d for d in dispatches_of(item.pk) if d.state != DispatchState.CANCELLED]
    fares = newest_sightings(d for d in live if d.state == DispatchState.SENT)
    return [_act(d, channels[d.channel_id], fares.get(d.pk), confirms, changes) for d in live]


def _act(dispatch: Dispatch, channel: Channel, fare: Sighting | None, confirms: bool, changes: bool) -> Act:
    waits = dispatch.state == DispatchState.PENDING
    moment = dispatch.due_at if waits else dispatch.ended_at or dispatch.started_at
    return Act(
        id=dispatch.pk,
        channel=channel.name,
        state=badge(DISPATCH_STATES, dispatch.state),
        why=error_sentence(dispatch.error) if dispatch.error else "",
        note=dispatch.note,
        when=when(moment),
        seen_at=fare.url if fare and is_web_link(fare.url) else dispatch.url,
        step=_step(dispatch, channel) if confirms else "",
        early=waits and dispatch.due_at > timezone.now(),
        url=reverse("dispatch", args=[dispatch.item_id, dispatch.pk]),
        began=when(dispatch.started_at),
        account=channel.url if is_web_link(channel.url) else "",
        may_look=channel.capabilities.idempotency is not Idempotency.NONE,
        now=badge(REMOTE_STATES, fare.state) if fare and fare.state in REMOTE_STATES else None,
        counts=counts_of(fare) if fare else "",
        correct=_upon(ActionKind.CORRECT, dispatch, channel) if changes else "",
        delete=_upon(ActionKind.DELETE, dispatch, channel) if changes else "",
    )


def counts_of(fare: Sighting) -> str:
    """What the network counts. What it does not tell is not told as none."""
    told = [
        ngettext("%(count)s reply", "%(count)s replies", fare.replies or 0) % {"count": fare.replies},
        ngettext("%(count)s reaction", "%(count)s reactions", fare.reactions or 0) % {"count": fare.reactions},
        ngettext("%(count)s share", "%(count)s shares", fare.shares or 0) % {"count": fare.shares},
    ]
    return ", ".join(
        words
        for words, count in zip(told, (fare.replies, fare.reactions, fare.shares), strict=True)
        if count is not None
    )


def _upon(kind: ActionKind, dispatch: Dispatch, channel: Channel) -> str:
    """Where the composer opens with this post, if this can be done to it over its channel."""
    if dispatch.state != DispatchState.SENT or not dispatch.remote_id or kind not in channel.capabilities.kinds:
        return ""
    asked = {"kind": kind, "channel": channel.pk, "target": dispatch.remote_id, "of": dispatch.item_id}
    return f"{reverse('item_new')}?{urlencode(asked)}"


def _step(dispatch: Dispatch, channel: Channel) -> str:
    if dispatch.state == DispatchState.UNCERTAIN:
        return "resolve"
    if not channel.capabilities.performed_by_person:
        return ""
    return {DispatchState.PENDING: "begin", DispatchState.SENDING: "confirm"}.get(DispatchState(dispatch.state), "")
