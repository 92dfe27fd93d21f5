"""What a person typed in the composer, made into a Content, and a Content made into what the composer shows.

Nothing typed is lost: the form is drawn from the same `Draft` whether it comes from the database or from a refused post.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.items.content import Content, MediaRef
from clients.items.links import WORDS as UTM_WORDS
from clients.items.links import tagged
from portal.brand.clocks import moment_typed, typed_of, which_typed
from tenants.errors import Invalid

MOST_MEDIA = 10
MOST_PARTS = 25
ADD_PART, REMOVE_PART = "part_add", "part_remove-"


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
    target: str = ""
    first_comment: str = ""
    sensitivity: str = "routine"
    not_before: str = ""
    not_before_which: str = ""
    not_after: str = ""
    not_after_which: str = ""
    note: str = ""
    seen_digest: str = ""
    of: str = ""  # the item whose post is corrected or deleted; it is for the page alone and no part of a content
    mention: str = ""  # the mention that is answered; for the page alone, too
    conversation: str = ""  # the conversation in which it speaks, and as what; for the page alone, too
    says: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    variants: Mapping[str, str] = field(default_factory=dict)
    media: tuple[MediaRef, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def whole_link(self) -> str:
        """The link as it goes out, with the words that say where its reader came from."""
        return tagged(self.link.strip(), {name: getattr(self, f"utm_{name}") for name in UTM_WORDS})


WORDS = (
    "kind",
    "title",
    "text",
    "link",
    "topic",
    "recipient",
    "target",
    "first_comment",
    "sensitivity",
    "not_before",
    "not_before_which",
    "not_after",
    "not_after_which",
    "note",
    "seen_digest",
    "of",
    "mention",
    "conversation",
    "says",
    *(f"utm_{name}" for name in UTM_WORDS),
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
        media=tuple(MediaRef(digest, posted.get(f"alt-{digest}", "")) for digest in dict.fromkeys(kept)),
        parts=_parts(posted.getlist("part"), posted.get("then", "")),
    )


def _parts(typed: Sequence[str], pressed: str) -> tuple[str, ...]:
    """The posts of the thread after the first, as the press leaves them: with one more, with one less, or as they were."""
    parts = [text.replace("\r\n", "\n") for text in typed[:MOST_PARTS]]
    if pressed == ADD_PART and len(parts) < MOST_PARTS:
        parts.append("")
    elif pressed.startswith(REMOVE_PART):
        gone = pressed.removeprefix(REMOVE_PART)
        parts = [text for place, text in enumerate(parts) if str(place) != gone]
    return tuple(parts)


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
        target=content.target,
        first_comment=content.first_comment,
        sensitivity=str(content.sensitivity),
        not_before=typed_of(content.not_before),
        not_before_which=which_typed(content.not_before),
        not_after=typed_of(content.not_after),
        not_after_which=which_typed(content.not_after),
        seen_digest=digest,
        variants=content.variants,
        media=content.media,
        parts=content.parts,
    )


def content_from(draft: Draft, added: tuple[MediaRef, ...] = ()) -> Content:
    """The exact content; a post of the thread in which nothing was written is none.

    Raises Invalid('unknown_kind'|'unknown_sensitivity'|'not_a_moment'|'time_skipped'|'time_twice', field).
    """
    return Content(
        kind=_word(ActionKind, draft.kind, "kind"),
        channels=draft.channels,
        text=draft.text,
        sensitivity=_word(Sensitivity, draft.sensitivity, "sensitivity"),
        title=draft.title,
        link=draft.whole_link,
        topic=draft.topic,
        recipient=draft.recipient.strip(),
        target=draft.target.strip(),
        variants={channel: text for channel, text in draft.variants.items() if channel in draft.channels},
        media=(*draft.media, *added),
        not_before=moment_typed(draft.not_before, "not_before", draft.not_before_which),
        not_after=moment_typed(draft.not_after, "not_after", draft.not_after_which),
        parts=tuple(part for part in draft.parts if part.strip()),
        first_comment=draft.first_comment.strip(),
    )


def _word(words: Any, value: str, name: str) -> Any:
    try:
        return words(value)
    except ValueError:
        raise Invalid(f"unknown_{name}", name) from None
