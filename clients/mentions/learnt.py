"""What a brand's own corrections teach, on this machine: a small model that begins at the rules' word and moves from there. Pure.

A multinomial logistic regression, drawn towards saying nothing, over the stems of a text, weak signs of both languages (`cues`),
what the rules say and of which groups they saw words, and a text's shape. Only hashes of features are kept, so a model holds no
words; which words of a text spoke for a proposal is read from the text itself. It never says spam, which would sink, and never
takes back spam or a signal of a crisis. Its settings were chosen by cross-validation inside the corrections of the proof
`matching`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Any, NamedTuple
from zlib import crc32

from clients.matching.folding import fold
from clients.matching.forms import FRENCH, LANGUAGES
from clients.mentions.cues import cues, root_of
from clients.mentions.rules import MentionKind
from clients.mentions.shape import shape
from clients.mentions.sorting import Sorted

SURE = 0.3
FOLDS = 5
MOST_EXAMPLES = 2_000
"""The newest: the time that learning takes stays under a minute."""
_ROUNDS, _PACE, _DRAWN, _SEEN = 15, 0.3, 1.0, 2
_RULES, _GROUP, _CUE, _SHAPE, _STEMS = 1.0, 1.0, 1.5, 0.7, 1.0
_SHOWN, _LONGEST = 3, 200
_KEPT = frozenset({MentionKind.SPAM, MentionKind.CRISIS_SIGNAL})
NEGATIVE = frozenset({MentionKind.COMPLAINT, MentionKind.PROVOCATION, MentionKind.CRISIS_SIGNAL})


class Feature(NamedTuple):
    """How much of it a text has, and the word that gave it; '' for what is no word."""

    value: float
    word: str


Features = dict[str, Feature]


@dataclass(frozen=True, slots=True)
class Asked:
    """A text, as it came, and what the rules say of it."""

    text: str
    language: str
    medium: str
    by_rules: Sorted


@dataclass(frozen=True, slots=True)
class Example:
    """What was asked, and what kind it is by the word of a person."""

    asked: Asked
    kind: MentionKind


def features(asked: Asked) -> Features:
    """By hash. Stems share one weight, however many there are; each of the others has its own."""
    words = fold(asked.text)[0].split()[:_LONGEST]
    language = asked.language if asked.language in LANGUAGES else FRENCH
    by_root = {root_of(word, language): word for word in words}
    share = _STEMS / sqrt(len(by_root) or 1)
    found = {f"stem {root}": Feature(share, word) for root, word in by_root.items()}
    for name, word in cues(words, asked.language).items():
        found[f"cue {name}"] = Feature(_CUE, word)
    for name in asked.by_rules.groups:
        found[f"group {name}"] = Feature(_GROUP, "")
    for name in (*shape(asked.text, len(words)), f"medium {asked.medium}"):
        found[f"shape {name}"] = Feature(_SHAPE, "")
    found[f"rules {asked.by_rules.kind}"] = Feature(_RULES, "")
    found["always"] = Feature(_SHAPE, "")
    return {f"{crc32(name.encode()):08x}": feature for name, feature in found.items()}


class Learnt:
    """A model. `weights`: by feature, what it speaks for each of the `kinds`."""

    def __init__(self, weights: Mapping[str, Any], corrections: int) -> None:
        self._kinds = [MentionKind(kind) for kind in weights.get("kinds", ())]
        self._weights: Mapping[str, Sequence[float]] = weights.get("weights", {})
        self._corrections = corrections

    def sure(self, asked: Asked) -> MentionKind:
        """The kind where it is sure and may say so; otherwise what the rules say."""
        return self._sure(features(asked), asked.by_rules.kind)

    def propose(self, asked: Asked) -> Sorted | None:
        """Another kind than the rules say, with its reason; None where it has nothing to add."""
        found, by_rules = features(asked), asked.by_rules
        kind = self._sure(found, by_rules.kind)
        if kind is by_rules.kind:
            return None
        why = (f"learnt: {self._corrections}", *self._because(found, kind))
        return Sorted(kind, why, kind in NEGATIVE, by_rules.signals, by_rules.groups)

    def _sure(self, found: Features, by_rules: MentionKind) -> MentionKind:
        if by_rules in _KEPT or not self._kinds:
            return by_rules
        sums = _begun(self._kinds, by_rules)
        for name, feature in found.items():
            for place, weight in enumerate(self._weights.get(name, ())):
                sums[place] += feature.value * weight
        shares = _shares(sums)
        best = max(range(len(shares)), key=shares.__getitem__)
        kind = self._kinds[best]
        return by_rules if kind is MentionKind.SPAM or shares[best] < SURE else kind

    def _because(self, found: Features, kind: MentionKind) -> tuple[str, ...]:
        """The words of the text that spoke for it most."""
        place = self._kinds.index(kind)
        spoke: dict[str, float] = {}
        for name, feature in found.items():
            if feature.word and name in self._weights:
                spoke[feature.word] = spoke.get(feature.word, 0.0) + feature.value * self._weights[name][place]
        best = [word for word in sorted(spoke, key=lambda one: -spoke[one]) if spoke[word] > 0][:_SHOWN]
        return (f"words: {', '.join(best)}",) if best else ()


def learn(examples: Sequence[Example]) -> dict[str, Any]:
    """The weights of a model. Steps of AdaGrad through the examples in their order: the same every time."""
    known = [(features(one.asked), one.asked.by_rules.kind, one.kind) for one in examples[-MOST_EXAMPLES:]]
    seen = Counter(name for found, _, _ in known for name in found)
    kinds = sorted({kind for _, _, kind in known})
    weights = {name: [0.0] * len(kinds) for name, often in seen.items() if often >= _SEEN}
    steps = {name: [1e-8] * len(kinds) for name in weights}
    rows = [([(name, f.value) for name, f in found.items() if name in weights], rule, k) for found, rule, k in known]
    for _ in range(_ROUNDS):
        for row, by_rules, kind in rows:
            wrong = _wrong(weights, row, _begun(kinds, by_rules), kinds.index(kind))
            for name, value in row:
                _step(weights[name], steps[name], [value * far for far in wrong], _DRAWN / seen[name])
    return {
        "kinds": [str(kind) for kind in kinds],
        "weights": {name: [round(weight, 3) for weight in its] for name, its in weights.items()},
    }


def _begun(kinds: Sequence[MentionKind], by_rules: MentionKind) -> list[float]:
    """Before anything speaks: the rules' word counts for something."""
    return [float(kind is by_rules) for kind in kinds]


