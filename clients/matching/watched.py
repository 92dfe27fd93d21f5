"""What a brand watches for, as plain data, and what is refused before anything is looked for."""

from collections.abc import Iterable
from dataclasses import dataclass

from clients.matching.folding import fold
from clients.matching.forms import LANGUAGES
from tenants.errors import Invalid

LONGEST_PHRASE = 200
LONGEST_PATTERN = 500
MOST_PHRASES = 200
MOST_PATTERNS = 200
WIDEST = 100


@dataclass(frozen=True, slots=True)
class Watched:
    """One entry, found where one of its phrases stands in a text in any form, or its pattern.

    Not found in a text with one of the `exclusions`, wherever it stands. With `near`, a phrase counts where one of those
    stands with at most `within` words between. With a `language` it is looked for only in texts of that language or of
    an unknown one, and its words have that language's forms; without, they have the forms of the text's language, of
    both where nobody knows it. `exact` knows no other forms. Case, accents and punctuation never count. A `pattern`
    (RE2) stands alone but for exclusions; it reads the text in lower case and without accents.
    """

    key: str
    phrases: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    within: int = 10
    language: str = ""
    exact: bool = False
    pattern: str = ""


def words_of(phrase: str) -> tuple[str, ...]:
    """The folded words of a phrase."""
    return tuple(fold(phrase)[0].split())


def check(entries: Iterable[Watched]) -> None:
    """Raises Invalid, `field` naming the key of the entry at fault and `fact` what is wrong in it.

    Codes: 'watched_twice' | 'watched_language' | 'watched_empty' | 'watched_phrase' | 'watched_too_many' |
    'watched_within' | 'watched_pattern_alone' | 'watched_pattern_long' | 'watched_patterns'; a pattern that cannot be
    read is refused where it is compiled.
    """
    seen, patterns = set[str](), 0
    for entry in entries:
        patterns += bool(entry.pattern)
        if patterns > MOST_PATTERNS:
            raise Invalid("watched_patterns", field=entry.key, most=MOST_PATTERNS)
        if entry.key in seen:
            raise Invalid("watched_twice", field=entry.key)
        seen.add(entry.key)
        _check(entry)


def _check(entry: Watched) -> None:
    if entry.language and entry.language not in LANGUAGES:
        raise Invalid("watched_language", field=entry.key, fact=entry.language)
    if not entry.phrases and not entry.pattern:
        raise Invalid("watched_empty", field=entry.key)
    if entry.pattern and (entry.phrases or entry.near):
        raise Invalid("watched_pattern_alone", field=entry.key)
    if len(entry.pattern) > LONGEST_PATTERN:
        raise Invalid("watched_pattern_long", field=entry.key, most=LONGEST_PATTERN)
    if not 0 <= entry.within <= WIDEST:
        raise Invalid("watched_within", field=entry.key, most=WIDEST)
    if len(entry.phrases) + len(entry.exclusions) + len(entry.near) > MOST_PHRASES:
        raise Invalid("watched_too_many", field=entry.key, most=MOST_PHRASES)
    for phrase in (*entry.phrases, *entry.exclusions, *entry.near):
        if len(phrase) > LONGEST_PHRASE or not words_of(phrase):
            raise Invalid("watched_phrase", field=entry.key, fact=phrase[:LONGEST_PHRASE])
