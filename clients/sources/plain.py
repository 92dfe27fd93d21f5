"""Words as people read them: HTML made into text, and nothing left in a text that could hide or run.

INVARIANT: whatever a source hands over is shown as text, so markup that survives as words is words. Scripts and styles are no
words and go with their content. Signs that turn the direction of writing around, and such as cannot be seen, are taken out.
"""

import re
from html import unescape
from urllib.parse import urljoin

import nh3

from clients.channels.rules import LONGEST_LINK, is_web_link

LONGEST_TITLE, LONGEST_TEXT, LONGEST_NAME, LONGEST_ID = 500, 20_000, 200, 500
_LONGEST_HTML = 400_000
_WORDLESS = {"script", "style", "noscript", "template", "iframe", "object", "svg", "math"}
_BREAK = re.compile(
    r"(<(?:/?(?:p|div|li|ul|ol|h[1-6]|tr|table|blockquote|article|section|pre|hr)|br)\b)", re.IGNORECASE
)
_MARKUP = re.compile(r"[<&]")
# Everything below blank but tab and line feed; DEL and C1; what turns the direction around; halves of signs; the mark of order.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}")


def from_html(html: str, longest: int = LONGEST_TEXT) -> str:
    """The words of a piece of HTML; a text without any markup is taken as it is."""
    if not _MARKUP.search(html):
        return text_of(html, longest)
    broken = _BREAK.sub(r"\n\1", html[:_LONGEST_HTML])
    bare = nh3.clean(broken, tags=set(), clean_content_tags=_WORDLESS, strip_comments=True)
    return text_of(unescape(bare), longest)


def text_of(text: str, longest: int = LONGEST_TEXT) -> str:
    """A text of several lines, cut at `longest`: each blank line at most one line end, no sign that cannot be seen."""
    seen = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return cut(_LINES.sub("\n", _BLANKS.sub(" ", seen)).strip(), longest)


def line_of(text: str, longest: int = LONGEST_NAME) -> str:
    """One line."""
    return cut(" ".join(_UNSEEN.sub("", text).split()), longest)


def cut(text: str, longest: int) -> str:
    """At most so long, and visibly so where something is missing."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def web_link(link: str, base: str = "") -> str:
    """An http(s) address that hides nothing, or ''."""
    if not link.strip():
        return ""
    try:
        whole = urljoin(base, link.strip())[: LONGEST_LINK + 1]
    except ValueError:
        return ""
    return whole if is_web_link(whole) else ""


def language_of(said: str) -> str:
    """'fr' of 'fr-FR'; '' of anything else."""
    found = _LANGUAGE.match(said.strip())
    return found[0].lower() if found else ""
