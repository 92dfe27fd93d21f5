"""What kind of thing somebody says, by rules that one can read: each answer names its rule and the words it saw. Pure.

In this order, and the first that holds says it: spam, a signal of a crisis, insults, press by its medium, a complaint (praise
beside it is irony more often than not), an idea, a question, praise. `why` is a list of 'rule' or 'rule: words'; the words are
the author's own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from clients.matching.matcher import Matcher, compile_watch
from clients.mentions import lexicon
from clients.mentions.rules import MentionKind

PRESS = frozenset({"feed"})
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_SHOWN = 3
_MANY_LINKS, _MANY_TAGS = 3, 8


@dataclass(frozen=True, slots=True)
class Sorted:
    """A proposal. `negative`: it speaks against the brand, whatever kind it is; `signals`: names of `lexicon.SIGNALS`;
    `groups`: all groups of the lexicon that have a word in the text."""

    kind: MentionKind
    why: tuple[str, ...]
    negative: bool = False
    signals: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


Words = Mapping[str, tuple[str, ...]]


def sort(title: str, text: str, language: str, medium: str) -> Sorted:
    """The kind and the reasons."""
    whole = f"{title}\n{text}" if title else text
    words = _words(whole, language)
    signals = tuple(name for name in lexicon.SIGNALS if name in words)
    kind, why = _decided(whole, words, signals, medium)
    negative = kind in {MentionKind.COMPLAINT, MentionKind.PROVOCATION, MentionKind.CRISIS_SIGNAL} or (
        kind is not MentionKind.SPAM and len(words.get(lexicon.COMPLAINT, ())) > len(words.get(lexicon.PRAISE, ()))
    )
    return Sorted(kind, why, negative, signals if kind is not MentionKind.SPAM else (), tuple(words))


def _decided(text: str, words: Words, signals: tuple[str, ...], medium: str) -> tuple[MentionKind, tuple[str, ...]]:
    rules = (
        (MentionKind.SPAM, _spam(text, words)),
        (MentionKind.CRISIS_SIGNAL, _because(words, *signals)),
        (MentionKind.PROVOCATION, _because(words, lexicon.PROVOCATION)),
        (MentionKind.PRESS, ("medium",) if medium in PRESS else ()),
        (MentionKind.COMPLAINT, _because(words, lexicon.COMPLAINT)),
        (MentionKind.IDEA, _because(words, lexicon.IDEA)),
        (MentionKind.QUESTION, ("question_mark", *_because(words, lexicon.QUESTION)) if "?" in text else ()),
        (MentionKind.PRAISE, _because(words, lexicon.PRAISE)),
        (MentionKind.OTHER, ("nothing_says",)),
    )
    return next((kind, why) for kind, why in rules if why)


def _spam(text: str, words: Words) -> tuple[str, ...]:
    """Two words of the list, or one and a link, or links or tags in numbers."""
    said, links = words.get(lexicon.SPAM, ()), _links(text)
    why: list[str] = []
    if len(said) >= 2 or (said and links):
        why += _because(words, lexicon.SPAM)
    if links > _MANY_LINKS:
        why.append("links")
    if text.count("#") > _MANY_TAGS:
        why.append("tags")
    return tuple(why)


def _links(text: str) -> int:
    return len(_LINK.findall(text)) if "//" in text or "www." in text.lower() else 0


def _because(words: Words, *groups: str) -> tuple[str, ...]:
    return tuple(f"{group}: {', '.join(words[group][:_SHOWN])}" for group in groups if group in words)


def _words(text: str, language: str) -> dict[str, tuple[str, ...]]:
    """By group, the different words of the text that stand in it."""
    found: dict[str, dict[str, None]] = {}
    for hit in _matcher().hits(text, language):
        found.setdefault(hit.key.partition(" ")[0], {})[text[hit.start : hit.end].lower()] = None
    return {group: tuple(said) for group, said in found.items()}


@cache
def _matcher() -> Matcher:
    return compile_watch(lexicon.entries())
