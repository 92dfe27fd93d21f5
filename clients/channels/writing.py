"""A text as a page: safe HTML for networks that show whole articles, and an address that carries the act's key.

Pure. People write plain text or Markdown; whatever looks like HTML in it is shown as the signs that it is. Pictures come
from the item's own media only, so Markdown's pictures stay words: an address in a text must not fetch anything.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from html import escape
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from clients.channels.port import Outbound
from clients.channels.rules import is_web_link

LONGEST_SLUG_WORDS = 60
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_AFTER_A_LINK = ".,;:!?)]}'»”’…"


def html_of(text: str, link: str = "") -> str:
    """The text as HTML, with its link below where the text does not name it."""
    body = str(_MARKDOWN.render(text.replace("\r\n", "\n"))).strip()
    if not link or link in text:
        return body
    address = escape(link)
    return f'{body}\n<p><a href="{address}">{address}</a></p>'.strip()


def slug_of(outbound: Outbound) -> str:
    """An address for a post: its first words, and a mark made from the key by which the same act finds it again."""
    plain = unicodedata.normalize("NFKD", outbound.title or outbound.text[:200]).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_SLUG_WORDS].strip("-")
    return f"{words}-{mark_of(outbound.key)}" if words else mark_of(outbound.key)


def mark_of(key: str) -> str:
    """Twelve hexadecimal digits that only this key has."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def words_of(html: str) -> str:
    """What a reader reads of it, without any blank: two renderings of one text are told from a change of words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join("".join(reader.found).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def _link_addresses(state: StateCore) -> None:
    """Bare addresses become links; those inside links stay what they are."""
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_linked(block.children))


def _linked(tokens: list[Token]) -> Iterator[Token]:
    inside = 0
    for token in tokens:
        inside += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "text" and not inside:
            yield from _split(token.content)
        else:
            yield token


def _split(text: str) -> Iterator[Token]:
    position = 0
    for found in _URL.finditer(text):
        address = found[0].rstrip(_AFTER_A_LINK)
        if not is_web_link(address):
            continue
        yield _text(text[position : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield _text(address)
        yield Token("link_close", "a", -1)
        position = found.start() + len(address)
    yield _text(text[position:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


_MARKDOWN = MarkdownIt("js-default", {"html": False, "breaks": True}).disable("image")
_MARKDOWN.core.ruler.push("addresses", _link_addresses)
