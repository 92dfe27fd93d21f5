"""What a source hands over, in the form in which it is kept: each sign written one way, nothing unseen, cut where it says so.

Sources make text of markup (`clients.sources.plain`); here nothing is taken for markup any more. Pure.
"""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256

from clients.mentions.raw import RawMention

LONGEST = {"title": 500, "text": 20_000, "author": 200, "author_handle": 200, "url": 2_000, "remote_id": 500}
CUT = "…"
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)


def normal(raw: RawMention) -> RawMention:
    """The same thing as it is kept. What is too long ends in an ellipsis; an address that is too long is none."""
    said = _LANGUAGE.fullmatch(raw.language.strip()) if raw.language else None
    return RawMention(
        own_id=raw.own_id,
        title=_text(raw.title, LONGEST["title"]),
        text=_text(raw.text, LONGEST["text"]),
        author=_text(raw.author, LONGEST["author"]),
        author_handle=_text(raw.author_handle, LONGEST["author_handle"]),
        url=_whole(raw.url, LONGEST["url"]),
        language=said[1].lower() if said else "",
        published_at=raw.published_at,
        channel=raw.channel,
        remote_id=_whole(raw.remote_id, LONGEST["remote_id"]),
    )


def key_of(raw: RawMention) -> str:
    """SHA-256 of what the source calls it; of its address or its words where the source has no name for it."""
    named = raw.own_id or raw.url or f"{raw.author_handle}\n{raw.title}\n{raw.text}"
    return sha256(named.encode(errors="replace")).hexdigest()


def once(raws: Sequence[RawMention]) -> dict[str, RawMention]:
    """By key, each once: a source that names two things alike means one, the first."""
    found: dict[str, RawMention] = {}
    for raw in raws:
        found.setdefault(key_of(raw), raw)
    return found


def _whole(address: str, most: int) -> str:
    return _text(address, most) if len(address) <= most else ""


def _text(text: str, most: int) -> str:
    if not text:
        return text
    if not text.isprintable():
        text = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text if len(text) <= most else text[: most - 1].rstrip() + CUT
