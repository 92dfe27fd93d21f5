"""What a status says, as we send it and as a server gives it back. Pure.

A server answers with HTML in which links and mentions are dressed up and blanks have moved, so texts are compared by
their signs alone. There is no field in which a key of ours could travel.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from clients.channels.lengths import counted_length
from clients.channels.naming import mentions
from clients.channels.port import Capabilities

# How far a server's clock may be behind ours when we ask whether a status came after an act's first moment.
CLOCKS_DIFFER = timedelta(seconds=5)

_MENTION = re.compile(r"@(\w[\w.-]*)@[\w.:-]+\w")
_LEADING = re.compile(r"^(?:@\S+\s+)+")
_WIDTH = {"public": 3, "unlisted": 2, "private": 1, "direct": 0}


def addressed(text: str, account: str, takes: Capabilities) -> str:
    """The text with the mention without which the other is never told, where there is room for it.

    A mention counts without its server.
    """
    if not account or mentions(text, account):
        return text
    told = f"@{account} {text}"
    counted = f"@{account.partition('@')[0]} {text}"
    return told if counted_length(counted, takes.counting, takes.link_weight) <= takes.max_length else text


def narrower(ours: str, theirs: str) -> str:
    """An answer is never shown to more people than what it answers."""
    return min(ours, theirs, key=lambda name: _WIDTH.get(name, _WIDTH["public"]))


def says(status: Mapping[str, Any], text: str) -> bool:
    """Whether a status consists of this text."""
    return _signs(plain(str(status.get("content", "")))) == _signs(text)


def says_ours(status: Mapping[str, Any], text: str) -> bool:
    """The same, but for the mentions that we may have put before an answer."""
    return says(status, text) or _signs(_LEADING.sub("", plain(str(status.get("content", ""))))) == _signs(text)


def came_after(status: Mapping[str, Any], moment: datetime) -> bool:
    try:
        made = datetime.fromisoformat(str(status.get("created_at", "")))
    except ValueError:
        return False
    return made.tzinfo is not None and made >= moment - CLOCKS_DIFFER


def plain(html: str) -> str:
    """The text of a status; a line for every <br> and </p>."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.found)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "br":
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.found.append("\n")


def _signs(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", _MENTION.sub(r"@\1", text)).split())
