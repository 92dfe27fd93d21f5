"""Which entries of a watch list stand in a text, and where: thousands of them at once, in French and English."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from clients.matching.folding import fold, span_of
from clients.matching.forms import LANGUAGES
from clients.matching.patterns import Patterns
from clients.matching.phrases import Phrase, Phrases, Spans
from clients.matching.watched import Watched, check, words_of

Span = tuple[int, int]
WANTED, BARRED, NEAR = range(3)


class Hit(NamedTuple):
    """An entry found: from where to where in the text as it was given, so that a page can mark the words."""

    key: str
    start: int
    end: int


class Matcher:
    """A watch list, ready to be asked. Made once by `compile_watch`, asked from any thread."""

    def __init__(self, entries: Sequence[Watched]) -> None:
        self._entries = entries
        self._owners: list[list[tuple[int, int]]] = []
        self._phrases = Phrases(self._collect(entries))
        patterns = [(number, entry) for number, entry in enumerate(entries) if entry.pattern]
        self._patterns = Patterns(patterns) if patterns else None

    def hits(self, text: str, language: str = "") -> tuple[Hit, ...]:
        """Every place of every entry, in the order of the text. `language` is the text's, '' where nobody knows."""
        folded, straight = fold(text)
        spaced = f" {folded} "
        found = self._found(text, spaced, language, self._phrases.spans(spaced, language))
        if not found:
            return ()
        places = [] if straight else fold.slowly(text)[1]
        hits = []
        for number, spans, of_text in found:
            for start, end in spans:
                at = (start, end) if of_text else (start - 1, end - 1)  # the space put in front
                hits.append(
                    Hit(self._entries[number].key, *(at if straight or of_text else span_of(text, places, *at)))
                )
        return tuple(sorted(set(hits), key=lambda hit: (hit.start, hit.end, hit.key)))

    def keys(self, text: str, language: str = "") -> tuple[str, ...]:
        """Only which entries, in the order of the list: quicker where nobody needs the places."""
        folded = f" {fold.plain(text)} "
        spans = self._phrases.spans(folded, language)
        if not spans and self._patterns is None:
            return ()
        found = self._found(text, folded, language, spans)
        return tuple(self._entries[number].key for number in sorted({number for number, _, _ in found}))

    def _found(self, text: str, folded: str, language: str, spans: Spans) -> list[tuple[int, list[Span], bool]]:
        roles: tuple[dict[int, list[Span]], ...] = ({}, {}, {})
        for phrase, at in spans.items():
            for number, role in self._owners[phrase]:
                roles[role].setdefault(number, []).extend(at)
        wanted, barred, near = roles
        found = []
        for number, at in wanted.items():
            entry = self._entries[number]
            kept = _near(folded, at, near.get(number, []), entry.within) if entry.near else at
            if kept and number not in barred and _speaks(entry, language):
                found.append((number, kept, False))
        if self._patterns:
            found += self._by_pattern(self._patterns, text, language, barred)
        return found

    def _by_pattern(
        self, patterns: Patterns, text: str, language: str, barred: Iterable[int]
    ) -> list[tuple[int, list[Span], bool]]:
        by_entry: dict[int, list[Span]] = {}
        for number, start, end in patterns.spans(text):
            if number not in barred and _speaks(self._entries[number], language):
                by_entry.setdefault(number, []).append((start, end))
        return [(number, spans, True) for number, spans in by_entry.items()]

    def _collect(self, entries: Iterable[Watched]) -> list[Phrase]:
        """Each different phrase once, whoever asks for it and as what."""
        numbers: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
        for number, entry in enumerate(entries):
            languages = () if entry.exact else (entry.language,) if entry.language else LANGUAGES
            for role, phrases in ((WANTED, entry.phrases), (BARRED, entry.exclusions), (NEAR, entry.near)):
                for words in dict.fromkeys(map(words_of, phrases)):
                    phrase = numbers.setdefault((words, languages), len(numbers))
                    if phrase == len(self._owners):
                        self._owners.append([])
                    self._owners[phrase].append((number, role))
        return [Phrase(*named) for named in numbers]


def compile_watch(entries: Iterable[Watched]) -> Matcher:
    """A matcher for these entries. Raises Invalid with the entry at fault: see `watched.check` and `patterns`."""
    listed = tuple(entries)
    check(listed)
    return Matcher(listed)


def _speaks(entry: Watched, language: str) -> bool:
    return not (entry.language and language) or entry.language == language


def _near(folded: str, spans: list[Span], others: list[Span], within: int) -> list[Span]:
    return [span for span in spans if any(_apart(folded, *sorted((span, other))) <= within for other in others)]


def _apart(folded: str, first: Span, second: Span) -> int:
    """How many words stand between."""
    return len(folded[first[1] : second[0]].split())
