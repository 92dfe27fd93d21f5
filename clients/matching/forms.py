"""When a word is another form of a watched one: plural, feminine, conjugated. On folded words, in French and English.

Accents are gone by now, and the French stemmer lives on them: a last `e` is therefore also asked as `é`. Stemmers also bring
together what only looks alike (France and français, Mali and mal), so the endings must be ones by which words are inflected.
What a stemmer cannot know stands in a short table; French verbs in -er have all their forms (`first_group`).
"""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from snowballstemmer import stemmer

from clients.matching import first_group
from clients.matching.folding import fold

FRENCH, ENGLISH = "fr", "en"
LANGUAGES = (FRENCH, ENGLISH)
_STEMMERS = {FRENCH: stemmer("french"), ENGLISH: stemmer("english")}
_SHORTEST = 4  # shorter words, and those with a digit, have no other forms but their plural: `eau`, `bus`, `4x4`
_LEAST_LEAD = 3
# By what follows what two words share: plurals and feminines for short words, the rest where they share enough.
_PLURALS = {FRENCH: {"", "s", "x", "e", "es"}, ENGLISH: {"", "s", "es", "y", "ies"}}
_MORE = {
    FRENCH: "ee ees er l ux r se ses f ve ves c que ques le les ne nes te tes re res",
    ENGLISH: "e ed d ing ied ying",
}
_ENDINGS = {language: _PLURALS[language] | set(more.split()) for language, more in _MORE.items()}
_DOUBLED = re.compile(r"(?:[bdglmnprt])(ed|ing)")
_PLURAL: dict[str, Callable[[str], str]] = {
    FRENCH: lambda word: word + ("x" if word.endswith(("au", "eu")) else "s"),
    ENGLISH: lambda word: word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s"),
}
_INFINITIVES = {FRENCH: ("er", "ir", "re"), ENGLISH: ()}
_ENOUGH = 4
_ACUTE = {"e": "é", "es": "és", "ee": "ée", "ees": "ées"}
_IRREGULAR = (
    "travail travaux", "bail baux", "vitrail vitraux", "corail coraux", "email emaux", "oeil yeux", "ciel cieux",
    "man men", "woman women", "child children", "person people", "foot feet", "tooth teeth", "mouse mice", "wife wives",
    "knife knives", "life lives", "leaf leaves", "thief thieves", "half halves",
)  # fmt: skip
_TWINS = {word: twin for pair in _IRREGULAR for word, twin in (pair.split(), reversed(pair.split()))}


def twins(word: str) -> tuple[str, ...]:
    """The word, and its irregular other form."""
    return (word, _TWINS[word]) if word in _TWINS else (word,)


@lru_cache(maxsize=65_536)
def stems(word: str, language: str) -> frozenset[str]:
    """What remains of a folded word without its ending; several where an accent may be missing."""
    if not _has_forms(word):
        return frozenset((word,))
    shapes = {word}
    if language == FRENCH:
        shapes |= {word[: -len(plain)] + acute for plain, acute in _ACUTE.items() if word.endswith(plain)}
    return frozenset(fold(stem)[0] for stem in _STEMMERS[language].stemWords(list(shapes)))


@cache
def lead(word: str, language: str) -> str:
    """How every form of a watched word begins. INVARIANT: the automaton looks for nothing else."""
    if not _has_forms(word):
        return word
    if language == FRENCH and first_group.is_first_group(word):
        return first_group.begins(word)
    shortest = min(len(_alike(word, stem)) for stem in stems(word, language)) - 1
    if not word.endswith(_INFINITIVES[language]):  # then only an ending of the table can go
        undoubled = _DOUBLED.sub(r"\1", word[-4:])
        ends = [end for end in _ENDINGS[language] if word.endswith(end)]
        longest = max(map(len, ends)) + (undoubled != word[-4:])
        shortest = max(shortest, len(word) - longest)
    return word[: max(_LEAST_LEAD, shortest)]


def is_form(word: str, watched: str, language: str) -> bool:
    """Whether a folded word is a form of a watched one."""
    if word == watched or _PLURAL[language](watched) == word:
        return True
    if not word.startswith(lead(watched, language)):
        return False
    if language == FRENCH and _has_forms(watched) and first_group.is_first_group(watched):
        return word in first_group.forms(watched)
    if not watched.endswith(_INFINITIVES[language]) and not _inflected(word, watched, language):
        return False  # asked first: stemming takes a hundred times as long
    return not stems(word, language).isdisjoint(stems(watched, language))


def _inflected(word: str, watched: str, language: str) -> bool:
    shared = len(_alike(word, watched))
    ends = {_DOUBLED.sub(r"\1", word[shared:]), _DOUBLED.sub(r"\1", watched[shared:])}
    return ends <= (_ENDINGS if shared >= _ENOUGH else _PLURALS)[language]


def _has_forms(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isascii() and word.isalpha()


def _alike(one: str, other: str) -> str:
    length = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[:length]
