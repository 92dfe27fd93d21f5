"""An act in Discourse's Markdown: the text, its pictures, and at the end a comment that no reader is shown.

Discourse strips HTML comments from what it shows and from what it counts, and keeps them in the source of a post: by the
mark in it a post is found again.
"""

import re

from clients.channels.discourse.forum import Forum
from clients.channels.marks import mark_of, same_words
from clients.channels.port import MediaFile, Outbound, SendFailed
from clients.channels.rules import outgoing_text

_COMMENT = re.compile(r"<!-- relais:[0-9a-f]{32} -->")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)\s]*\)")
_UPLOAD = re.compile(r"upload://[A-Za-z0-9.]{1,100}")
# What would end the words of a picture, or be taken for its size.
_SPOILING = re.compile(r"[\[\]|\\\n]+")

LONGEST = 32_000
ROOM = 100  # for the mark


def mark(outbound: Outbound) -> str:
    return f"<!-- relais:{mark_of(outbound.key)} -->"


def is_marked(raw: object, outbound: Outbound) -> bool:
    return isinstance(raw, str) and mark(outbound) in raw


def source_of(forum: Forum, outbound: Outbound) -> str:
    """The source of the post, once its pictures lie on the forum."""
    pictures = [_picture(forum, file, place) for place, file in enumerate(outbound.media, 1)]
    source = "\n\n".join([outgoing_text(outbound.text, outbound.link), *pictures, mark(outbound)])
    if len(source) > LONGEST:
        raise SendFailed("text_too_long", permanent=True, maybe_sent=False)
    return source


def says(raw: str, outbound: Outbound) -> bool:
    """Whether a source still says what the act said; its pictures have names there that we do not know."""
    bare = _COMMENT.sub("", raw)
    if outbound.media:
        bare = _PICTURE.sub("", bare)
    return same_words(bare, outgoing_text(outbound.text, outbound.link))


def _picture(forum: Forum, file: MediaFile, place: int) -> str:
    subtype = file.mime.partition("/")[2]
    name = f"image-{place}.{'jpg' if subtype == 'jpeg' else subtype}"
    address = forum.upload(name, file.data, file.mime).get("short_url")
    if not isinstance(address, str) or not _UPLOAD.fullmatch(address):
        raise SendFailed("answer_unreadable", permanent=False, maybe_sent=False)
    return f"![{_SPOILING.sub(' ', file.alt).strip()}]({address})"
