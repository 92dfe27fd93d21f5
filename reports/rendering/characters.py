"""Which characters can stand on paper: what the shipped fonts draw, without the marks that steer a text without being
seen.

INVARIANT: nothing is drawn as 'no such glyph' (PDF/A and PDF/UA forbid it) and nothing without a meaning in Unicode: a
character that no shipped font has becomes U+FFFD, which is counted, and the attached data keeps it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
FONTS = (
    "relais-sans-regular.ttf",
    "relais-sans-semibold.ttf",
    "relais-sans-italic.ttf",
    "relais-serif-semibold.ttf",
    "relais-arabic-regular.ttf",
    "relais-hebrew-regular.ttf",
    "relais-emoji-regular.ttf",
)
TEXT_FONT = FONTS[0]
REPLACED = "\ufffd"
JOINERS = {0x200C, 0x200D, 0xFE0E, 0xFE0F}
LONGEST = 20_000
UNSEEN = frozenset({"Cc", "Cs", "Cf"})
_STEERING = re.compile("[\u200b\u200e\u200f\u061c\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\u00ad]")
_BLANKS = re.compile(r"[^\S\n\u00a0\u202f]+")


def missing_fonts() -> list[str]:
    """Names of shipped font files that are not there, or are empty."""
    return [name for name in FONTS if not (FOLDER / name).is_file() or not (FOLDER / name).stat().st_size]


@cache
def drawable() -> frozenset[int]:
    """Every character that some shipped font draws."""
    from fontTools.ttLib import TTFont

    found = set(JOINERS)
    for name in FONTS:
        with TTFont(FOLDER / name, lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(found | {0x20, 0x0A})


def printable(text: str) -> str:
    """The text as it can be drawn, without the marks that turn writing round: they make one word look like another."""
    if text.isascii() and text.isprintable():
        return text[:LONGEST]
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "\u2026"
    plain = _BLANKS.sub(" ", unicodedata.normalize("NFC", _STEERING.sub("", cut)))
    return "".join(_drawn(plain))


def _drawn(text: str) -> Iterator[str]:
    known = drawable()
    for one in text:
        if one != "\n" and ord(one) not in JOINERS and unicodedata.category(one) in UNSEEN:
            continue
        if ord(one) in known:
            yield one
        else:
            simple = unicodedata.normalize("NFKC", one)
            yield simple if all(ord(part) in known for part in simple) else REPLACED
