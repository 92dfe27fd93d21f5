"""Counting what a reader sees as one sign, as some networks do: a family emoji is one, whatever it is made of.

The boundaries of Unicode's Annex 29 as far as they matter for length. Where this table is coarser than the annex
(conjoining marks of Indic scripts) it counts more signs, never fewer: a text that passes here passes there.
"""

import unicodedata

_JOINER = 0x200D
_REGIONAL = range(0x1F1E6, 0x1F200)
_EXTENDING = (
    range(0xFE00, 0xFE10),  # variation selectors
    range(0x1F3FB, 0x1F400),  # skin tones
    range(0xE0020, 0xE0080),  # tags, as in the flag of Scotland
    range(0x1160, 0x1200),  # Hangul vowels and finals that stand apart
)


def count_graphemes(text: str) -> int:
    """The number of signs a reader sees in `text`."""
    count = regional_run = 0
    before = -1
    for sign in text:
        code = ord(sign)
        regional_run = regional_run + 1 if code in _REGIONAL else 0
        second_of_pair = regional_run > 0 and regional_run % 2 == 0
        if not (before >= 0 and (_extends(sign, code, before) or second_of_pair)):
            count += 1
        before = code
    return count


def _extends(sign: str, code: int, before: int) -> bool:
    if before in (0x0A, 0x0D):
        return (before, code) == (0x0D, 0x0A)
    if code == _JOINER or any(code in span for span in _EXTENDING):
        return True
    return unicodedata.category(sign) in {"Mn", "Me", "Mc"} or (before == _JOINER and _is_pictograph(sign))


def _is_pictograph(sign: str) -> bool:
    return unicodedata.category(sign) == "So"
