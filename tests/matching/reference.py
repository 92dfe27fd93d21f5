"""Watching as one would write it without hurry: sign by sign, word by word, entry by entry. The oracle of `test_matcher`.

Shares with the program only the question whether one word is a form of another, which has tests of its own.
"""

import unicodedata

from clients.matching.forms import LANGUAGES, is_form, twins
from clients.matching.watched import Watched

Word = tuple[str, int, int]
LIGATURES = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "µ": "u"}


def words(text: str) -> list[Word]:
    """Every word without case or accents, with where it stands. No text that turns its direction."""
    found: list[Word] = []
    word, start, last = "", 0, 0
    for place, sign in enumerate([*text, " "]):
        category = unicodedata.category(sign)
        if category in ("Mn", "Me", "Cf"):
            if word:
                last = place + 1
        elif category[0] in "LNM" and (plain := _plain(sign)):
            start = start if word else place
            word, last = word + plain, place + 1
        elif word:
            found.append((word, start, last))
            word = ""
    return found


def find(entries: list[Watched], text: str, language: str = "") -> set[tuple[str, int, int]]:
    """Every place of every entry."""
    said, found, speech = words(text), set[tuple[str, int, int]](), (language,) if language in LANGUAGES else LANGUAGES
    for entry in entries:
        if entry.language and language and entry.language != language:
            continue
        if any(_places(entry, phrase, said, speech) for phrase in entry.exclusions):
            continue
        near = [place for phrase in entry.near for place in _places(entry, phrase, said, speech)]
        for phrase in entry.phrases:
            for first, after in _places(entry, phrase, said, speech):
                if not entry.near or any(_between((first, after), other) <= entry.within for other in near):
                    found.add((entry.key, said[first][1], said[after - 1][2]))
    return found


def _plain(sign: str) -> str:
    apart = LIGATURES.get(sign.lower()) or unicodedata.normalize("NFKD", sign.lower())
    plain = "".join(LIGATURES.get(part, part) for part in apart if not unicodedata.combining(part))
    return plain if plain.isalnum() else ""


def _places(entry: Watched, phrase: str, said: list[Word], speech: tuple[str, ...]) -> list[tuple[int, int]]:
    wanted = [word for word, _, _ in words(phrase)]
    starts = range(len(said) - len(wanted) + 1)
    return [
        (start, start + len(wanted))
        for start in starts
        if all(_same(entry, said[start + n][0], word, speech) for n, word in enumerate(wanted))
    ]


def _same(entry: Watched, word: str, watched: str, speech: tuple[str, ...]) -> bool:
    languages = () if entry.exact else (entry.language,) if entry.language else speech
    return word == watched or any(is_form(word, twin, one) for one in languages for twin in twins(watched))


def _between(one: tuple[int, int], other: tuple[int, int]) -> int:
    first, second = sorted((one, other))
    return max(second[0] - first[1], 0)
