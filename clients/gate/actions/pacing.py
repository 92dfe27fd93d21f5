"""The pace of a channel: a turn for each act where the network wants a gap, and quiet for all when it asks for it.

A turn is taken in a transaction of its own, that locks the dispatch and then its channel and never an item: an act that is
leaving locks them in the same order, and its item last.
"""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.channels.actions import note_health
from clients.channels.actions.pacing import keep_quiet_until, next_turn
from clients.channels.models import Channel
from clients.channels.port import SendFailed
from clients.gate.models import Dispatch
from clients.gate.outbound import port_of
from clients.gate.words import DispatchState
from clients.outbox.registry import Later
from clients.people.actor import Actor
from tenants.walls.scope import durable

LATE = timedelta(seconds=30)
"""A turn missed by more is taken anew: after a standstill acts do not leave all at once."""

LONGEST_QUIET = timedelta(hours=24)
"""A network that asks for more is asked again by then, and people are told."""

A_CALL = timedelta(minutes=1)

A_MOMENT = timedelta(seconds=1)

JITTER_MILLISECONDS = 2000
"""So that acts that waited for the same moment do not all come at it."""


class OutOfTurn(Exception):
    """The channel has a pace, and this act has no turn in it yet."""


def has_turn(dispatch: Dispatch) -> bool:
    """Whether its turn has come and is not long past. Raises Later when it is still to come."""
    now = timezone.now()
    if dispatch.turn_at is None:
        return False
    if dispatch.turn_at > now:
        raise Later(dispatch.turn_at)
    return now < dispatch.turn_at + LATE


def take_turn(actor: Actor, dispatch_id: UUID) -> None:
    """The next turn over the channel, remembered with the dispatch. Raises Later unless it is now."""
    with durable(actor.brand):
        free = Dispatch.objects.select_for_update(skip_locked=True, of=("self",)).select_related("version")
        dispatch = free.filter(pk=dispatch_id, state=DispatchState.PENDING).first()
        if dispatch is None:
            raise Later(timezone.now() + A_MOMENT)  # marked, taken back or in other hands: marking says what then
        gap = timedelta(seconds=port_of(dispatch).declares.gap_seconds)
        dispatch.turn_at = next_turn(dispatch.channel_id, gap * _posts_of(dispatch), timezone.now())
        dispatch.save(update_fields=("turn_at",))
        record(actor, "act.turn", None, dispatch=str(dispatch_id), channel=str(dispatch.channel_id))
    has_turn(dispatch)


def _posts_of(dispatch: Dispatch) -> int:
    """What its network counts: a thread leaves in one go, and each of its posts takes up the pace of one."""
    content = dispatch.version.content
    return 1 + len(content.get("parts", ())) + bool(content.get("first_comment"))


def require_no_quiet(channel: Channel) -> None:
    """Raises Later while the network wants to hear nothing over this channel."""
    if channel.quiet_until is not None and channel.quiet_until > timezone.now():
        raise Later(channel.quiet_until + timedelta(milliseconds=secrets.randbelow(JITTER_MILLISECONDS)))


def keep_quiet(actor: Actor, dispatch: Dispatch, failure: SendFailed) -> datetime | None:
    """Write down what the network said about when it may be called again: it counts for every act over the channel."""
    if failure.retry_at is None:
        return None
    now = timezone.now()
    wanted = failure.retry_at if failure.retry_at.tzinfo else failure.retry_at.replace(tzinfo=UTC)
    until = min(wanted, now + LONGEST_QUIET)
    if until <= now:
        return None
    keep_quiet_until(dispatch.channel_id, until)
    # What a connector read is bounded to a day already, a moment earlier: a whole day is told as too long.
    if wanted >= now + LONGEST_QUIET - A_CALL:
        note_health(actor, dispatch.channel_id, "quiet_too_long")
    return until
