"""What a brand's own corrections teach, on this machine: what the rules' word has been worth, moved by a text's stems. Pure.

The rules' own kind is where it begins: how often people left it and what they said instead. Each stem seen at least twice then
speaks for or against, damped, because words are not independent of one another. Only hashes of stems are kept, so a model
holds no words; which words of a text spoke for a proposal is read from the text itself. It never says spam nor a signal of a
crisis: the rules do. A logistic regression by scikit-learn (300 MB installed) did as well on the texts of the proof `matching`.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any
from zlib import crc32

from clients.matching.folding import fold
from clients.matching.forms import ENGLISH, FRENCH, stems
from clients.mentions.rules import MentionKind
from clients.mentions.sorting import Sorted

_DAMPED, _TRUST, _SMOOTHING, _SEEN = 0.25, 1.0, 0.2, 2
SURE = 0.5
_SHOWN = 3
_MOST_FEATURES = 20_000
_NEVER = frozenset({MentionKind.SPAM, MentionKind.CRISIS_SIGNAL})
NEGATIVE = frozenset({MentionKind.COMPLAINT, MentionKind.PROVOCATION, MentionKind.CRISIS_SIGNAL})


@dataclass(frozen=True, slots=True)
class Example:
    """A text, and what kind it is by the word of a person; `by_rules` is what the rules say of it."""

    text: str
    language: str
    kind: MentionKind
    by_rules: MentionKind


def features(text: str, language: str) -> dict[str, str]:
    """Hash of each stem and pair of stems, with the words it stands for."""
    words = fold(text)[0].split()[:200]
    roots = [min(stems(word, language if language in (FRENCH, ENGLISH) else FRENCH)) for word in words]
    found = {
        _hash(f"{one} {two}"): f"{a} {b}" for one, two, a, b in zip(roots, roots[1:], words, words[1:], strict=False)
    }
    found |= {_hash(root): word for root, word in zip(roots, words, strict=True)}
    if "?" in text:
        found[_hash("?")] = "?"
    if "!" in text:
        found[_hash("!")] = "!"
    return found


class Learnt:
    """A model. `rules`: for what the rules say, the log of each kind's share; `stems`: what each speaks for each kind."""

    def __init__(self, weights: Mapping[str, Any], corrections: int) -> None:
        self._rules: Mapping[str, Mapping[str, float]] = weights["rules"]
        self._stems: Mapping[str, Mapping[str, float]] = weights["stems"]
        self._corrections = corrections

    def kind(self, text: str, language: str, by_rules: MentionKind) -> tuple[MentionKind, float]:
        """The likeliest kind, and how likely. What the rules say, where no correction ever had that kind."""
        sums = dict(self._rules.get(str(by_rules), {str(by_rules): 0.0}))
        for feature in features(text, language):
            for kind, speaks in self._stems.get(feature, {}).items():
                if kind in sums:
                    sums[kind] += speaks
        best = max(sums, key=lambda kind: sums[kind])
        return MentionKind(best), 1 / sum(exp(value - sums[best]) for value in sums.values())

    def sure(self, text: str, language: str, by_rules: MentionKind) -> MentionKind:
        """The kind where it is sure and may say so; otherwise what the rules say."""
        kind, share = self.kind(text, language, by_rules)
        return by_rules if by_rules in _NEVER or kind in _NEVER or share < SURE else kind

    def propose(self, text: str, language: str, by_rules: Sorted) -> Sorted | None:
        """Another kind than the rules say, with its reason; None where it has nothing to add."""
        kind = self.sure(text, language, by_rules.kind)
        if kind is by_rules.kind:
            return None
        why = (f"learnt: {self._corrections}", *self._words(text, language, kind))
        return Sorted(kind, why, kind in NEGATIVE, by_rules.signals)

    def _words(self, text: str, language: str, kind: MentionKind) -> tuple[str, ...]:
        """The words of the text that spoke for it most."""
        said = features(text, language)
        spoke = {said[one]: self._stems[one].get(str(kind), 0.0) for one in said if one in self._stems}
        best = [words for words, speaks in sorted(spoke.items(), key=lambda one: -one[1]) if speaks > 0][:_SHOWN]
        return (f"words: {', '.join(best)}",) if best else ()


def learn(examples: Sequence[Example]) -> dict[str, Any]:
    """The weights of a model."""
    kinds = Counter(str(one.kind) for one in examples)
    by_rules: dict[str, Counter[str]] = defaultdict(Counter)
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for one in examples:
        by_rules[str(one.by_rules)][str(one.kind)] += 1
        for feature in features(one.text, one.language):
            seen[feature][str(one.kind)] += 1
    often = sorted((f for f, counts in seen.items() if counts.total() >= _SEEN), key=lambda f: -seen[f].total())
    return {
        "rules": {rule: _shares(rule, counts, kinds) for rule, counts in by_rules.items()},
        "stems": {feature: _spoken(seen[feature], kinds) for feature in often[:_MOST_FEATURES]},
    }


def _shares(rule: str, counts: Counter[str], kinds: Counter[str]) -> dict[str, float]:
    """The log of how often it was each kind when the rules said `rule`; one more time it was what they said."""
    whole = counts.total() + _TRUST + _SMOOTHING * len(kinds)
    return {kind: log((counts[kind] + _TRUST * (kind == rule) + _SMOOTHING) / whole) for kind in {*kinds, rule}}


def _spoken(counts: Counter[str], kinds: Counter[str]) -> dict[str, float]:
    """How much more often than usual each kind was meant where this stem stood, damped."""
    usual = {kind: count / kinds.total() for kind, count in kinds.items()}
    return {
        kind: round(_DAMPED * log((counts[kind] + 2 * share) / (counts.total() + 2) / share), 4)
        for kind, share in usual.items()
    }


def scores(shown: Sequence[Example], aside: Sequence[Example]) -> tuple[float, float]:
    """Macro-F1 on what was kept aside: of the rules, and of what is learnt from what was shown."""
    model = Learnt(learn(shown), len(shown))
    return (
        macro_f1([(one.kind, one.by_rules) for one in aside]),
        macro_f1([(one.kind, model.sure(one.text, one.language, one.by_rules)) for one in aside]),
    )


def macro_f1(said: Sequence[tuple[MentionKind, MentionKind]]) -> float:
    """Of (true, proposed): the mean over the kinds that occur of the harmonic mean of precision and recall."""
    kinds = {true for true, _ in said}
    if not kinds:
        return 0.0
    return sum(_f1(said, kind) for kind in kinds) / len(kinds)


def _f1(said: Sequence[tuple[MentionKind, MentionKind]], kind: MentionKind) -> float:
    right = sum(true is kind and proposed is kind for true, proposed in said)
    either = sum((true is kind) + (proposed is kind) for true, proposed in said)
    return 2 * right / either if either else 0.0


def _hash(feature: str) -> str:
    return f"{crc32(feature.encode()):08x}"