def _shares(sums: Sequence[float]) -> list[float]:
    most = max(sums)
    powers = [exp(one - most) for one in sums]
    whole = sum(powers)
    return [power / whole for power in powers]


def _wrong(
    weights: Mapping[str, Sequence[float]], row: Sequence[tuple[str, float]], sums: list[float], right: int
) -> list[float]:
    """By kind, how far the share that it gives is from the truth."""
    for name, value in row:
        for place, weight in enumerate(weights[name]):
            sums[place] += value * weight
    far = _shares(sums)
    far[right] -= 1
    return far


def _step(weights: list[float], steps: list[float], slopes: Sequence[float], drawn: float) -> None:
    for place, slope in enumerate(slopes):
        pull = slope + drawn * weights[place]
        steps[place] += pull * pull
        weights[place] -= _PACE * pull / sqrt(steps[place])


class Judged(NamedTuple):
    """One text: what it is, what the rules say, what a model says that was not shown it."""

    kind: MentionKind
    rules: MentionKind
    learnt: MentionKind


def judge(shown: Sequence[Example], aside: Sequence[Example]) -> list[Judged]:
    """What is learnt from those shown, asked of those kept aside."""
    model = Learnt(learn(shown), len(shown))
    return [Judged(one.kind, one.asked.by_rules.kind, model.sure(one.asked)) for one in aside]


def judge_in_turn(examples: Sequence[Example]) -> list[Judged]:
    """Each fifth is kept aside once."""
    return [judged for turn in range(FOLDS) for judged in judge(*parted(examples, turn))]


def parted(examples: Sequence[Example], turn: int) -> tuple[list[Example], list[Example]]:
    """(shown, aside): every fifth is aside."""
    return [one for place, one in enumerate(examples) if place % FOLDS != turn], list(examples[turn::FOLDS])


def scores(judged: Sequence[Judged]) -> tuple[float, float]:
    """Macro-F1 of the rules, and of what was learnt."""
    return (
        macro_f1([(one.kind, one.rules) for one in judged]),
        macro_f1([(one.kind, one.learnt) for one in judged]),
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
