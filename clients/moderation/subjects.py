"""What can be moderated: what a member said, as a mention or as a turn of a conversation, where it stands and in which class."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from clients.autonomy.vocabulary import ActionKind
from clients.channels.models import Channel
from clients.custody.models import Turn
from clients.custody.rules import Voice
from clients.mentions.models import Mention
from clients.moderation.rules import ACTS, BAN
from tenants.errors import Conflict


@dataclass(frozen=True, slots=True)
class Subject:
    """`about` are the columns of a case that say which thing it is."""

    about: dict[str, Any]
    channel: UUID | None
    target: str
    author: str
    handle: str
    title: str
    text: str
    language: str
    info_class: str
    named: list[str]
    owner_side: str
    url: str = ""
    said_at: datetime | None = None


def of_mention(mention: Mention) -> Subject:
    return Subject(
        about={"mention": mention},
        channel=mention.channel,
        target=mention.remote_id,
        author=mention.author,
        handle=mention.author_handle,
        title=mention.title,
        text=mention.text,
        language=mention.language,
        info_class=mention.info_class,
        named=mention.named,
        owner_side=mention.owner_side,
        url=mention.url,
        said_at=mention.published_at or mention.found_at,
    )


def of_turn(turn: Turn) -> Subject:
    """Raises Conflict('nothing_to_moderate') for what we said ourselves."""
    if turn.voice != Voice.MEMBER:
        raise Conflict("nothing_to_moderate")
    conversation = turn.conversation
    return Subject(
        about={"turn": turn},
        channel=turn.channel or conversation.channel,
        target=turn.remote_id,
        author=turn.author,
        handle=turn.author_handle or conversation.handle,
        title="",
        text=turn.text,
        language=conversation.language,
        info_class=conversation.info_class,
        named=conversation.named,
        owner_side=conversation.owner_side,
        said_at=turn.at,
    )


def takes(channel: Channel | None, target: str, handle: str) -> frozenset[ActionKind]:
    """The acts that a channel's network knows and that can be aimed: at a thing, or at somebody."""
    if channel is None or not channel.is_open:
        return frozenset()
    kinds = channel.capabilities.kinds
    return frozenset(act for act in ACTS if act in kinds and (handle if act is BAN else target))


def channel_of(channel_id: UUID | None) -> Channel | None:
    return Channel.objects.defer("secret").filter(pk=channel_id).first() if channel_id else None
