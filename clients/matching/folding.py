"""One form for all the ways in which people write the same word: case, accents, ligatures, apostrophes, tricks with signs.

A folded text is lower case without accents; whatever is neither letter nor digit is a space, and signs without a width are gone.
It is made in two ways that must agree (a test compares them): through a table of 256 bytes, many times as fast, for what
Latin-1 or Windows-1252 can write and a little more; sign by sign for the rest, which also says where each sign stood in the
original.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

_HANDLER = "clients.matching.folding"
# Ten times as quick as Windows-1252, and lacks only the marks that a text of two languages has; to fold they are spaces.
_QUICK, _WIDE = "latin-1", "cp1252"
_MARKS = "’—–…“”‘€"
_LATIN = frozenset(map(chr, range(256)))
# What Unicode does not take apart.
_APART = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", **dict(zip("øđłħıðƒµ", "odlhidfu", strict=True))}
# Letters of other alphabets that look like ours, put among ours to slip past a list of words.
_LOOKALIKES = str.maketrans("аеорсухіјѕԁһαονρτκ", "aeopcyxijsdhaovptk")
_MIXED = re.compile(r"[^ ]*[a-z][^ ]*")
TURN, _TURN_ENDS = "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{POP DIRECTIONAL FORMATTING}"
_TURNED = re.compile(f"{TURN}([^{_TURN_ENDS}\n]*)")


@lru_cache(maxsize=8_192)
def folded_sign(sign: str) -> str:
    """What one sign becomes: letters or digits, a space, or nothing."""
    category = unicodedata.category(sign)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category[0] not in "LNM":
        return " "
    if sign in _APART:
        return _APART[sign]
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold())
    letters = "".join(_APART.get(part, part) for part in parts if unicodedata.category(part) not in ("Mn", "Me"))
    return letters if letters.isalnum() else " "


@lru_cache(maxsize=8_192)
def softened_sign(sign: str) -> str:
    """The same for patterns: what is neither letter nor digit stays, and a curly apostrophe is a straight one."""
    folded = folded_sign(sign)
    if folded != " ":
        return folded
    return "'" if sign in "’‘" else sign if sign.isprintable() or sign in "\n\t" else " "


class _Known(dict[int, str]):
    """What signs become, as far as they were met; there are at most as many as Unicode has."""

    def __init__(self, of: Callable[[str], str]) -> None:
        super().__init__()
        self._of = of

    def __missing__(self, number: int) -> str:
        became = self[number] = self._of(chr(number))
        return became


class Rewriting:
    """One way of rewriting signs, with its quick half made beforehand."""

    def __init__(self, of: Callable[[str], str], *, lookalikes: bool) -> None:
        self._of, self._lookalikes, self._known = of, lookalikes, _Known(of)
        self._code = code = _QUICK if lookalikes else _WIDE
        became = [of(bytes([byte]).decode(code, "replace")).encode(code, "replace") for byte in range(256)]
        several = sorted({piece for piece in became if len(piece) > 1})
        # What becomes two letters goes by way of a control byte, which neither rewriting gives otherwise.
        self._several = [(bytes([number]), piece) for number, piece in enumerate(several, 1)]
        stands = {piece: mark[0] for mark, piece in self._several}
        self._table = bytes(stands.get(piece) or (piece or b" ")[0] for piece in became)
        self._gone = bytes(byte for byte, piece in enumerate(became) if not piece)

    def quickly(self, text: str, *, places: bool = True) -> tuple[str, bool]:
        """The result, and whether (if `places`) every sign stands where it stood. UnicodeEncodeError: it needs the slow way."""
        straight, quick = True, text
        if self._lookalikes and not text.isascii():
            for mark in _MARKS:
                quick = quick.replace(mark, " ")
        try:
            raw = quick.encode(self._code)
        except UnicodeEncodeError:
            if not self._lookalikes:
                raise
            raw = quick.encode(self._code, _HANDLER)
            straight = places and all(len(folded_sign(sign)) == 1 for sign in set(quick) - _LATIN)
        plain = raw.translate(self._table, self._gone)
        for code, piece in self._several:
            if code in plain:
                plain, straight = plain.replace(code, piece), False
        return plain.decode(self._code), straight and len(plain) == len(text)

    def plain(self, text: str) -> str:
        """The result alone."""
        try:
            return self.quickly(text, places=False)[0]
        except UnicodeEncodeError:
            return self.wholly(text)

    def wholly(self, text: str) -> str:
        """The result for any text. A text that turns its direction goes sign by sign."""
        if TURN in text:
            return self.slowly(text)[0]
        return self._unmasked(text.translate(self._known))

    def slowly(self, text: str) -> tuple[str, list[int]]:
        """The result sign by sign, and the place in `text` of each of its signs."""
        order = list(range(len(text)))
        for run in _TURNED.finditer(text):  # shown from right to left, so read from right to left
            order[run.start(1) : run.end(1)] = reversed(order[run.start(1) : run.end(1)])
        pieces = [(self._of(text[place]), place) for place in order]
        result = self._unmasked("".join(piece for piece, _ in pieces))
        return result, [place for piece, place in pieces for _ in piece]

    def __call__(self, text: str) -> tuple[str, bool]:
        """The result, and whether every sign stands where it stood."""
        try:
            return self.quickly(text)
        except UnicodeEncodeError:
            return self.wholly(text), False

    def _unmasked(self, result: str) -> str:
        if not self._lookalikes or result.isascii():
            return result
        return _MIXED.sub(lambda word: word[0].translate(_LOOKALIKES), result)


def _beyond(error: UnicodeError) -> tuple[str, int]:
    """Signs that Latin-1 lacks, as long as plain letters or nothing come of them: emoji, signs without a width."""
    assert isinstance(error, UnicodeEncodeError)
    signs = error.object[error.start : error.end]
    pieces = "".join(map(folded_sign, signs))
    if not pieces.isascii() or TURN in signs:
        raise error
    return pieces, error.end


codecs.register_error(_HANDLER, _beyond)
fold = Rewriting(folded_sign, lookalikes=True)
soften = Rewriting(softened_sign, lookalikes=False)


def span_of(text: str, places: list[int], start: int, end: int) -> tuple[int, int]:
    """Where a span of a result stands in `text`, with what hangs on its last sign (accents written apart)."""
    first, last = min(places[start:end]), max(places[start:end]) + 1
    while last < len(text) and not folded_sign(text[last]):
        last += 1
    return first, last
