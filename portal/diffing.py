"""What changed between two texts, word by word. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

WORDS = re.compile(r"\s+|[^\s]+")
LONGEST = 20_000
"""Characters beyond which the texts are shown as replaced as a whole: a diff must not be a way to keep a server busy."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that stayed, went or came."""

    sign: Literal["same", "gone", "new"]
    text: str


def word_diff(old: str, new: str) -> list[Part]:
    """The parts in reading order; the 'same' and 'gone' ones spell `old`, the 'same' and 'new' ones spell `new`."""
    return list(_parts(old, new))


def _parts(old: str, new: str) -> Iterator[Part]:
    if max(len(old), len(new)) > LONGEST:
        before, after = [old], [new]
    else:
        before, after = WORDS.findall(old), WORDS.findall(new)
    for op, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, came = "".join(before[a:b]), "".join(after[c:d])
        if op == "equal":
            yield Part("same", gone)
            continue
        if gone:
            yield Part("gone", gone)
        if came:
            yield Part("new", came)
