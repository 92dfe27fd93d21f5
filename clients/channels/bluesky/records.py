"""What a post is in the AT protocol: its key, its facets, its record. Pure; the same act makes the same bytes for ever.

A record key is ours to choose (a TID: microseconds and a clock number, thirteen signs). INVARIANT: it is made from the
act's key and first moment alone, so that a repeat names the record that is there already. Facets count in UTF-8 bytes.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from clients.channels.port import SendFailed

POST, LIKE = "app.bsky.feed.post", "app.bsky.feed.like"

_SIGNS = "234567abcdefghijklmnopqrstuvwxyz"
_LINK = re.compile(rb"https?://[^\s<>\"]+", re.IGNORECASE)
_MENTION = re.compile(rb"(?:^|(?<=[\s(]))@([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9-]+)+)")
_TAG = re.compile("(?:^|(?<=\\s))#(?!\ufe0f)([^\\s#]+)")
_LONGEST_TAG = 64
_ENDINGS = b".,;:!?'\"\xc2\xbb"

Resolve = Callable[[str], str]


class Reference(NamedTuple):
    """A record of anybody's, in exactly this version."""

    uri: str
    cid: str

    def as_json(self) -> dict[str, str]:
        return {"uri": self.uri, "cid": self.cid}


class Place(NamedTuple):
    """An at:// address in its three parts."""

    repo: str
    collection: str
    key: str


def place_of(uri: str) -> Place:
    """The parts of an address that a person or the network gave us. Raises SendFailed('target_gone') for anything else."""
    parts = uri.removeprefix("at://").split("/")
    if not uri.startswith("at://") or len(parts) != 3 or not all(parts):
        raise SendFailed("target_gone", permanent=True, maybe_sent=False)
    return Place(*parts)


def record_key(key: str, moment: datetime, part: int = 0) -> str:
    """The TID of an act: its millisecond, then twenty bits of its key where a clock has chance."""
    mixed = int.from_bytes(hashlib.sha256(f"{key}/{part}".encode()).digest()[:8], "big")
    millisecond = int(moment.timestamp() * 1000) + part
    number = ((millisecond * 1000 + mixed % 1000) << 10) | (mixed // 1000 % 1024)
    return "".join(_SIGNS[(number >> shift) & 31] for shift in range(60, -1, -5))


def post_record(
    text: str, moment: datetime, *, resolve: Resolve, language: str = "", part: int = 0, **more: Any
) -> dict[str, Any]:
    """A post as it stands in the repository; `more` are its embed and reply, left out where None."""
    record = {
        "$type": POST,
        "text": text,
        "createdAt": written(moment + timedelta(milliseconds=part)),
        "facets": list(facets(text, resolve)),
        "langs": [language] if language else [],
        **more,
    }
    return {name: value for name, value in record.items() if value not in (None, [])}


def like_record(subject: Reference, moment: datetime) -> dict[str, Any]:
    return {"$type": LIKE, "subject": subject.as_json(), "createdAt": written(moment)}


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def images(blobs: Sequence[tuple[Mapping[str, Any], str]]) -> dict[str, Any]:
    return {"$type": "app.bsky.embed.images", "images": [{"image": blob, "alt": alt} for blob, alt in blobs]}


def card(link: str) -> dict[str, Any]:
    """The link as a card below the post, as it is shown to whoever approves: its server is never asked, and named.

    INVARIANT: no title of the item. A post here has none, so nobody was shown it as something that readers see.
    """
    shown = urlsplit(link).hostname or link
    return {"$type": "app.bsky.embed.external", "external": {"uri": link, "title": shown, "description": ""}}


def reply_to(root: Reference, parent: Reference) -> dict[str, Any]:
    return {"root": root.as_json(), "parent": parent.as_json()}


def facets(text: str, resolve: Resolve) -> Iterator[dict[str, Any]]:
    """Links, mentions and hashtags with their bytes. `resolve` gives a handle's DID, or '' where nobody has it."""
    data = text.encode()
    linked = []
    for found in _LINK.finditer(data):
        link = _without_ending(found.group())
        linked.append(range(found.start(), found.start() + len(link)))
        yield _facet(found.start(), link, {"$type": "app.bsky.richtext.facet#link", "uri": link.decode()})
    for found in _MENTION.finditer(data):
        did = "" if _inside(found.start(), linked) else resolve(found[1].decode().lower())
        if did:
            yield _facet(found.start(), found.group(), {"$type": "app.bsky.richtext.facet#mention", "did": did})
    yield from _tags(text, linked)


def _tags(text: str, linked: list[range]) -> Iterator[dict[str, Any]]:
    for found in _TAG.finditer(text):
        tag = _without_ending(found[1].encode())
        start = len(text[: found.start()].encode())
        if tag and not tag.isdigit() and len(tag.decode()) <= _LONGEST_TAG and not _inside(start, linked):
            yield _facet(start, b"#" + tag, {"$type": "app.bsky.richtext.facet#tag", "tag": tag.decode()})


def _facet(start: int, shown: bytes, feature: dict[str, str]) -> dict[str, Any]:
    return {"index": {"byteStart": start, "byteEnd": start + len(shown)}, "features": [feature]}


def _without_ending(found: bytes) -> bytes:
    """A sentence's own punctuation does not belong to a link or a tag; a bracket only where it was opened in it."""
    text = found.decode(errors="ignore").rstrip(_ENDINGS.decode())
    if text.endswith(")") and "(" not in text:
        text = text[:-1]
    return text.encode()


def _inside(start: int, spans: list[range]) -> bool:
    return any(start in span for span in spans)
