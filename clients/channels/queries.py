"""What screens and features ask of a brand's channels."""

from uuid import UUID

from clients.autonomy.vocabulary import ActionKind
from clients.channels.models import Channel, ChannelQuerySet, MemoryPost
from tenants.walls.stamps import BrandQuerySet


def channels_of_brand(*, revoked: bool = False) -> ChannelQuerySet:
    """All channels in the order they were connected; with `revoked` the ended ones too. Credentials stay behind."""
    channels = Channel.objects.defer("secret")
    return channels.all() if revoked else channels.live()


def channels_taking(kind: ActionKind) -> list[Channel]:
    """The open channels over which an act of this kind can leave, or on which a person can perform it."""
    return [channel for channel in channels_of_brand().open() if kind in channel.capabilities.kinds]


def memory_wall(channel_id: UUID | None = None) -> BrandQuerySet[MemoryPost]:
    """What the network `memory` has received, newest first."""
    posts = MemoryPost.objects.all()
    return posts if channel_id is None else posts.filter(channel_id=channel_id)
