"""How a channel is doing: asked of its network every day and on demand, and noted when an act runs into it."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from clients.audit.actions import record
from clients.autonomy.vocabulary import EntryPoint
from clients.channels.access import access_channel, credentials_of
from clients.channels.models import Channel
from clients.channels.port import Account, SendFailed
from clients.channels.registry import connector_for
from clients.channels.rules import FAILURES_OF_THE_CHANNEL, ChannelState
from clients.channels.steps import (
    CHECK,
    change_health,
    keep_dates,
    live_channel,
    put_account,
    save_account,
    tell_heads,
)
from clients.outbox.brake import press
from clients.outbox.models import OutboxRow
from clients.people.access import require, require_process
from clients.people.actor import Actor
from clients.people.rules import Verb
from tenants.errors import Conflict, Invalid, Missing
from tenants.walls.scope import brand_scope, durable


def check_channel(*, actor: Actor, channel_id: UUID) -> str:
    """Ask the network whom the credential opens now: the code of what is wrong, or ''. Also for a worker, once a day.

    A failure that concerns the channel breaks it, and the brand's heads are told; one that may pass changes nothing.
    Raises Refused('not_allowed'), Missing('channel') and Conflict('channel_revoked').
    """
    _may_check(actor)
    with brand_scope(actor.brand):
        before = _unlocked(actor, channel_id)
        if before.state == ChannelState.REVOKED:
            raise Conflict("channel_revoked")
        given_at = before.secret_changed_at
    account, code = _ask(actor, before)
    with durable(actor.brand):
        channel = Channel.objects.live().select_for_update().filter(pk=channel_id).first()
        if channel is None or channel.secret_changed_at != given_at:
            return ""  # the answer is about a credential that it no longer has
        _note(actor, channel, account, code)
        if actor.side is not None:
            record(actor, "channel_checked", channel, found=code)
        keep_dates(channel)
    return code


def mark_health(*, actor: Actor, channel_id: UUID, code: str = "") -> Channel:
    """Say that a channel is broken, by one of FAILURES_OF_THE_CHANNEL, or with '' that it works again.

    Raises Refused('not_allowed'), Missing('channel'), Invalid('health_unknown') and Conflict('channel_revoked').
    """
    require(actor, Verb.CHANNEL_CONNECT)
    if code and code not in FAILURES_OF_THE_CHANNEL:
        raise Invalid("health_unknown", "code")
    with durable(actor.brand):
        press(actor.brand)
        channel = live_channel(actor, channel_id)
        change_health(actor, channel, code)
    return channel


def note_health(actor: Actor, channel_id: UUID, failure: str, /) -> None:
    """Inside the gate's own transaction, after a call that failed: a failure that concerns the channel breaks it.

    Any other failure, and one of a channel that has ended meanwhile, changes nothing.
    """
    if failure not in FAILURES_OF_THE_CHANNEL:
        return
    channel = Channel.objects.live().select_for_update().filter(pk=channel_id).first()
    if channel is not None:
        change_health(actor, channel, failure)


def warn_of_end(*, actor: Actor, channel_id: UUID, days: int) -> None:
    """Tell the brand's heads that a credential ends in so many days, if it still does. For a worker."""
    require_process(actor, EntryPoint.WORKER)
    with durable(actor.brand):
        channel = Channel.objects.live().filter(pk=channel_id, renews=False).first()
        if channel is not None and _ends_within(channel.expires_at, days):
            tell_heads(channel, "ending", days=days)


def date_channels(*, actor: Actor) -> int:
    """Write down the next look at every channel that has none: connected before there were looks, or given up; how many.

    For a worker, once a day. What somebody is changing at this moment is dated by them. Raises Refused('not_allowed').
    """
    require_process(actor, EntryPoint.WORKER)
    with durable(actor.brand):
        dated = OutboxRow.objects.filter(kind=CHECK, done_at=None).values_list("key", flat=True)
        connected = Channel.objects.live().exclude(state=ChannelState.UNCONFIRMED, connected_by=None)
        undated = connected.exclude(pk__in=[UUID(key) for key in dated])
        channels = list(undated.defer("secret").select_for_update(skip_locked=True))
        for channel in channels:
            keep_dates(channel)
    return len(channels)


def _ends_within(expires_at: datetime | None, days: int) -> bool:
    now = timezone.now()
    return expires_at is not None and now < expires_at <= now + timedelta(days=days, hours=1)


def _may_check(actor: Actor) -> None:
    if actor.side is not None:
        require(actor, Verb.CHANNEL_CONNECT)
    else:
        require_process(actor, EntryPoint.WORKER)


def _unlocked(actor: Actor, channel_id: UUID) -> Channel:
    """A worker has no role that reads: it is trusted with the id it was given."""
    if actor.side is not None:
        return access_channel(actor, channel_id)
    channel = Channel.objects.filter(pk=channel_id).first()
    if channel is None:
        raise Missing("channel")
    return channel


def _ask(actor: Actor, channel: Channel) -> tuple[Account | None, str]:
    """(account, '') or (None or account, code). No transaction of ours is open while the network thinks."""
    port = connector_for(channel.kind)
    if not port.checks or channel.is_invitation:
        return None, ""
    try:
        with brand_scope(actor.brand):
            secrets = credentials_of(channel)
        account = port.check(channel.settings, secrets)
    except SendFailed as failure:
        return None, failure.code
    return account, "scope_missing" if account.missing else ""


def _note(actor: Actor, channel: Channel, account: Account | None, code: str) -> None:
    if account is not None:
        put_account(channel, account)
        save_account(channel)
        change_health(actor, channel, code)
    elif code in FAILURES_OF_THE_CHANNEL:
        change_health(actor, channel, code)
