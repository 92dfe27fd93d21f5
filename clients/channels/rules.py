"""What a channel takes: lengths as the network counts them, media, recipients; and the settings that connect one.

Pure tables and functions: no Django, no clock, no wording. Items ask while people write, the port asks again at the
moment of sending, and both get the same answer because there is only this one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from clients.autonomy.vocabulary import ActionKind
from clients.channels.lengths import measured
from clients.channels.naming import others_named, told_to
from clients.channels.port import Capabilities


class ChannelState(StrEnum):
    """A channel is never deleted: what went out over it must still be able to name it."""

    CONNECTED = "connected"
    BROKEN = "broken"  # the network refuses our credentials; a person must look
    UNCONFIRMED = "unconfirmed"  # the agency connected it on the brand's invitation, and the brand has not yet agreed
    REVOKED = "revoked"  # for good, and its secret is erased


# Failures that do not concern the one act but the channel: a person must repair it before anything else can leave.
FAILURES_OF_THE_CHANNEL = frozenset(
    {
        "auth_missing",
        "certificate_refused",
        "chat_moved",
        "credentials_refused",
        "host_not_allowed",
        "receiver_gone",
        "receiver_missing",
        "quiet_too_long",
        "scope_missing",
        "secret_unreadable",
        "tls_missing",
        "tls_required",
    }
)

LONGEST_LINK = 2000
WORDLESS = frozenset({ActionKind.REACT, ActionKind.HIDE, ActionKind.UNHIDE, ActionKind.DELETE, ActionKind.BAN})
# Acts that make no post: there is nothing under which a thread could go on or a first comment stand.
POSTLESS = WORDLESS | {ActionKind.CORRECT}

_HASHTAG = re.compile(r"(?<![\w&])#\w+")
# Everything below blank but tab and line feed; DEL and C1; and the signs that turn the direction of a text around.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What the rules need to know of one picture. Width and height 0: not known here, not checked here."""

    mime: str
    size: int
    alt: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class ContentError:
    """Why a channel does not take a content: `field` is a path such as 'text' or 'media.2.alt'."""

    code: str
    field: str
    limit: int | str | None = None
    actual: int | str | None = None


def outgoing_text(text: str, link: str) -> str:
    """The text with its link, for networks that have no place of their own for a link. Counted and sent alike."""
    if not link or link in text:
        return text
    return f"{text}\n{link}" if text else link


def validate_content(
    text: str,
    media: Sequence[MediaFacts],
    capabilities: Capabilities,
    *,
    kind: ActionKind | None = None,
    title: str = "",
    link: str = "",
    recipient: str | None = None,
    target: str | None = None,
    parts: Sequence[str] = (),
    first_comment: str = "",
) -> tuple[ContentError, ...]:
    """Everything that keeps this content off a channel, in reading order; empty when it may go.

    Without a `kind` (a draft that has none yet) what depends on it is left out.
    """
    found = [
        *_errors_of_kind(kind, recipient, target, capabilities),
        *_errors_of_title(title, kind, capabilities),
        *_errors_of_text(_as_told(text, kind, recipient, capabilities), bool(media), link, kind, capabilities),
        *_errors_of_names((text, *parts), kind, recipient, capabilities),
        *_errors_of_parts(parts, first_comment, kind, capabilities),
        *_errors_of_link(link),
        *_errors_of_media(media, capabilities, kind),
    ]
    return tuple(found)


def _errors_of_kind(
    kind: ActionKind | None, recipient: str | None, target: str | None, takes: Capabilities
) -> Iterator[ContentError]:
    if kind is None:
        return
    if kind not in takes.kinds:
        yield ContentError("kind_not_supported", "kind", ", ".join(sorted(takes.kinds)), str(kind))
        return
    if kind in takes.recipient_for and not recipient:
        yield ContentError("recipient_missing", "recipient")
    if kind in takes.target_for and not target:
        yield ContentError("target_missing", "target")


def _as_told(text: str, kind: ActionKind | None, recipient: str | None, takes: Capabilities) -> str:
    """With the mention that a direct message begins with, which counts without its server."""
    if kind is not ActionKind.DIRECT_MESSAGE or not takes.tells_the_named or not recipient:
        return text
    told = told_to(text, recipient)
    return text if told == text else f"@{recipient.removeprefix('@').partition('@')[0]} {text}"


def _errors_of_names(
    texts: Sequence[str], kind: ActionKind | None, recipient: str | None, takes: Capabilities
) -> Iterator[ContentError]:
    """INVARIANT: a message to one person reaches nobody else; who approves it is shown that one."""
    if kind is not ActionKind.DIRECT_MESSAGE or not takes.tells_the_named or not recipient:
        return
    for place, text in enumerate(texts):
        if others := others_named(text, recipient):
            field = f"parts.{place - 1}" if place else "text"
            yield ContentError("others_named", field, recipient, ", ".join(f"@{name}" for name in others))


