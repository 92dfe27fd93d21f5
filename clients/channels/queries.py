"""What screens and features ask of a brand's channels."""

from uuid import UUID

from clients.autonomy.vocabulary import ActionKind
from clients.channels.models import Channel, ChannelQuerySet, MemoryPost
from clients.channels.port import SettingField
from clients.channels.registry import FOLDERS, connector_for
from tenants.walls.stamps import BrandQuerySet


def channels_of_brand(*, revoked: bool = False) -> ChannelQuerySet:
    """All channels in the order they were connected; with `revoked` the ended ones too. Credentials stay behind."""
    channels = Channel.objects.defer("secret")
    return channels.all() if revoked else channels.live()


def channels_taking(kind: ActionKind) -> list[Channel]:
    """The open channels over which an act of this kind can leave, or on which a person can perform it."""
    return [channel for channel in channels_of_brand().open() if kind in channel.capabilities.kinds]


def kinds_on_offer() -> tuple[str, ...]:
    """The kinds of channel that a brand can connect, in the order in which a page offers them."""
    return tuple(FOLDERS)


def fields_of(kind: str) -> tuple[SettingField, ...]:
    """What a brand fills in to connect this kind. Raises Invalid('channel_kind_unknown', 'kind')."""
    return connector_for(kind).fields


def memory_wall(channel_id: UUID | None = None) -> BrandQuerySet[MemoryPost]:
    """What the network `memory` has received, newest first."""
    posts = MemoryPost.objects.all()
    return posts if channel_id is None else posts.filter(channel_id=channel_id)
