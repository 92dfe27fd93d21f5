"""How long a text is for a network and how long it may be there: asked by the checks and shown by the counters alike.

Pure, and the only place where a limit is chosen: so what a page counts is what is checked when it is saved and when it leaves.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from clients.channels.graphemes import count_graphemes
from clients.channels.port import Capabilities, Counting

_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """`length` of at most `most`, in what the network counts; `weight` of at most `heaviest` UTF-8 bytes, 0: any weight."""

    length: int
    most: int
    weight: int
    heaviest: int = 0

    @property
    def too_long(self) -> bool:
        return self.length > self.most

    @property
    def too_heavy(self) -> bool:
        return bool(self.heaviest) and self.weight > self.heaviest

    @property
    def by_weight(self) -> bool:
        """Whether the bytes run out before the length does."""
        return bool(self.heaviest) and self.weight * self.most > self.length * self.heaviest


def measured(text: str, takes: Capabilities, *, beside_media: bool = False) -> Measure:
    """One post of a channel. Beside pictures some networks take less."""
    most = takes.max_caption if beside_media and takes.max_caption else takes.max_length
    length = counted_length(text, takes.counting, takes.link_weight)
    return Measure(length, most, len(text.encode("utf-8", "surrogatepass")), takes.max_bytes)


def counted_length(text: str, counting: Counting, link_weight: int | None = None) -> int:
    """The length of `text` as the network counts it: every URL weighs `link_weight` where it shortens them."""
    if link_weight is None:
        return _COUNT[counting](text)
    bare, links = _URL.subn("", text)
    return _COUNT[counting](bare) + links * link_weight


_COUNT: dict[Counting, Callable[[str], int]] = {
    Counting.CODE_POINTS: len,
    Counting.GRAPHEMES: count_graphemes,
    Counting.UTF16: lambda text: len(text.encode("utf-16-le", "surrogatepass")) // 2,
    Counting.UTF8: lambda text: len(text.encode("utf-8", "surrogatepass")),
}
