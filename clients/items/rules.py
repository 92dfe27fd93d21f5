"""What is wrong with a content before any channel is asked. Pure; the channels' own limits are in `clients.channels.rules`."""

from collections.abc import Iterator
from dataclasses import dataclass

from clients.items.content import Content

LONGEST_TITLE = 200
MOST_CHANNELS = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """`field` is a path such as 'not_after', 'variants.<channel id>' or 'media.0.alt'; `channel` names who objects."""

    code: str
    field: str
    channel: str = ""
    limit: int | str | None = None
    actual: int | str | None = None


def problems_of_shape(content: Content) -> Iterator[Problem]:
    if not content.channels:
        yield Problem("channel_missing", "channels")
    if len(set(content.channels)) != len(content.channels):
        yield Problem("channel_twice", "channels")
    if len(content.channels) > MOST_CHANNELS:
        yield Problem("too_many_channels", "channels", limit=MOST_CHANNELS, actual=len(content.channels))
    if len(content.title) > LONGEST_TITLE:
        yield Problem("title_too_long", "title", limit=LONGEST_TITLE, actual=len(content.title))
    for channel in content.variants.keys() - set(content.channels):
        yield Problem("variant_without_channel", f"variants.{channel}")
    if content.not_before and content.not_after and content.not_after <= content.not_before:
        yield Problem("end_before_start", "not_after")
