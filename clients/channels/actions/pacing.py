"""The two moments that pace a channel: the next free turn, and until when its network wants to hear nothing.

Written by the gate in its own transactions; the row stays locked until theirs ends, so they write here last but for items.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Greatest

from clients.channels.models import Channel


def next_turn(channel_id: UUID, gap: timedelta, now: datetime) -> datetime:
    """The turn that is free next, `now` at the earliest; from here on it is taken."""
    channel = Channel.objects.filter(pk=channel_id)
    # PostgreSQL's GREATEST passes over what is not set yet.
    channel.update(next_turn_at=Greatest("next_turn_at", Value(now)) + gap)
    after = channel.values_list("next_turn_at", flat=True).get()
    assert after is not None
    return after - gap


def keep_quiet_until(channel_id: UUID, until: datetime) -> None:
    """Nothing leaves over the channel before; a shorter quiet does not end a longer one."""
    Channel.objects.filter(pk=channel_id).update(quiet_until=Greatest("quiet_until", Value(until)))
