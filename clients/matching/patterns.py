"""Patterns that people write, by RE2: whatever they write, the time they take grows with the text and no faster."""

from collections.abc import Iterator, Sequence

import re2

from clients.matching.folding import soften, softened_sign, span_of
from clients.matching.watched import Watched
from tenants.errors import Invalid


def _options(memory: int) -> "re2.Options":
    options = re2.Options()
    options.log_errors, options.case_sensitive, options.max_mem = False, False, memory
    return options


_ONE, _ALL = _options(1 << 20), _options(1 << 26)


class Patterns:
    """The patterns of some entries; all are asked at once, and only those found are looked for again, for their places."""

    def __init__(self, entries: Sequence[tuple[int, Watched]]) -> None:
        self._entries = [(number, _compiled(entry)) for number, entry in entries]
        self._all = re2.Set.SearchSet(_ALL)
        for _, pattern in self._entries:
            self._all.Add(pattern.pattern)
        self._all.Compile()

    def spans(self, text: str) -> Iterator[tuple[int, int, int]]:
        """(number of the entry, start, end) in `text`."""
        softened, straight = soften(text)
        found = self._all.Match(softened) or ()
        places = [] if straight or not found else soften.slowly(text)[1]
        for index in found:
            number, pattern = self._entries[index]
            for match in pattern.finditer(softened):
                start, end = match.span()
                if start < end:
                    yield (number, *((start, end) if straight else span_of(text, places, start, end)))


def _without_accents(sign: str) -> str:
    return sign if sign.isascii() else softened_sign(sign)  # `\S` is not `\s`


def _compiled(entry: Watched) -> "re2._Regexp":
    """Raises Invalid('watched_pattern_wrong' with RE2's word as `fact` | 'watched_pattern_empty')."""
    try:
        pattern = re2.compile("".join(map(_without_accents, entry.pattern)), _ONE)
    except re2.error as wrong:
        said = wrong.args[0] if wrong.args else b""
        fact = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        raise Invalid("watched_pattern_wrong", field=entry.key, fact=fact) from None
    if pattern.search(""):
        raise Invalid("watched_pattern_empty", field=entry.key)
    return pattern
