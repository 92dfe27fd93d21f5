"""What a person typed in the composer, made into a Content, and a Content made into what the composer shows.

Nothing typed is lost: the form is drawn from the same `Draft` whether it comes from the database or from a refused post.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.items.content import Content, MediaRef
from tenants.errors import Invalid

MOST_MEDIA = 10
INPUT_FORM = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Draft:
    """The composer's values as text, just as typed."""

    kind: str = "publish"
    channels: tuple[str, ...] = ()
    title: str = ""
    text: str = ""
    link: str = ""
    topic: str = ""
    recipient: str = ""
    sensitivity: str = "routine"
    not_before: str = ""
    not_after: str = ""
    note: str = ""
    seen_digest: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)
    media: tuple[MediaRef, ...] = ()


WORDS = (
    "kind",
    "title",
    "text",
    "link",
    "topic",
    "recipient",
    "sensitivity",
    "not_before",
    "not_after",
    "note",
    "seen_digest",
)


def draft_from_post(posted: QueryDict) -> Draft:
    """As typed; a variant counts where it is not empty, a picture where its box is ticked."""
    variants = {
        name.removeprefix("variant-"): str(text) for name, text in posted.items() if name.startswith("variant-")
    }
    channels = tuple(posted.getlist("channels"))
    kept = [d for d in posted.getlist("media")[:MOST_MEDIA] if d]
    return Draft(
        **{name: posted.get(name, getattr(Draft(), name)).replace("\r\n", "\n") for name in WORDS},
        channels=channels,
        variants={channel: text.replace("\r\n", "\n") for channel, text in variants.items() if text.strip()},
        media=tuple(MediaRef(digest, posted.get(f"alt-{digest}", "")) for digest in kept),
    )


def draft_of(content: Content, digest: str) -> Draft:
    """A stored content as the composer shows it."""
    return Draft(
        kind=str(content.kind),
        channels=content.channels,
        title=content.title,
        text=content.text,
        link=content.link,
        topic=content.topic,
        recipient=content.recipient,
        sensitivity=str(content.sensitivity),
        not_before=_typed(content.not_before),
        not_after=_typed(content.not_after),
        seen_digest=digest,
        variants=content.variants,
        media=content.media,
    )


def content_from(draft: Draft, added: tuple[MediaRef, ...] = ()) -> Content:
    """The exact content. Raises Invalid('unknown_kind'|'unknown_sensitivity'|'not_a_moment', field)."""
    return Content(
        kind=_word(ActionKind, draft.kind, "kind"),
        channels=draft.channels,
        text=draft.text,
        sensitivity=_word(Sensitivity, draft.sensitivity, "sensitivity"),
        title=draft.title,
        link=draft.link.strip(),
        topic=draft.topic,
        recipient=draft.recipient.strip(),
        variants={channel: text for channel, text in draft.variants.items() if channel in draft.channels},
        media=(*draft.media, *added),
        not_before=_moment(draft.not_before, "not_before"),
        not_after=_moment(draft.not_after, "not_after"),
    )


def _word(words: Any, value: str, name: str) -> Any:
    try:
        return words(value)
    except ValueError:
        raise Invalid(f"unknown_{name}", name) from None


def _moment(typed: str, name: str) -> datetime | None:
    """A clock time in the brand's zone, which the page made current."""
    if not typed:
        return None
    try:
        found = parse_datetime(typed)
    except ValueError:
        found = None
    if found is None:
        raise Invalid("not_a_moment", name)
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _typed(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime(INPUT_FORM) if moment else ""
