"""The same story told again: an agency's article with another headline, a message pasted into ten comments. Pure.

Of every four words in a row a number is made (`shingles`); the least of each quarter of them are a text's `marks`. Two texts that
share half of their shingles share a mark nineteen times in twenty, so marks find candidates, and the shingles themselves decide.
Short texts tell no story: two people who write 'Bravo !' are two people.
"""

from collections.abc import Sequence
from itertools import accumulate
from zlib import crc32

from clients.matching.folding import fold

_IN_A_ROW = 4
_FEWEST_WORDS = 12
_QUARTERS = 4
_ALIKE = 0.5
_MOST_WORDS = 400
Shingles = frozenset[int]
NONE: Shingles = frozenset()


def shingles(title: str, text: str) -> Shingles:
    """The numbers of a text; none where it is too short to be a story."""
    words = fold.plain(text if len(text) > len(title) else f"{title} {text}").encode().split()[:_MOST_WORDS]
    if len(words) < _FEWEST_WORDS:
        return NONE
    whole = b" ".join(words)
    starts = list(accumulate(map((1).__add__, map(len, words)), initial=0))
    return frozenset([crc32(whole[start : end - 1]) for start, end in zip(starts, starts[_IN_A_ROW:], strict=False)])


def marks(found: Shingles) -> list[int]:
    """At most four numbers, one for each quarter that has any."""
    least: dict[int, int] = {}
    for number in sorted(found):
        if least.setdefault(number % _QUARTERS, number) == number and len(least) == _QUARTERS:
            break
    return [least[quarter] for quarter in sorted(least)]


def alike(one: Shingles, other: Shingles) -> bool:
    """Whether two texts tell the same story: half of what either says both say, or one is nearly whole in the other."""
    if not one or not other:
        return False
    shared = len(one & other)
    return shared >= _ALIKE * len(one | other) or shared >= 0.9 * min(len(one), len(other))


def first_alike(found: Shingles, candidates: Sequence[tuple[object, Shingles]]) -> object | None:
    """The first of the candidates that tells the same story."""
    return next((name for name, other in candidates if alike(found, other)), None)
