"""Made-up mentions for the benchmarks of watching: French and English sentences, drawn by Zipf's law, of about 490 signs.

The vocabulary is built from syllables with the endings that French and English words have, so that watched words meet many
others that begin like them; one mention in four has a watched phrase in it, one in twelve in another form.
"""

import random

BEGINS, MIDDLES, ENDS, SMALL = (
    line.split()
    for line in (
        "pol gre scan man dis con tra res cha vel mar lin por cul sol tem ver bro fra cla pre sub inter per nou bel ter mon",
        "l lu ti da ré mi so né ga ri vo pa té lé bu ci to fa ma si do",
        "tion tions er é ée s es e ment ments eur euse aux al ing ed ly ness ies y age ages ique iste",
        "le la les de des du un une et à est que qui dans sur pour pas plus au ce the of and to in is it for on with",
    )
)
FILLER = ", ", ". ", " ; ", " — ", "’", " !\n"


class Corpus:
    """A vocabulary, what is watched (rare words, as names and topics are, that begin as others do), and mentions."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        roots = sorted({b + m + n for b in BEGINS for m in MIDDLES for n in MIDDLES})
        chance.shuffle(roots)
        self._rare = roots[4_000:]
        self._words = [root + end for root in roots[:4_000] for end in chance.sample(ENDS, 3)]
        self._weights = [(rank + 20) ** -1.1 for rank in range(len(self._words))]
        self._watched: dict[str, None] = {}

    def phrases(self, count: int) -> list[str]:
        """So many different phrases of one to three words, always the same first ones."""
        while len(self._watched) < count:
            length = self._chance.choice((1, 1, 1, 2, 3))
            words = [self._chance.choice(self._rare) + self._chance.choice(ENDS) for _ in range(length)]
            self._watched[" ".join(words).capitalize()] = None
        return list(self._watched)[:count]

    def mentions(self, count: int) -> list[str]:
        """So many texts."""
        return [self._mention(n) for n in range(count)]

    def _mention(self, number: int) -> str:
        chance = self._chance
        words = chance.choices(self._words, self._weights, k=38)
        small = chance.choices(SMALL, k=38)
        pieces = [
            f"{a} {b}{chance.choice(FILLER) if chance.random() < 0.15 else ' '}"
            for a, b in zip(small, words, strict=True)
        ]
        if number % 4 == 0:
            phrase = chance.choice(self.phrases(2_000))
            pieces.insert(chance.randrange(len(pieces)), phrase + ("s " if number % 12 == 0 else " "))
        if number % 10 == 0:
            pieces.insert(3, "🙂 ")
        return "".join(pieces)[:494]
