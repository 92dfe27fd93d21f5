"""What several actions do to a channel inside their open transaction: its credential, its account, its health, its dates."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.audit.actions import record
from clients.channels import vault
from clients.channels.access import access_channel
from clients.channels.models import Channel
from clients.channels.port import Account
from clients.channels.rules import ChannelState
from clients.channels.wanted import Wanted
from clients.outbox.actions import cancel, enqueue
from clients.people.actor import Actor
from clients.people.rules import BRAND_HEADS
from tenants.errors import Conflict
from tenants.models import BrandPerson

# Kinds of outbox rows; the payload of each names the channel.
CHECK = "channels.check"
RENEW = "channels.renew"
ENDING = "channels.ending"  # payload also {"days": n}
LETTER = (
    "channels.letter"  # payload also {"person": id, "about": 'broken' | 'ending' | 'waiting'}; the portal writes it
)

CHECKED_EVERY = timedelta(days=1)
WARNED_DAYS_AHEAD = (14, 7, 2)
_SHORTEST_LEAD = timedelta(minutes=5)
_TOLD = ("handle", "url", "scopes", "expires_at", "checked_at")


def live_channel(actor: Actor, channel_id: UUID) -> Channel:
    """The channel, locked. Raises Missing('channel') and Conflict('channel_revoked')."""
    channel = access_channel(actor, channel_id, locked=True)
    if channel.state == ChannelState.REVOKED:
        raise Conflict("channel_revoked")
    return channel


def insert(channel: Channel) -> None:
    """Add the row. Raises Conflict('channel_name_taken', 'name')."""
    try:
        with transaction.atomic():
            channel.save(force_insert=True)
    except IntegrityError:
        raise Conflict("channel_name_taken", "name") from None


def fill(channel: Channel, actor: Actor, found: Wanted) -> None:
    """Give a channel what somebody connected it with. The caller saves."""
    channel.settings, channel.connected_by = found.settings, actor.person_id
    channel.handle = found.handle or channel.handle
    put_secret(channel, actor, found.secrets)
    put_health(channel, "")
    channel.expires_at = found.expires_at
    if found.account is not None:
        put_account(channel, found.account)


def put_secret(channel: Channel, actor: Actor, secrets: Mapping[str, str]) -> None:
    """Seal the credentials for this channel; none erases those it had."""
    channel.secret = vault.seal(secrets, brand_id=actor.brand.id, channel_id=channel.pk)
    channel.secret_changed_at = timezone.now() if secrets else None
    channel.renews = bool(secrets.get("refresh_token"))


def put_account(channel: Channel, account: Account) -> None:
    """What the network said. An end it does not speak of is not taken back: the token's own may be known already."""
    channel.handle = account.handle[:200] or channel.handle
    channel.url = account.url[:500]
    channel.scopes = list(account.scopes)
    channel.expires_at = account.expires_at or channel.expires_at
    channel.checked_at = timezone.now()


def save_account(channel: Channel) -> None:
    channel.save(update_fields=_TOLD)


def put_health(channel: Channel, code: str) -> None:
    """INVARIANT: what waits for the brand's yes goes on waiting, however well it works."""
    if channel.state != ChannelState.UNCONFIRMED:
        channel.state = ChannelState.BROKEN if code else ChannelState.CONNECTED
    channel.health, channel.health_since = code, timezone.now()


def change_health(actor: Actor, channel: Channel, code: str) -> None:
    """Without a change there is no write, no line in the log and no letter."""
    if channel.health == code:
        return
    put_health(channel, code)
    channel.save(update_fields=("state", "health", "health_since"))
    record(actor, "channel_health_marked", channel, health=code)
    if code:
        tell_heads(channel, "broken")


def tell_heads(channel: Channel, about: str, **facts: object) -> None:
    """A letter to every owner and manager of the brand, each in a row of its own."""
    heads = BrandPerson.objects.filter(live=True, role__in=BRAND_HEADS).values_list("person_id", flat=True)
    for person_id in heads:
        payload = {"channel": str(channel.pk), "person": str(person_id), "about": about, **facts}
        enqueue(LETTER, payload, key=f"{about}:{channel.pk}:{person_id}")


def keep_dates(channel: Channel) -> None:
    """Write down when the channel is next looked at, renewed and warned of; what no longer applies is taken off."""
    now, key = timezone.now(), str(channel.pk)
    payload = {"channel": key}
    enqueue(CHECK, payload, key=key, due_at=now + CHECKED_EVERY)
    if channel.renews and channel.expires_at is not None:
        enqueue(RENEW, payload, key=key, due_at=renewal_moment(channel.expires_at, now))
    else:
        cancel(RENEW, key=key)
    for days in WARNED_DAYS_AHEAD:
        due = channel.expires_at - timedelta(days=days) if channel.expires_at and not channel.renews else None
        if due is not None and due > now:
            enqueue(ENDING, payload | {"days": days}, key=f"{key}:{days}", due_at=due)
        else:
            cancel(ENDING, key=f"{key}:{days}")


def drop_dates(channel: Channel) -> None:
    for kind in (CHECK, RENEW):
        cancel(kind, key=str(channel.pk))
    for days in WARNED_DAYS_AHEAD:
        cancel(ENDING, key=f"{channel.pk}:{days}")


def renewal_moment(expires_at: datetime, now: datetime) -> datetime:
    """A fifth of what is left before the end, and five minutes at least, so that a failure can be tried again in time."""
    lead = max((expires_at - now) / 5, _SHORTEST_LEAD)
    return max(expires_at - lead, now)
