"""Phrases of one word or several, found in a folded text: an automaton looks for how words begin, a memory knows how they go on.

Of each phrase the longest word is its anchor. The automaton finds the words that begin as a form of an anchor would; whether
they are one is asked once and remembered; around an anchor the other words are compared one by one.
"""

from collections.abc import Iterable
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, Implementation

from clients.matching.forms import LANGUAGES, is_form, lead, twins

Spans = dict[int, list[tuple[int, int]]]
"""Start and end in the folded text, by the number of the phrase."""
_MOST_REMEMBERED = 200_000


class Phrase:
    """The words of one phrase, and the languages whose forms they may take; none: no other forms."""

    __slots__ = ("after", "anchor", "before", "languages", "several")

    def __init__(self, words: tuple[str, ...], languages: tuple[str, ...]) -> None:
        place = max(range(len(words)), key=lambda n: len(words[n]))
        self.before, self.anchor, self.after = words[:place][::-1], words[place], words[place + 1 :]
        self.languages, self.several = languages, len(words) > 1

    def leads(self) -> set[str]:
        """How the words begin that may be a form of its anchor, each after a space."""
        forms = {lead(word, language) for language in self.languages for word in twins(self.anchor)}
        return {f" {begins}" for begins in forms | {self.anchor}}

    def is_at(self, word: str, watched: str, speech: str) -> bool:
        """Whether a word of a text in that language ('' is any) is a form of a word of the phrase."""
        return word == watched or _is_any(word, watched, (speech,) if speech in self.languages else self.languages)

    def around(self, folded: str, start: int, end: int, speech: str) -> tuple[int, int] | None:
        """The whole phrase about its anchor, which stands there; None where other words do."""
        for watched in self.before:
            stop = len(folded[:start].rstrip(" "))
            start = folded.rfind(" ", 0, stop) + 1
            if not self.is_at(folded[start:stop], watched, speech):
                return None
        for watched in self.after:
            begin = len(folded) - len(folded[end:].lstrip(" "))
            end = folded.find(" ", begin)
            if not self.is_at(folded[begin:end], watched, speech):
                return None
        return start, end


@lru_cache(maxsize=65_536)
def _is_any(word: str, watched: str, languages: tuple[str, ...]) -> bool:
    return any(is_form(word, twin, language) for language in languages for twin in twins(watched))


class Phrases:
    """Many phrases, looked for at once."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = list(phrases)
        self._known: dict[str, dict[str, tuple[int, ...]]] = {speech: {} for speech in ("", *LANGUAGES)}
        by_lead: dict[str, set[int]] = {}
        for number, phrase in enumerate(self._phrases):
            for begins in phrase.leads():
                by_lead.setdefault(begins, set()).add(number)
        leads, self._begun = _without_longer(by_lead)
        self._automaton = AhoCorasick(leads, implementation=Implementation.DFA) if leads else None

    def spans(self, folded: str, language: str) -> Spans:
        """Where which stand. `folded` begins and ends with a space; in a known language words have the forms of that one."""
        found: Spans = {}
        if self._automaton is None:
            return found
        speech = language if language in LANGUAGES else ""
        known, find = self._known[speech].get, folded.find
        for lead_, start, end in self._automaton.find_matches_as_indexes(folded):
            stop = find(" ", end)
            word = folded[start + 1 : stop]
            numbers = known(word)
            for number in self._learn(word, speech, lead_) if numbers is None else numbers:
                phrase = self._phrases[number]
                span = phrase.around(folded, start + 1, stop, speech) if phrase.several else (start + 1, stop)
                if span:
                    found.setdefault(number, []).append(span)
        return found

    def _learn(self, word: str, speech: str, begun: int) -> tuple[int, ...]:
        known = self._known[speech]
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        candidates = ((number, self._phrases[number]) for number in self._begun[begun])
        learnt = known[word] = tuple(number for number, one in candidates if one.is_at(word, one.anchor, speech))
        return learnt


def _without_longer(by_lead: dict[str, set[int]]) -> tuple[list[str], list[list[int]]]:
    """Those that begin with no other, and whose they and the longer ones are: they never overlap, and find the same words."""
    leads: list[str] = []
    begun: list[set[int]] = []
    for one in sorted(by_lead):
        if not leads or not one.startswith(leads[-1]):
            leads.append(one)
            begun.append(set())
        begun[-1] |= by_lead[one]
    return leads, [sorted(numbers) for numbers in begun]
