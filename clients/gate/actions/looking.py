"""What came of an act: after its receipt the network is asked a few times how the post fares, and changes are kept.

INVARIANT: the call stands between two transactions and holds no lock: nobody ever waits for a look.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import ActionKind, EntryPoint
from clients.channels.actions import note_health
from clients.channels.delivery import Port
from clients.channels.port import Outbound, Seen, SendFailed, SentState
from clients.gate.actions.pacing import require_no_quiet
from clients.gate.models import Dispatch, Sighting
from clients.gate.outbound import Unfit, channel_of, outbound_for, port_of
from clients.gate.queries import newest_correction, newest_sighting
from clients.gate.steps import LOOK
from clients.gate.words import DispatchState
from clients.outbox.actions import enqueue
from clients.people.actor import Actor, process_of
from tenants.walls.scope import BrandRef, brand_scope, durable

AFTER = tuple(timedelta(minutes=m) for m in (5, 60, 360, 1440, 3 * 1440, 7 * 1440, 30 * 1440))
"""When to look, counted from the receipt."""

POSTS = frozenset({ActionKind.PUBLISH, ActionKind.ANSWER})
NOT_OURS = frozenset({SentState.EDITED, SentState.GONE})


def watch(dispatch: Dispatch, kind: str) -> None:
    """In the transaction of the receipt: look later, where there is a post and its network shows it."""
    if kind in POSTS and dispatch.remote_id and port_of(dispatch).looks:
        _look_at(dispatch, 0)


def look(brand: BrandRef, *, dispatch_id: UUID, number: int) -> None:
    """The look of this number, and the next one is written down. One that fails is not repeated: another one follows."""
    actor = process_of(brand, EntryPoint.WORKER, "worker")
    with brand_scope(brand):
        asked = _question(brand, dispatch_id)
    if asked is None:
        return
    port, outbound = asked
    seen, failure = None, ""
    try:
        seen = port.look(outbound)
    except SendFailed as failed:
        failure = failed.code
    with durable(brand):
        dispatch = Dispatch.objects.select_related("item").get(pk=dispatch_id)
        note_health(actor, dispatch.channel_id, failure)
        if seen is not None:
            _keep(actor, dispatch, seen)
        if number + 1 < len(AFTER):
            _look_at(dispatch, number + 1)


def _look_at(dispatch: Dispatch, number: int) -> None:
    due = max((dispatch.ended_at or timezone.now()) + AFTER[number], timezone.now())
    enqueue(LOOK, {"dispatch": str(dispatch.pk), "number": number}, key=str(dispatch.pk), due_at=due)


def _question(brand: BrandRef, dispatch_id: UUID) -> tuple[Port, Outbound] | None:
    """Whom to ask about what, or None where nothing can be asked any more. Raises Later while the network wants quiet."""
    sent = Dispatch.objects.select_related("item", "version").filter(pk=dispatch_id, state=DispatchState.SENT)
    dispatch = sent.first()
    if dispatch is None or not channel_of(dispatch).is_open:
        return None
    require_no_quiet(channel_of(dispatch))
    try:
        outbound = outbound_for(brand, dispatch)
    except Unfit:
        return None
    return port_of(dispatch), replace(outbound, target=dispatch.remote_id, text=_words_now(dispatch, outbound.text))


def _words_now(dispatch: Dispatch, text: str) -> str:
    """Ours of the post: the newest correction that we sent, or what went out first."""
    newest = newest_correction(dispatch)
    return newest.version.exact_content().text_for(str(dispatch.channel_id)) if newest else text


def _keep(actor: Actor, dispatch: Dispatch, seen: Seen) -> None:
    """A row only when something changed; a line in the log when others than we changed the post."""
    before = newest_sighting(dispatch)
    if (before.state, before.url, before.replies, before.reactions, before.shares) == (
        str(seen.state), seen.url or before.url, seen.replies, seen.reactions, seen.shares,
    ):  # fmt: skip
        return
    Sighting.objects.create(
        dispatch=dispatch,
        state=str(seen.state),
        url=(seen.url or before.url)[:1000],
        replies=seen.replies,
        reactions=seen.reactions,
        shares=seen.shares,
    )
    if seen.state in NOT_OURS and str(seen.state) != before.state:
        record(actor, f"act.seen_{seen.state}", dispatch.item, channel=str(dispatch.channel_id))
