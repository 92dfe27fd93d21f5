"""What a source hands over: one found thing, cut to size and free of markup, before anything is known about it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RawMention:
    """`own_id` is what the source calls it, stable from poll to poll. `text` and `title` are plain text.

    `published_at` is None where the source does not say: a missing date is not now. `channel` and `remote_id` say where an
    answer would go. `in_reply_to` and `references` are remote ids of the same place, the first of the thread first.
    `direct`: nobody but the brand reads it. `bulk`: it says of itself that it goes to many, or that a program wrote it.
    """

    own_id: str
    title: str = ""
    text: str = ""
    author: str = ""
    author_handle: str = ""
    url: str = ""
    language: str = ""
    published_at: datetime | None = None
    channel: UUID | None = None
    remote_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    direct: bool = False
    bulk: bool = False
