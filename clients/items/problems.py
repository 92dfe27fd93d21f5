"""Everything that keeps a content from going out as it is: its own shape, and what each of its channels takes."""

from collections.abc import Mapping
from uuid import UUID

from clients.channels.models import Channel
from clients.channels.rules import ContentError, MediaFacts, validate_content
from clients.items.content import Content
from clients.items.models import Media
from clients.items.queries import media_by_digest
from clients.items.rules import Problem, problems_of_shape

UNREADABLE = frozenset({"unknown_kind", "unknown_sensitivity", "control_characters"})
"""With these no channel is asked."""


def problems_of(content: Content) -> list[Problem]:
    """All problems, in reading order; empty when the content may be submitted. Two queries, whatever the channels."""
    channels = {str(c.pk): c for c in Channel.objects.defer("secret").filter(pk__in=_ids(content))}
    return problems_among(content, channels, media_by_digest(ref.digest for ref in content.media))


def problems_among(content: Content, channels: Mapping[str, Channel], stored: Mapping[str, Media]) -> list[Problem]:
    """The same for one of many contents, with the brand's channels by id and its pictures by digest at hand. No queries."""
    found = list(problems_of_shape(content))
    if any(problem.code in UNREADABLE for problem in found):
        return found
    found += [Problem("unknown_media", f"media.{n}") for n, ref in enumerate(content.media) if ref.digest not in stored]
    for channel_id in content.channels:
        channel = channels.get(channel_id)
        if channel is None or not channel.is_open:
            found.append(Problem("unknown_channel" if channel is None else "channel_not_open", "channels", channel_id))
            continue
        found += [_problem(error, content, channel) for error in _errors(content, channel, stored)]
    return found


def _ids(content: Content) -> list[UUID]:
    ids = []
    for channel in content.channels:
        try:
            ids.append(UUID(channel))
        except ValueError:
            continue
    return ids


def _errors(content: Content, channel: Channel, stored: Mapping[str, Media]) -> tuple[ContentError, ...]:
    media = [
        MediaFacts(m.mime, m.size, ref.alt, m.width or 0, m.height or 0)
        for ref in content.media
        if (m := stored.get(ref.digest)) is not None
    ]
    return validate_content(
        content.text_for(str(channel.pk)),
        media,
        channel.capabilities,
        kind=content.kind,
        title=content.title,
        link=content.link,
        recipient=content.recipient or None,
        target=content.target or None,
        parts=content.parts,
        first_comment=content.first_comment,
    )


def _problem(error: ContentError, content: Content, channel: Channel) -> Problem:
    own_text = error.field == "text" and str(channel.pk) in content.variants
    field = f"variants.{channel.pk}" if own_text else error.field
    return Problem(error.code, field, str(channel.pk), error.limit, error.actual)
