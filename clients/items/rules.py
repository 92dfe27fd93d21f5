"""What is wrong with a content before any channel is asked. Pure; the channels' own limits are in `clients.channels.rules`."""

from collections.abc import Iterator
from dataclasses import dataclass

from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.disclosure.rules import InfoClass
from clients.items.content import Content

ITEM_CLASS = InfoClass.SHARED
"""Both sides read every item and its receipts: what the brand keeps to itself about one is a remark with a class."""
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
    yield from _problems_of_words(content)
    if not content.channels:
        yield Problem("channel_missing", "channels")
    if len(set(content.channels)) != len(content.channels):
        yield Problem("channel_twice", "channels")
    if len(content.channels) > MOST_CHANNELS:
        yield Problem("too_many_channels", "channels", limit=MOST_CHANNELS, actual=len(content.channels))
    if len(content.title) > LONGEST_TITLE:
        yield Problem("title_too_long", "title", limit=LONGEST_TITLE, actual=len(content.title))
    for channel in sorted(content.variants.keys() - set(content.channels)):
        yield Problem("variant_without_channel", f"variants.{channel}")
    yield from _problems_of_times(content)


def _problems_of_words(content: Content) -> Iterator[Problem]:
    if content.kind not in set(ActionKind):
        yield Problem("unknown_kind", "kind", actual=str(content.kind)[:40])
    if content.sensitivity not in set(Sensitivity):
        yield Problem("unknown_sensitivity", "sensitivity", actual=str(content.sensitivity)[:40])
    for field, text in _texts(content):
        if not storable(text):
            yield Problem("control_characters", field)


def _texts(content: Content) -> Iterator[tuple[str, str]]:
    for field in ("text", "title", "link", "topic", "recipient", "target", "first_comment", "series", "rule"):
        yield field, getattr(content, field)
    yield from ((f"variants.{channel}", text) for channel, text in sorted(content.variants.items()))
    yield from ((f"parts.{place}", part) for place, part in enumerate(content.parts))
    yield from ((f"media.{place}.alt", medium.alt) for place, medium in enumerate(content.media))


def storable(text: str) -> bool:
    """Neither the database nor UTF-8 can hold these; what else a channel does not take, it says itself."""
    return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in text)


def _problems_of_times(content: Content) -> Iterator[Problem]:
    times = {"not_before": content.not_before, "not_after": content.not_after}
    naive = [field for field, moment in times.items() if moment is not None and moment.utcoffset() is None]
    for field in naive:
        yield Problem("time_without_zone", field)
    if not naive and content.not_before and content.not_after and content.not_after <= content.not_before:
        yield Problem("end_before_start", "not_after")