def _errors_of_title(title: str, kind: ActionKind | None, takes: Capabilities) -> Iterator[ContentError]:
    if not takes.max_title:
        return
    if not title.strip() and kind in takes.title_required_for:
        yield ContentError("title_missing", "title")
    if len(title) > takes.max_title:
        yield ContentError("title_too_long", "title", takes.max_title, len(title))
    if _CONTROL.search(title) or "\n" in title or "\t" in title:
        yield ContentError("title_control_characters", "title")


def _errors_of_text(
    text: str, has_media: bool, link: str, kind: ActionKind | None, takes: Capabilities
) -> Iterator[ContentError]:
    whole = outgoing_text(text, link).strip()
    if not whole and not has_media and kind not in WORDLESS:
        yield ContentError("text_missing", "text")
    yield from _errors_of_words(whole, "text", takes, beside_media=has_media)


def _errors_of_words(
    text: str, field: str, takes: Capabilities, *, beside_media: bool = False
) -> Iterator[ContentError]:
    """A post's own text, wherever it stands: its length, its bytes, its signs."""
    size = measured(text, takes, beside_media=beside_media)
    if size.too_long:
        yield ContentError("text_too_long", field, size.most, size.length)
    elif size.too_heavy:
        yield ContentError("text_too_heavy", field, size.heaviest, size.weight)
    if _CONTROL.search(text.replace("\r\n", "\n")):
        yield ContentError("text_control_characters", field)
    if takes.max_hashtags and (hashtags := len(_HASHTAG.findall(text))) > takes.max_hashtags:
        yield ContentError("hashtags_too_many", field, takes.max_hashtags, hashtags)


def most_parts(takes: Capabilities, kind: ActionKind | str | None) -> int:
    """Posts of a thread, the first included, that an act of this kind may be."""
    return 1 if kind in POSTLESS else takes.max_parts


def takes_first_comment(takes: Capabilities, kind: ActionKind | str | None) -> bool:
    """Whether an act of this kind makes a post under which a first comment can be put."""
    return takes.first_comment and kind not in POSTLESS


def _errors_of_parts(
    parts: Sequence[str], first_comment: str, kind: ActionKind | None, takes: Capabilities
) -> Iterator[ContentError]:
    most = most_parts(takes, kind)
    if len(parts) + 1 > most and parts:
        yield ContentError("too_many_parts", "parts", most, len(parts) + 1)
    for place, part in enumerate(parts):
        if not part.strip():
            yield ContentError("text_missing", f"parts.{place}")
        yield from _errors_of_words(part, f"parts.{place}", takes)
    if not first_comment:
        return
    if not takes_first_comment(takes, kind):
        yield ContentError("first_comment_not_taken", "first_comment")
    yield from _errors_of_words(first_comment, "first_comment", takes)


def _errors_of_link(link: str) -> Iterator[ContentError]:
    if link and not is_web_link(link):
        yield ContentError("link_not_web", "link", "https://", link[:200])


def _errors_of_media(
    media: Sequence[MediaFacts], takes: Capabilities, kind: ActionKind | None
) -> Iterator[ContentError]:
    if len(media) < takes.min_media and kind is ActionKind.PUBLISH:
        yield ContentError("media_too_few", "media", takes.min_media, len(media))
    if len(media) > takes.max_media:
        yield ContentError("media_too_many", "media", takes.max_media, len(media))
    for place, facts in enumerate(media):
        yield from _errors_of_one(facts, f"media.{place}", takes)


def _errors_of_one(facts: MediaFacts, field: str, takes: Capabilities) -> Iterator[ContentError]:
    pixels, alt = facts.width * facts.height, facts.alt.strip()
    if facts.mime not in takes.media_types:
        yield ContentError("media_type_not_taken", field, ", ".join(sorted(takes.media_types)), facts.mime)
    if facts.size > takes.max_media_bytes:
        yield ContentError("media_too_big", field, takes.max_media_bytes, facts.size)
    if takes.max_media_pixels and pixels > takes.max_media_pixels:
        yield ContentError("media_too_many_pixels", field, takes.max_media_pixels, pixels)
    if takes.alt_text_required and not alt:
        yield ContentError("alt_missing", f"{field}.alt")
    if len(alt) > takes.max_alt:
        yield ContentError("alt_too_long", f"{field}.alt", takes.max_alt, len(alt))


def is_web_link(link: str) -> bool:
    """Whether `link` is a plain http(s) address with a host and nothing hidden in it."""
    if len(link) > LONGEST_LINK or _CONTROL.search(link) or any(sign.isspace() for sign in link):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None


def has_control_characters(value: str) -> bool:
    """Whether a one-line value holds anything that could start a new line or hide a part of itself."""
    return bool(_CONTROL.search(value)) or "\n" in value or "\t" in value
