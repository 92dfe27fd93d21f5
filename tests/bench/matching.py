"""Asking a text for 2,000 watched phrases, beside what people write: a loop with `in`, a union of expressions, an RE2 set.

The same mentions and the same phrases for all, in one interleaved run; figures are mentions a second of processor time, medians
with their quartiles. Ours knows word boundaries, accents, other forms of a word, phrases with anything between their words, and
exclusions (every fifth entry has two); the others know word boundaries and case alone, and are given text without accents. What
the others find ours must find. Then ours from 10 to 10,000 entries: `exponent` 0 is flat.
"""

import math
import random
import re
import statistics
import time
from collections.abc import Callable
from typing import Any

import re2

from clients.matching.folding import fold
from clients.matching.matcher import Matcher, compile_watch
from clients.matching.watched import Watched
from tests.bench._mentions import Corpus

NEEDS_DATABASE = False
ROUNDS = {"small": 7, "full": 31}
SIZES = (10, 100, 1_000, 10_000)
ENTRIES = 2_000
GOAL = 100_000
# How many mentions a round asks: the slow ways get fewer, so that a round stays short.
OURS, UNION, LOOP = 4_000, 40, 200


def run(scale: str) -> dict[str, Any]:
    """The figures and the goals they stand for."""
    corpus = Corpus(random.Random(5))
    texts = corpus.mentions(OURS)
    phrases = corpus.phrases(ENTRIES)
    agreed = _agree(phrases, texts)
    found = _interleaved(_contenders(phrases, texts) | _sizes(corpus, texts), ROUNDS[scale])
    middle = {name: figure["median"] for name, figure in found.items()}
    growth = math.log(middle["ours_10"] / middle["ours_10000"]) / math.log(SIZES[-1] / SIZES[0])
    return {
        "unit": "mentions a second of processor time",
        "entries": ENTRIES,
        "signs_a_mention": round(statistics.mean(map(len, texts))),
        "compiled_in_ms": _compiling(phrases),
        "mentions_with_a_hit": agreed,
        "figures": found,
        "ratios": {
            "ours_to_loop": round(middle["ours"] / middle["loop"], 1),
            "ours_to_union": round(middle["ours"] / middle["union"], 1),
            "re2_to_ours": round(middle["re2"] / middle["ours"], 2),
        },
        "exponent_10_to_10000_entries": round(growth, 3),
        "goals": {
            "100000_mentions_a_second": middle["ours"] >= GOAL,
            "50_times_the_loop": middle["ours"] >= 50 * middle["loop"],
            "within_2.5_of_an_re2_set": middle["re2"] <= 2.5 * middle["ours"],
        },
    }


def _contenders(phrases: list[str], texts: list[str]) -> dict[str, Callable[[], float]]:
    matcher = compile_watch(_entries(phrases))
    plain = [fold(text)[0] for text in texts]  # the others are given text without accents, for nothing
    union, each, automaton = _union(phrases), _each(phrases), _re2_set(phrases)
    return {
        "ours": lambda: _rate(matcher.keys, texts),
        "ours_with_places": lambda: _rate(matcher.hits, texts),
        "re2": lambda: _rate(automaton.Match, plain),
        "union": lambda: _rate(union.findall, plain[:UNION]),
        "loop": lambda: _rate(lambda text: [p for p, word in each if p in text and word.search(text)], plain[:LOOP]),
    }


def _sizes(corpus: Corpus, texts: list[str]) -> dict[str, Callable[[], float]]:
    def of(size: int) -> Callable[[], float]:
        matcher = compile_watch(_entries(corpus.phrases(size)))
        return lambda: _rate(matcher.keys, texts)

    return {f"ours_{size}": of(size) for size in SIZES}


def _entries(phrases: list[str]) -> list[Watched]:
    return [
        Watched(str(n), (phrase,), exclusions=("jeu concours", "horoscope du jour") if n % 5 == 0 else ())
        for n, phrase in enumerate(phrases)
    ]


def _union(phrases: list[str]) -> "re.Pattern[str]":
    words = sorted(map(re.escape, map(_plain, phrases)), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


def _each(phrases: list[str]) -> list[tuple[str, "re.Pattern[str]"]]:
    return [(p, re.compile(rf"\b{re.escape(p)}\b")) for p in map(_plain, phrases)]


def _re2_set(phrases: list[str]) -> "re2.Set":
    options = re2.Options()
    options.case_sensitive, options.max_mem = False, 1 << 28
    automaton = re2.Set.SearchSet(options)
    for phrase in phrases:
        automaton.Add(rf"\b{re2.escape(_plain(phrase))}\b")
    automaton.Compile()
    return automaton


def _plain(phrase: str) -> str:
    return " ".join(fold(phrase)[0].split())


def _agree(phrases: list[str], texts: list[str]) -> float:
    """What the loop finds as it was written, ours finds too; returns the share of mentions with a hit of ours."""
    ours: Matcher = compile_watch([Watched(str(n), (phrase,)) for n, phrase in enumerate(phrases)])
    each = _each(phrases)
    for text in texts[:LOOP]:
        plain = fold(text)[0]
        theirs = {str(n) for n, (p, word) in enumerate(each) if p in plain and word.search(plain)}
        assert theirs <= set(ours.keys(text)), text
    share = sum(bool(ours.keys(text)) for text in texts) / len(texts)
    assert 0.1 < share < 0.9, "the mentions must tell the ways apart"
    return round(share, 3)


def _compiling(phrases: list[str]) -> float:
    began = time.process_time()
    compile_watch(_entries(phrases))
    return round((time.process_time() - began) * 1000, 1)


def _rate(ask: Callable[[str], object], texts: list[str]) -> float:
    began = time.process_time()
    for text in texts:
        ask(text)
    return len(texts) / (time.process_time() - began)


def _interleaved(contenders: dict[str, Callable[[], float]], rounds: int) -> dict[str, dict[str, Any]]:
    """Everybody once a round, in another order each time. The first round warms up and is thrown away."""
    seen: dict[str, list[float]] = {name: [] for name in contenders}
    order = list(contenders)
    for _ in range(rounds + 1):
        random.shuffle(order)
        for name in order:
            seen[name].append(contenders[name]())
    return {name: _figure(found[1:]) for name, found in seen.items()}


def _figure(found: list[float]) -> dict[str, Any]:
    low, median, high = statistics.quantiles(found, n=4)
    return {"median": round(median), "quartiles": [round(low), round(high)]}
