"""Which language a text is written in, by its small words. Pure.

Forms of words are known in French and English; the neighbours stand here so that Spanish is not taken for French. Where the
small words do not decide, nobody knows: an entry of the watch list is then looked for in both. A library of models would add a
hundred megabytes to an installation to answer the same question (docs/decisions/0013).
"""

UNKNOWN = ""
_SMALL = {
    "fr": "le la les des du de un une et est que qui dans pour pas sur au aux ce cette ces il elle on nous vous je ne ont "
    "sont avec plus par mais ou où se son sa ses leur très tout être fait à été c'est j'ai d'un qu'il l'on mon ma mes "
    "votre vos notre merci bonjour sans quand comme y même aussi depuis encore après avez avoir faire ça trop bien "
    "rien jamais toujours pourquoi",
    "en": "the of and to in is it you that was for on are with as they at be this have from or had by but not what all were "
    "we when your can said there an each which she do how their if will up about out many then them these so some her "
    "would make him into has two more go no way could my than been who its now did get just i'm it's don't please "
    "thanks why still very our me",
    "es": "el los las una y es que en por para con no se su al lo como más pero sus le ya o este sí porque esta entre "
    "cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese "
    "eso",
    "de": "der die das und ist nicht ein eine zu den mit von sich auf für im dem auch es an als wie er sie so dass wird bei "
    "oder nur noch nach am aus wir ich aber hat kann sind war werden haben mehr sehr wenn schon",
    "it": "il lo gli di che è e un una per non con sono del della si da come anche ma più al questo nel alla ci se mi ha ho "
    "molto le i dei delle degli era perché ancora sempre",
    "nl": "de het een en van ik te dat die in is niet hij met op zijn voor er maar om aan ook als dan was bij nog wel naar "
    "heeft hebben wij dit wat worden",
    "pt": "o os as e é um uma de do da que em não para com se na no por mais dos das como mas foi ao ele tem à seu sua ou "
    "ser quando muito há nos já está eu também só pelo pela até isso ela entre",
}  # fmt: skip
_AT_MOST, _LONGEST = 40, 400
_LEAST, _AHEAD = 2.0, 1.25
_SHORT = 40
_ELIDED = frozenset(("l", "d", "j", "c", "qu", "n", "s", "m", "t"))
_EDGES = '.,;:!?…()[]«»"“”-–— '


def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    """What each word says, shared out among the languages that have it."""
    spoken: dict[str, list[str]] = {}
    for language, words in _SMALL.items():
        for word in words.split():
            spoken.setdefault(word, []).append(language)
    return {word: tuple((one, 1 / len(where)) for one in where) for word, where in spoken.items()}


_WEIGHTS = _weights()
_MOST_REMEMBERED = 100_000


class _Said(dict[str, tuple[tuple[str, float], ...]]):
    """What a piece of a text, with its edges, says for which languages; worked out once for each."""

    def __missing__(self, piece: str) -> tuple[tuple[str, float], ...]:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        word = piece.strip(_EDGES)
        elided = (("fr", 0.7),) if "'" in word and word.partition("'")[0] in _ELIDED else ()
        said = self[piece] = (*elided, *_WEIGHTS.get(word, ()))
        return said


_said = _Said()


def language_of(text: str) -> str:
    """'fr', 'en' or a neighbour; '' where the small words do not say."""
    votes: dict[str, float] = {}
    for piece in text[:_LONGEST].lower().replace("’", "'").split()[:_AT_MOST]:
        for language, weight in _said[piece]:
            votes[language] = votes.get(language, 0) + weight
    if not votes:
        return UNKNOWN
    (most, first), (_, second) = sorted([*votes.items(), (UNKNOWN, 0.0)], key=lambda vote: -vote[1])[:2]
    needed = _LEAST if len(text) > _SHORT else _LEAST / 2
    return most if first >= needed and first >= second * _AHEAD else UNKNOWN
