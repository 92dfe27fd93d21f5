"""What the composer's form shows of a draft: only channels that can do the chosen action, and only what those take."""

from collections.abc import Iterable
from typing import Any

from clients.autonomy.vocabulary import ActionKind, Sensitivity
from clients.channels.models import Channel
from clients.channels.queries import channels_of_brand
from clients.channels.rules import WORDLESS, most_parts, takes_first_comment
from clients.items.queries import newest_media
from portal.brand.clocks import choices_of
from portal.brand.composing import ADD_PART, MOST_PARTS, REMOVE_PART, Draft
from portal.brand.previews import Preview
from portal.brand.rows import media_url
from portal.wording import SENSITIVITIES, kind_word, word

ON_OFFER = 12
"""Pictures of the library that the composer offers; the rest are on their own page."""


def refused_kinds(kind: ActionKind, chosen: Iterable[str]) -> list[str]:
    """The names of the chosen channels that cannot do this, or over which nothing can leave now."""
    wanted = set(chosen)
    channels = [channel for channel in channels_of_brand(revoked=True) if str(channel.pk) in wanted]
    return [channel.name for channel in channels if str(kind) not in channel.capabilities.kinds]


def fields_of(draft: Draft, wrong: str = "") -> dict[str, Any]:
    """Everything the form draws; `wrong` is the field that was refused, such as 'text' or 'variants.<channel id>'."""
    channels = list(channels_of_brand(revoked=True))
    offered = [c for c in channels if c.is_open and draft.kind in c.capabilities.kinds and _stands_on(c, draft)]
    return {
        "draft": draft,
        "wrong": wrong,
        "kinds": [(str(kind), kind_word(kind)) for kind in ActionKind],
        "sensitivities": [(str(s), word(SENSITIVITIES, s)) for s in Sensitivity],
        "channels": [_channel(channel, draft, wrong) for channel in offered],
        "upon_ours": bool(draft.of),
        "wordless": bool(draft.of) and draft.kind in WORDLESS,
        "pictures_stay": _pictures_stay(draft, offered),
        "kind_name": kind_word(draft.kind),
        "left_out": [c.name for c in channels if str(c.pk) in draft.channels and c not in offered],
        "media": [_picture(ref.digest, ref.alt, wrong == f"media.{n}.alt") for n, ref in enumerate(draft.media)],
        "library": _library(draft),
        "which_start": choices_of(draft.not_before, draft.not_before_which),
        "which_end": choices_of(draft.not_after, draft.not_after_which),
    } | _more_of(draft, offered, wrong)


def _more_of(draft: Draft, offered: list[Channel], wrong: str) -> dict[str, Any]:
    """What only some channels take: a thread, a first comment, a person or a post that the act is about."""
    takes = [channel.capabilities for channel in offered]
    most = max((most_parts(t, draft.kind) for t in takes), default=1)
    return {
        "thread": most > 1 or bool(draft.parts),
        "may_add_part": len(draft.parts) + 1 < min(most, MOST_PARTS + 1),
        "parts": _parts(draft, wrong),
        "part_add": ADD_PART,
        "commenting": draft.first_comment or any(takes_first_comment(t, draft.kind) for t in takes),
        "addressed": draft.recipient or any(draft.kind in t.recipient_for for t in takes),
        "aimed": draft.target or any(draft.kind in t.target_for for t in takes),
    }


def _stands_on(channel: Channel, draft: Draft) -> bool:
    """What is done to a post of ours is done where it stands, and nowhere else."""
    return not draft.of or str(channel.pk) in draft.channels


def _pictures_stay(draft: Draft, offered: list[Channel]) -> bool:
    corrects = bool(draft.of) and draft.kind == ActionKind.CORRECT
    return corrects and any(c.capabilities.pictures_stay or not c.capabilities.max_media for c in offered)


def beside_fields(previews: Iterable[Preview]) -> dict[str, Any]:
    """What stands beside the fields and changes with every word: who needs a title."""
    return {"needs_title": [p.channel for p in previews if p.needs_title]}


def _channel(channel: Channel, draft: Draft, wrong: str) -> dict[str, Any]:
    return {
        "id": str(channel.pk),
        "name": channel.name,
        "chosen": str(channel.pk) in draft.channels,
        "variant": draft.variants.get(str(channel.pk), ""),
        "limit": channel.capabilities.max_length,
        "caption": channel.capabilities.max_caption,
        "wrong": wrong == f"variants.{channel.pk}",
    }


def _parts(draft: Draft, wrong: str) -> list[dict[str, Any]]:
    """The posts after the first. Empty ones are shown and do not count: a problem's number is among those that do."""
    written = [place for place, text in enumerate(draft.parts) if text.strip()]
    at = {f"parts.{number}": place for number, place in enumerate(written)}.get(wrong)
    return [
        {"number": place + 2, "text": text, "remove": f"{REMOVE_PART}{place}", "wrong": place == at}
        for place, text in enumerate(draft.parts)
    ]


def _library(draft: Draft) -> list[dict[str, Any]]:
    """The newest pictures of the brand that the draft does not have."""
    chosen = {ref.digest for ref in draft.media}
    return [_picture(m.digest, alt) for m, alt in newest_media(ON_OFFER) if m.digest not in chosen]


def _picture(digest: str, alt: str, wrong: bool = False) -> dict[str, Any]:
    return {"digest": digest, "url": media_url(digest), "alt": alt, "wrong": wrong}
