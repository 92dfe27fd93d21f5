"""Every form of a French verb in -er, folded: stemmers leave `licencions` and `licencient` apart from `licencier`. Pure.

A word in -er that is no verb gets the forms of a noun or an adjective with them (`ouvrier ouvrières`): the others do not exist.
"""

from functools import cache

_SILENT, _SOUNDED, _BROAD = (
    endings.split()
    for endings in (
        "e es ent era eras erai erons erez eront erais erait erions eriez eraient",
        "er ez iez ee ees ions erent",
        "a as ai ons ais ait aient ant ames ates at asse asses assent assions assiez",
    )
)
"""By what an ending does to the verb: after `g` the last need an `e`; before the first, `l`, `t` are doubled and `y` is `i`."""
_NOUN = ("s", "e", "es")
_NOUNS_IN_IONS = ("s", "t", "x")  # `pensions`, `portions`, `connexions` are nouns nearly always
_LEFT_OUT = frozenset({"aller", "user"})  # irregular; and `usa` is a country
_SHORTEST = 4
_VOWELS = frozenset("aeiouy")


def is_first_group(word: str) -> bool:
    """Whether a folded word may be the infinitive of such a verb."""
    if not word.endswith("er") or len(word) < _SHORTEST or word in _LEFT_OUT:
        return False
    return not _VOWELS.isdisjoint(word[:-2])  # `cher` is no verb whose `chez` would be


def begins(infinitive: str) -> str:
    """How every form begins."""
    return infinitive[:-3] if infinitive.endswith("yer") else infinitive[:-2]


@cache
def forms(infinitive: str) -> frozenset[str]:
    """All of them, the infinitive's own noun or adjective with them."""
    root = infinitive[:-2]
    broad = root + "e" if root.endswith("g") else root
    sounded = [end for end in _SOUNDED if end != "ions" or not root.endswith(_NOUNS_IN_IONS)]
    found = {broad + end for end in _BROAD} | {root + end for end in sounded}
    found |= {begun + end for begun in _before_silence(root) for end in _SILENT}
    return frozenset(found | {infinitive + end for end in _NOUN})


def _before_silence(root: str) -> tuple[str, ...]:
    if root.endswith("y"):
        return root, root[:-1] + "i"
    return (root, root + root[-1]) if root.endswith(("el", "et")) else (root,)
