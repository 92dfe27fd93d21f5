"""How a text looks, whatever its words: marks, length, how it begins and ends. Weak signs for what is learnt. Pure."""

import re
from collections.abc import Iterator

_MARKS = '?!…:«"@#'
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_BEYOND_TEXT = "\N{UMBRELLA}"  # signs and pictures stand after it
_LENGTHS = (5, 10, 18)


def shape(text: str, words: int) -> Iterator[str]:
    """Names of what holds."""
    yield from (f"has {mark}" for mark in _MARKS if mark in text or (mark == "…" and "..." in text))
    yield f"length {sum(words >= length for length in _LENGTHS)}"
    if _LINK.search(text):
        yield "link"
    if any(map(str.isdigit, text)):
        yield "digits"
    if text[:1].islower():
        yield "begins small"
    if text.rstrip()[-1:] in {".", "?"}:
        yield f"ends {text.rstrip()[-1]}"
    if max(text, default="") > _BEYOND_TEXT:
        yield "pictures"
